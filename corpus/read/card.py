"""Cards: Markdown with YAML front matter."""

from __future__ import annotations

from typing import Any

import yaml

from corpus.card import Card
from corpus.errors import CorpusError
from corpus.read.validate import to_card
from corpus.read.yaml_lines import duplicate_key, key_lines, load

FENCE = "---"
FRONT_KEYS = [key for key in Card.model_fields if key != "text"]


def is_card(text: str) -> bool:
    """Whether a text begins with front matter."""
    return text.split("\n", 1)[0].strip() == FENCE


def read_card(text: str, where: str) -> Card:
    """The card of a normalised text; raises CorpusError with file, line and key."""
    lines = text.split("\n")
    fences = [i for i, line in enumerate(lines[1:], 1) if line.rstrip() == FENCE]
    if not is_card(text) or not fences:
        raise CorpusError("card", f"{where}:1: a card begins with front matter between two lines of ---")
    data, node = load("\n".join(lines[1 : fences[0]]), where, 2)
    if not isinstance(data, dict):
        raise CorpusError("card", f"{where}:2: the front matter must be keys with values")
    if twice := duplicate_key(node):
        raise CorpusError("card", f"{where}:{key_lines(node, 2)[twice]}: {twice}: the key stands twice")
    body = "\n".join(lines[fences[0] + 1 :]).strip("\n").rstrip()
    if not body.strip():
        raise CorpusError("card", f"{where}:{fences[0] + 1}: text: the card has no body")
    return to_card({**data, "text": body}, where, key_lines(node, 2), 2)


def write_card(card: Card) -> str:
    """The card as the text of its file; `read_card` gives the same card back."""
    front: dict[str, Any] = card.model_dump(mode="json", exclude={"text"})
    front = {key: front[key] for key in FRONT_KEYS}
    for key in ("restated", "curator_notes", "questions"):
        if not front[key]:
            del front[key]
    head = yaml.dump(front, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=120)
    return f"{FENCE}\n{head}{FENCE}\n\n{card.text}\n"


class _Dumper(yaml.SafeDumper):
    """Lists indented under their key, as people write them."""

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:
        super().increase_indent(flow, False)
