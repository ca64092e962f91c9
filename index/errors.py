"""The one error of this package."""

from __future__ import annotations


class IndexingError(Exception):
    """The index or its model cannot be built, opened or used. `message` says why and what to do."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
