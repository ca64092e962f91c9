"""One form for all text, and the spans of sections, statements and paragraphs in it.

Every span is a half-open range of character offsets into the text that was given.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

HEADING = re.compile(r"^(#{1,6})[ \t]+(.*?)[ \t]*#*[ \t]*$")
BULLET = re.compile(r"^[-*+][ \t]+(?=\S)")


@dataclass(frozen=True)
class Span:
    """A statement (one bullet) or a paragraph: where it stands and in which section."""

    section: str
    n: int
    start: int
    end: int
    statement: bool


def normalise(text: str) -> str:
    """The text in NFC with LF line ends, without a byte order mark, NULs or surrogates."""
    text = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n").replace("\x00", "")
    text = re.sub("[\ud800-\udfff]", "\ufffd", text)
    return unicodedata.normalize("NFC", text)


def one_line(text: str) -> str:
    """The text with every run of white space as one blank."""
    return " ".join(text.split())


def slug(heading: str) -> str:
    """A heading as the short name of its section: `What it leaves out` -> `what-it-leaves-out`."""
    plain = unicodedata.normalize("NFKD", heading).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-") or "section"


def _lines(text: str) -> Iterator[tuple[int, str]]:
    """Each line with the offset where it begins, without its line end."""
    start = 0
    for line in text.split("\n"):
        yield start, line
        start += len(line) + 1


def blocks(text: str) -> list[Span]:
    """Every statement and every paragraph of a body, in order, numbered within its section."""
    found: list[Span] = []
    section, count, open_at, end, bullet = "text", 0, -1, 0, False

    def close() -> None:
        nonlocal open_at, count
        if open_at >= 0:
            found.append(Span(section, count, open_at, end, bullet))
            count += 1
        open_at = -1

    names: dict[str, int] = {}
    for start, line in _lines(text):
        stop = start + len(line.rstrip())
        if heading := HEADING.match(line):
            close()
            section, count = slug(heading[2]), 0
            names[section] = names.get(section, 0) + 1
            if names[section] > 1:
                section = f"{section}-{names[section]}"
        elif not line.strip():
            close()
        elif mark := BULLET.match(line):
            close()
            open_at, end, bullet = start + mark.end(), stop, True
        elif open_at < 0:
            open_at, end, bullet = start + len(line) - len(line.lstrip()), stop, False
        else:
            end = stop
    close()
    return found
