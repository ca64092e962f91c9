"""A mapping from a file becomes a card, or an error that names file, line and key."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic import ValidationError

from corpus.card import Card
from corpus.errors import CorpusError


def to_card(data: Mapping[str, Any], where: str, lines: Mapping[str, int], first_line: int = 1) -> Card:
    """The card of a mapping; raises CorpusError for the first thing that is wrong with it."""
    try:
        return Card.model_validate(dict(data))
    except ValidationError as error:
        first = error.errors()[0]
        key = str(first["loc"][0]) if first["loc"] else "questions"
        line = lines.get(key, lines.get("article_claims", first_line) if key == "topics" else first_line)
        if first["type"] == "missing":
            raise CorpusError("card", f"{where}:{first_line}: the key {key!r} is missing") from error
        given = f" (found {first['input']!r:.60})" if first["loc"] else ""
        message = str(first["msg"]).removeprefix("Value error, ")
        raise CorpusError("card", f"{where}:{line}: {key}: {message}{given}") from error
