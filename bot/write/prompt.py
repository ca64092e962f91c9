"""What a language model is told: the readable file `corpus/settings/prompts/answer.yaml`, filled in.

Passages are data: ids that nobody who wrote a card can know, angle brackets and hidden characters made harmless.
"""

from __future__ import annotations

import hashlib
import hmac
import html
from collections.abc import Mapping, Sequence
from functools import cached_property
from pathlib import Path

from langchain_core.messages import BaseMessage, HumanMessage, SystemMessage
from pydantic import BaseModel, ConfigDict

from bot.guard.scripts import visible
from corpus.settings_file import read_settings
from index import Passage

ID_LENGTH = 4
EARLIER, LONGEST_EARLIER = 2, 300


class Prompt(BaseModel):
    """The file. `cannot` is the phrase with which a model says that the passages do not answer."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    cannot: str
    system: str
    passage: str
    user: str
    conversation: str
    standalone: str
    opinion: str

    @classmethod
    def load(cls, path: Path) -> Prompt:
        """Read the file; raises CorpusError that names it."""
        return read_settings(cls, path)

    @cached_property
    def version(self) -> str:
        """Twelve figures of the hash of what is told."""
        return hashlib.sha256(self.model_dump_json().encode()).hexdigest()[:12]

    def answer(
        self, question: str, history: Sequence[str], passages: Mapping[str, Passage]
    ) -> tuple[BaseMessage, BaseMessage]:
        """The messages that ask for an answer from passages by id."""
        shown = "\n".join(
            self.passage.format(id=name, source=_harmless(_source(p)), text=_harmless(p.chunk.text))
            for name, p in passages.items()
        )
        earlier = " / ".join(_harmless(m)[:LONGEST_EARLIER] for m in history[-EARLIER:])
        before = self.conversation.format(earlier=earlier) + "\n" if earlier else ""
        return (
            SystemMessage(self.system.format(cannot=self.cannot)),
            HumanMessage(self.user.format(conversation=before, passages=shown, question=_harmless(question))),
        )

    def second_opinion(self, text: str, history: Sequence[str]) -> tuple[BaseMessage, BaseMessage]:
        """The messages that ask whether somebody is in danger."""
        return SystemMessage(self.opinion), _newest(text, history)

    def rewriting(self, text: str, history: Sequence[str]) -> tuple[BaseMessage, BaseMessage]:
        """The messages that ask for a question which stands alone."""
        return SystemMessage(self.standalone), _newest(text, history)


def _newest(text: str, history: Sequence[str]) -> HumanMessage:
    earlier = [f"Earlier: {_harmless(message)[:LONGEST_EARLIER]}" for message in history[-EARLIER:]]
    return HumanMessage("\n".join([*earlier, f"Newest: {_harmless(text)}"]))


def names_for(question: str, passages: Sequence[Passage], secret: bytes) -> dict[str, Passage]:
    """Passages by an id that only this process can make: who writes a card cannot know it, and so cannot cite another's passage."""
    named: dict[str, Passage] = {}
    for passage in passages:
        digest = hmac.digest(secret, f"{question}\0{passage.chunk.id}".encode("utf-8", "replace"), "sha256").hex()
        at = 0
        while digest[at : at + ID_LENGTH] in named:
            at += 1
        named[digest[at : at + ID_LENGTH]] = passage
    return named


def _source(passage: Passage) -> str:
    document = passage.document
    people = f"{document['n']} people" if document.get("n") else None
    parts = (
        document.get("design"),
        people,
        document.get("population"),
        document.get("intervention"),
        document.get("year"),
    )
    about = "; ".join(str(part).replace("_", " ") for part in parts if part)
    return f"{document.get('title', passage.chunk.document)} ({about})" if about else str(document.get("title"))


def _harmless(text: str) -> str:
    return html.escape(visible(" ".join(str(text).split())), quote=False)
