"""What passes from step to step: a message on its way to an answer."""

from __future__ import annotations

from dataclasses import dataclass, field

from bot.answer import Answer, Claim, Removed, Request
from bot.guard import Verdict
from index import Passage


@dataclass(frozen=True)
class Draft:
    """What a writer wrote: claims whose citations are places in `passages`, counted from 1."""

    claims: tuple[Claim, ...] = ()
    passages: tuple[Passage, ...] = ()
    removed: tuple[Removed, ...] = ()


@dataclass(frozen=True)
class Understood:
    """A question made ready for retrieval: `query` stands alone, whatever the conversation was.

    `search` is the query with the field's words added, `alone` the same of the message without the conversation, where it may
    well mean something by itself; `about_article` asks what the clinic's article says, `about_practice` about one clinic's people, prices or results.
    """

    query: str
    search: str = ""
    alone: str | None = None
    about_article: bool = False
    about_practice: bool = False
    small_talk: str | None = None

    @property
    def searches(self) -> tuple[str, ...]:
        """What to search for: within the conversation, and alone where that may be meant."""
        return (self.search,) if self.alone is None else (self.search, self.alone)


@dataclass(frozen=True)
class Turn:
    """A message, and what each step found. Once `answer` is there, the steps that follow leave it alone."""

    request: Request
    country: str
    verdict: Verdict = field(default_factory=Verdict)
    understood: Understood = field(default_factory=lambda: Understood(""))
    passages: tuple[Passage, ...] = ()
    draft: Draft = field(default_factory=Draft)
    answer: Answer | None = None
    version: str | None = None
    timings: dict[str, float] = field(default_factory=dict)
