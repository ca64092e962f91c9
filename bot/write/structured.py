"""The structured format: a model that keeps to a schema sends claims as JSON; each is read as soon as its object is whole."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Any

from bot.write.marked import ID, Sentence, split

#: What is asked of the model beside the prompt.
SCHEMA: dict[str, Any] = {
    "title": "Answer",
    "description": "Claims, each one sentence that rests on the passages of its ids; none where the passages do not answer.",
    "type": "object",
    "properties": {
        "claims": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {"text": {"type": "string"}, "ids": {"type": "array", "items": {"type": "string"}}},
                "required": ["text", "ids"],
                "additionalProperties": False,
            },
        }
    },
    "required": ["claims"],
    "additionalProperties": False,
}


def claims_of(pieces: Iterable[str]) -> Iterator[Sentence]:
    """The claims of a stream of JSON. What is not whole at its end is no claim."""
    reader = json.JSONDecoder()
    text, at = "", -1
    for piece in pieces:
        text += piece
        if at < 0:
            at = text.find("[") + 1 or -1
            if at < 0:
                continue
        while (start := text.find("{", at)) >= 0:
            try:
                row, at = reader.raw_decode(text, start)
            except (ValueError, RecursionError):
                break
            if isinstance(row, dict) and isinstance(row.get("text"), str) and isinstance(row.get("ids"), list):
                ids = [name for given in row["ids"] for name in ID.findall(str(given))]
                yield from split(" ".join(row["text"].split()), ids)
