"""Records: a YAML list of papers and pages, each becoming a card."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import yaml

from corpus.card import Card
from corpus.errors import CorpusError
from corpus.read.validate import to_card
from corpus.read.yaml_lines import duplicate_key, key_lines, load
from corpus.text import one_line

SECTIONS = ("findings", "harms", "limitations")
Questions = Mapping[tuple[str, str, int], list[str]]


def read_records(text: str, where: str, questions: Questions | None = None) -> tuple[list[Card], list[CorpusError]]:
    """The cards of a records file, and an error for each record that is refused."""
    data, node = load(text, where)
    if not isinstance(data, list) or not isinstance(node, yaml.SequenceNode):
        raise CorpusError("records", f"{where}:1: expected a YAML list of records, each beginning with '- id:'")
    cards: list[Card] = []
    refused: list[CorpusError] = []
    for record, item in zip(data, node.value, strict=True):
        line = item.start_mark.line + 1
        try:
            cards.append(_card(record, item, f"{where}", line, questions or {}))
        except CorpusError as error:
            refused.append(error)
    return cards, refused


def _card(record: Any, node: yaml.Node, where: str, line: int, questions: Questions) -> Card:  # noqa: ANN401
    if not isinstance(record, dict):
        raise CorpusError("records", f"{where}:{line}: a record must be keys with values")
    lines = key_lines(node)
    if twice := duplicate_key(node):
        raise CorpusError("records", f"{where}:{lines[twice]}: {twice}: the key stands twice")
    statements = {section: _statements(record, section, where, lines) for section in SECTIONS}
    body = "\n\n".join(
        f"## {section.capitalize()}\n\n" + "\n".join(f"- {s}" for s in found)
        for section, found in statements.items()
        if found
    )
    if not body:
        raise CorpusError("records", f"{where}:{line}: findings: a record needs at least one statement")
    asked = [
        {"statement": statement, "ask": questions[key]}
        for section, found in statements.items()
        for n, statement in enumerate(found)
        if (key := (str(record.get("id")), section, n)) in questions
    ]
    return to_card({**record, "text": body, "questions": asked}, where, lines, line)


def _statements(record: dict[str, Any], section: str, where: str, lines: Mapping[str, int]) -> list[str]:
    found = record.get(section) or []
    if not isinstance(found, list) or not all(isinstance(s, str) and s.strip() for s in found):
        raise CorpusError("records", f"{where}:{lines.get(section, 1)}: {section}: expected a list of statements")
    return [one_line(s) for s in found]


def read_questions(paths: Iterable[Path]) -> Questions:
    """Questions by document, section and place, from JSON Lines of `document`, `section`, `n`, `questions`."""
    found: dict[tuple[str, str, int], list[str]] = defaultdict(list)
    for path in paths:
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            if not line.strip():
                continue
            try:
                row = json.loads(line)
                found[(row["document"], row["section"], int(row["n"]))] += [one_line(q) for q in row["questions"]]
            except (ValueError, KeyError, TypeError) as error:
                raise CorpusError(
                    "questions", f"{path}:{number}: expected document, section, n and questions"
                ) from error
    return found
