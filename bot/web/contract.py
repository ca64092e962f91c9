"""What the pages need from the bot, and nothing more."""

# ruff: noqa: D102
from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Protocol

from bot.answer import Answer, HelplineView, Request


class DocumentView(Protocol):
    """One source as its page shows it; `text` is its `document_text`, to which all character ranges refer."""

    @property
    def id(self) -> str: ...
    @property
    def title(self) -> str: ...
    @property
    def authors(self) -> tuple[str, ...]: ...
    @property
    def year(self) -> int | None: ...
    @property
    def journal(self) -> str | None: ...
    @property
    def doi(self) -> str | None: ...
    @property
    def url(self) -> str | None: ...
    @property
    def kind(self) -> str: ...
    @property
    def design(self) -> str | None: ...
    @property
    def people(self) -> int | None: ...
    @property
    def funding(self) -> str | None: ...
    @property
    def direction(self) -> str | None: ...
    @property
    def status(self) -> str: ...
    @property
    def checked(self) -> str | None: ...
    @property
    def text(self) -> str: ...


class Bot(Protocol):
    """A bot as the pages see it."""

    @property
    def examples(self) -> tuple[tuple[str, tuple[str, ...]], ...]: ...
    @property
    def default_country(self) -> str: ...
    @property
    def degraded(self) -> str | None: ...

    def screen(self, request: Request) -> Answer | None:
        """The safety reply to a message, or None; needs neither index nor model and returns at once."""

    def stream(self, request: Request) -> AsyncIterator[str | Answer]:
        """The whole chain: sentences of a language model as they are checked, and at last the answer; an error is an answer too."""

    def document(self, document_id: str) -> DocumentView | None:
        """A source by its id."""

    def helpline_countries(self) -> list[tuple[str, str]]:
        """Code and name of every country with helplines."""

    def helplines(self, country: str | None) -> tuple[HelplineView, ...]:
        """The lines of a country, the emergency number first."""
