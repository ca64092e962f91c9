"""The marked-text format: a model's lines become sentences with the ids that they cite, as soon as each is whole."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

#: One or more ids in square brackets; a bracket with anything else in it is a part of the text.
IDS = r"\[[\w-]{1,12}(?:\s?[,;]\s?[\w-]{1,12}){0,9}\]"
ROW = rf"(?:{IDS}[ \t]{{0,4}})+"
#: Where a sentence with its ids ends: at ids after a full stop, or at a full stop after ids. Ids inside a sentence end nothing.
END = re.compile(rf"(?:[.!?][\"”’)]?[ \t]{{0,4}}{ROW}|{ROW}[.!?])(?=\s|$)")
BRACKET = re.compile(IDS)
ID = re.compile(r"[\w-]+")
BEGINS_LIST = re.compile(r"^\s*(?:[-*•>#]+|\d{1,2}[.)])\s+")
EMPHASIS = re.compile(r"\*\*|__|`")
#: Where a sentence ends inside a line: not after a single letter or a usual abbreviation.
SENTENCE = re.compile(r"(?<!\b[A-Z])(?<!\bvs)(?<!\bDr)(?<!\be\.g)(?<!\bi\.e)(?<!\bet al)[.!?]\s+(?=[A-Z“\"])")


@dataclass(frozen=True)
class Sentence:
    """One sentence and the ids that it cites, as they were written."""

    text: str
    ids: tuple[str, ...]


def sentences(pieces: Iterable[str]) -> Iterator[Sentence]:
    """The sentences of a stream, each as soon as what follows shows that it is whole; the last at the end of the stream.

    Several sentences before one row of ids all cite these.
    """
    rest = ""
    for piece in pieces:
        rest += piece
        while (end := _end(rest)) is not None:
            yield from split(rest[:end])
            rest = rest[end:]
    for line in rest.splitlines():
        left = line
        while match := END.search(left):
            yield from split(left[: match.end()])
            left = left[match.end() :]
        yield from split(left)


def split(text: str, ids: Iterable[str] = ()) -> Iterator[Sentence]:
    """The sentences of a whole line; each cites all ids of the line, and those that were given beside it."""
    cited = tuple(dict.fromkeys((*ids, *(name for found in BRACKET.findall(text) for name in ID.findall(found)))))
    bare = re.sub(r"\s+([.!?,;])", r"\1", BRACKET.sub("", BEGINS_LIST.sub("", text)))
    plain = re.sub(r"([.!?])\.$", r"\1", html.unescape(EMPHASIS.sub("", bare)).strip())
    start = 0
    for end in (*(m.end() for m in SENTENCE.finditer(plain)), len(plain)):
        sentence = " ".join(plain[start:end].split())
        start = end
        if any(char.isalpha() for char in sentence):
            yield Sentence(sentence if sentence[-1] in ".!?" else f"{sentence}.", cited)


def _end(text: str) -> int | None:
    """Where the first whole sentence of a text ends; none while it may still go on."""
    line = text.find("\n")
    match = END.search(text, 0, line if line >= 0 else len(text))
    if match and match.end() < len(text):
        after = text[match.end() :].lstrip(" \t")
        if after and not after.startswith("["):
            return match.end()
    return line + 1 if line >= 0 and not match else None
