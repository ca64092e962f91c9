"""The web app: `python app.py` serves the patient's page, as `evidence-bot serve` does."""

from __future__ import annotations

import sys


def main() -> None:
    """Run the command line's `serve` with the arguments given."""
    from bot.cli import main as command_line

    sys.argv[1:1] = ["serve"]
    sys.exit(command_line())


if __name__ == "__main__":
    main()
