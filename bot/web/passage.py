"""A document's text as headings, statements and paragraphs, with one range of it marked."""

from __future__ import annotations

from dataclasses import dataclass

from corpus.text import HEADING, blocks


@dataclass(frozen=True)
class Part:
    """A stretch of text; `first` is where the marked passage begins."""

    text: str
    marked: bool = False
    first: bool = False


@dataclass(frozen=True)
class Paragraph:
    """A heading, a statement or a paragraph, where it begins, and its parts."""

    kind: str
    start: int
    parts: tuple[Part, ...]


def document_blocks(text: str, start: int | None, end: int | None) -> tuple[Paragraph, ...]:
    """The document in reading order; a range that does not fit the text marks nothing."""
    if start is None or end is None or not 0 <= start < end <= len(text):
        start = end = 0
    found: list[Paragraph] = []
    for span in blocks(text):
        kind = "statement" if span.statement else "paragraph"
        found.append(Paragraph(kind, span.start, _parts(text, span.start, span.end, start, end)))
    return _first_marked(sorted([*found, *_headings(text)], key=lambda block: block.start))


def _headings(text: str) -> list[Paragraph]:
    found: list[Paragraph] = []
    at = 0
    for line in text.split("\n"):
        if heading := HEADING.match(line):
            found.append(Paragraph("heading", at, (Part(heading[2]),)))
        at += len(line) + 1
    return found


def _parts(text: str, start: int, end: int, mark_start: int, mark_end: int) -> tuple[Part, ...]:
    low, high = max(start, mark_start), min(end, mark_end)
    if low >= high:
        return (Part(text[start:end]),)
    parts = (Part(text[start:low]), Part(text[low:high], marked=True), Part(text[high:end]))
    return tuple(part for part in parts if part.text)


def _first_marked(found: list[Paragraph]) -> tuple[Paragraph, ...]:
    """The same, with the beginning of the passage named."""
    seen = False
    result: list[Paragraph] = []
    for block in found:
        parts: list[Part] = []
        for part in block.parts:
            parts.append(Part(part.text, part.marked, first=part.marked and not seen))
            seen = seen or part.marked
        result.append(Paragraph(block.kind, block.start, tuple(parts)))
    return tuple(result)
