"""The one error of this package."""

from __future__ import annotations


class BotError(Exception):
    """Something a person asked for cannot be done. `message` says why and what to do."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
