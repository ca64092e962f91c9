"""Markdown and plain text without front matter: a document whose passages are its paragraphs."""

from __future__ import annotations

import datetime
from pathlib import Path

from corpus.card import Card
from corpus.read.validate import to_card
from corpus.text import HEADING, one_line, slug


def read_prose(text: str, path: Path, as_id: str | None = None) -> Card:
    """A card of kind `article`, the lowest grade of evidence, titled by the first heading or first line."""
    first = next(line for line in text.split("\n") if line.strip())
    heading = HEADING.match(first)
    title = one_line(heading[2] if heading else first)[:200] or path.stem
    data = {
        "id": as_id or slug(path.stem),
        "title": title,
        "kind": "article",
        "checked": datetime.date.fromtimestamp(path.stat().st_mtime).isoformat(),
        "text": text.strip("\n").rstrip(),
    }
    return to_card(data, str(path), {})
