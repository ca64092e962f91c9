"""What passes from step to step: a message on its way to an answer."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass, field

from bot.answer import Answer, Claim, Removed, Request, Usage
from bot.guard import Verdict
from index import Passage

#: Who wrote an answer whose sentences are the sources' own.
EXTRACTIVE = "extractive"


@dataclass(frozen=True)
class Draft:
    """What a writer wrote: claims whose citations are places in `passages`, counted from 1. `indirect`: some are on another form
    of the drug than was asked about. `fallback`: why it is the extractive answer, though a model was asked."""

    claims: tuple[Claim, ...] = ()
    passages: tuple[Passage, ...] = ()
    removed: tuple[Removed, ...] = ()
    indirect: bool = False
    model: str = EXTRACTIVE
    usage: Usage | None = None
    fallback: str | None = None


@dataclass(frozen=True)
class Search:
    """What to look for: the question as it was asked, and the words of the search, with the field's words added."""

    question: str
    words: str


@dataclass(frozen=True)
class Asked:
    """One question of a message, as it was asked. `within` stands alone, whatever the conversation was.

    `alone` is the message without the conversation, where it may well mean something by itself; `about_article` asks what the
    clinic's article says, `about_practice` about one clinic's people, prices or results.
    """

    text: str
    within: Search
    alone: Search | None = None
    about_article: bool = False
    about_practice: bool = False

    @property
    def searches(self) -> tuple[Search, ...]:
        """What to search for: within the conversation, and alone where that may be meant."""
        return (self.within,) if self.alone is None else (self.within, self.alone)


@dataclass(frozen=True)
class Understood:
    """What a message asks, one question after the other, or which small talk it is; `corrected_by` are statements (document and
    text) that correct what it takes for granted."""

    asked: tuple[Asked, ...] = ()
    corrected_by: tuple[tuple[str, str], ...] = ()
    small_talk: str | None = None


@dataclass(frozen=True)
class Turn:
    """A message, and what each step found: `found` for each question that is covered, `near` in any case, `corrections` of what it takes for granted. Once `answer` is there, the steps that follow leave it alone."""

    request: Request
    country: str
    verdict: Verdict = field(default_factory=Verdict)
    understood: Understood = field(default_factory=Understood)
    corrections: tuple[Passage, ...] = ()
    found: tuple[tuple[Passage, ...], ...] = ()
    near: tuple[Passage, ...] = ()
    draft: Draft = field(default_factory=Draft)
    answer: Answer | None = None
    version: str | None = None
    timings: dict[str, float] = field(default_factory=dict)
    show: Callable[[str], object] | None = field(default=None, compare=False)
    """Is told each sentence of a model that holds, as soon as it does."""
    gone: Callable[[], bool] | None = field(default=None, compare=False)
    """Whether nobody waits for the answer any more."""
    opinion: Future[bool] | None = field(default=None, compare=False)
    """Whether a language model sees a danger that screening did not, once it has said so."""
    usage: Usage | None = None
    """What a language model took to understand the message."""
