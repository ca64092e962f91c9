"""Documents become chunks. `document_text[start:end] == chunk.text` holds for each, and a statement is never cut.

What is embedded carries a context header (title, design, population, drug and route); what is cited is the chunk alone.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Any

from corpus.card import Card
from corpus.text import Span

#: A paragraph longer than this many characters is split, at sentence ends where there are any.
MAX_PARAGRAPH = 900
SENTENCE_END = re.compile(r"(?<=[.!?…])[\"')\]]*\s+")


@dataclass(frozen=True)
class Chunk:
    """A passage of a document: `start` and `end` are character offsets in the document's text."""

    id: str
    document: str
    section: str
    n: int
    start: int
    end: int
    text: str
    header: str
    questions: tuple[str, ...] = ()

    @property
    def embedded(self) -> str:
        """What stands for the chunk in vector space: its text in its context."""
        return f"{self.text}\n{self.header}" if self.header else self.text

    @property
    def digest(self) -> str:
        """Changes when anything that is indexed of the chunk changes."""
        return hashlib.sha256("\x1f".join((self.embedded, *self.questions)).encode()).hexdigest()[:16]

    def to_row(self) -> dict[str, Any]:
        """The chunk as a JSON object."""
        return asdict(self)

    @classmethod
    def from_row(cls, row: dict[str, Any]) -> Chunk:
        """The chunk of a JSON object."""
        return cls(**{**row, "questions": tuple(row["questions"])})


def header(card: Card) -> str:
    """The context of a document's passages in one line."""
    parts = (card.title, (card.design or card.kind).replace("_", " "), card.population, card.intervention)
    return ". ".join(p.rstrip(".") for p in parts if p)


def chunk_card(card: Card) -> list[Chunk]:
    """The chunks of a document in order."""
    context = header(card)
    chunks: list[Chunk] = []
    counts: dict[str, int] = {}
    for span in card.spans:
        for start, end in _pieces(card.text, span):
            n = counts.get(span.section, 0)
            counts[span.section] = n + 1
            chunks.append(
                Chunk(
                    id=f"{card.id}:{span.section}:{n}",
                    document=card.id,
                    section=span.section,
                    n=n,
                    start=start,
                    end=end,
                    text=card.text[start:end],
                    header=context,
                    questions=card.questions_of(span),
                )
            )
    return chunks


def _pieces(text: str, span: Span) -> Iterator[tuple[int, int]]:
    """A statement whole; a long paragraph in pieces of whole sentences, each as long as fits."""
    if span.statement or span.end - span.start <= MAX_PARAGRAPH:
        yield span.start, span.end
        return
    start = end = span.start
    for first, last in _sentences(text, span.start, span.end):
        if last - start > MAX_PARAGRAPH and end > start:
            yield start, end
            start = first
        end = last
    yield start, end


def _sentences(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """The sentences of a range, a sentence that is longer than a paragraph may be in runs of words."""
    at = start
    for mark in [*SENTENCE_END.finditer(text, start, end), None]:
        stop, resume = (mark.start(), mark.end()) if mark else (end, end)
        while stop - at > MAX_PARAGRAPH:
            cut = _cut(text, at, at + MAX_PARAGRAPH)
            yield at, cut
            at = cut
            while at < stop and text[at].isspace():
                at += 1
        if stop > at:
            yield at, stop
        at = max(at, resume)


def _cut(text: str, start: int, limit: int) -> int:
    """Where to cut a run of text: at the last blank before the limit, else between two whole characters."""
    blank = max(text.rfind(" ", start + 1, limit), text.rfind("\n", start + 1, limit))
    if blank > start:
        return blank
    cut = limit
    while cut > start + 1 and (
        unicodedata.combining(text[cut]) or text[cut] in "\u200d\ufe0f" or text[cut - 1] == "\u200d"
    ):
        cut -= 1
    return cut
