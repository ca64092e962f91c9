"""The one error of the pages."""

from __future__ import annotations


class WebError(Exception):
    """The page cannot be served. `message` is one line for the person who started it and says what to do."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
