"""The command line `evidence-bot`: one file a group of commands."""

from __future__ import annotations

import sys


def main() -> int:
    """Run the command line; 0 done, 1 the work failed with one clear line, 2 wrong usage."""
    from bot.cli.commands import app
    from bot.errors import BotError
    from corpus.errors import CorpusError
    from index.errors import IndexingError

    try:
        app(standalone_mode=True)
    except (BotError, CorpusError, IndexingError) as error:
        return _fail(error.message)
    except BrokenPipeError:
        return 1
    except OSError as error:
        return _fail(str(error))
    except SystemExit as stop:
        return int(stop.code or 0) if isinstance(stop.code, int | None) else 1
    except Exception as error:
        if type(error).__name__ == "WebError":
            return _fail(str(error))
        raise
    return 0


def _fail(message: str) -> int:
    sys.stderr.write(f"error: {message}\n")
    return 1
