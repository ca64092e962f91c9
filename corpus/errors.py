"""The one error of this package."""

from __future__ import annotations


class CorpusError(Exception):
    """A source cannot be read or is refused. `message` says which file, line and key, and what to do."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
