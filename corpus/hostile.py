"""Text that no honest source holds (`settings/hostile.yaml`): planted instructions, links, numbers to call, hidden characters.

It is asked for when a card is checked, and again before a passage is used: an index may be older than a check, or not ours.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, RootModel

from corpus.card import Card
from corpus.english import english
from corpus.settings_file import Pattern, read_settings

HIDDEN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufe00-\ufe0f\ufeff\U000e0000-\U000e0fff]"
)
#: Letters and digits that only look like those of ours: full width, mathematical, in circles.
POSING = re.compile("[\uff01-\uff5e\u2460-\u24ff\U0001d400-\U0001d7ff\U0001f100-\U0001f1ff]")
#: A word that mixes Latin letters with Greek or Cyrillic ones. A single Greek letter before or after (“TNFα”) is a name.
MIXED = re.compile(
    "[a-z][\u0370-\u03ff\u0400-\u04ff]+[a-z]|[a-z]{2,}[\u0400-\u04ff]|[\u0400-\u04ff]+[a-z]", re.IGNORECASE
)
ARTICLE = "article"
#: A sentence of so many words, of which more than this share is no English, is in cipher or another language.
FEWEST_WORDS, STRANGE = 6, 0.5
SENTENCE, WORD = re.compile(r"(?<=[.!?:])\s+"), re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?")
#: What people read of a document beside its passages.
SHOWN = (
    "title",
    "authors",
    "journal",
    "population",
    "intervention",
    "comparator",
    "follow_up",
    "funding_conflicts",
    "topics",
)


class _Group(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    reason: str
    in_questions: bool = False
    spare_article: bool = False
    patterns: tuple[Pattern, ...]


class _File(RootModel[tuple[_Group, ...]]):
    pass


@dataclass(frozen=True)
class Hostile:
    """Says of a text why it must not be used, if so."""

    groups: tuple[tuple[str, re.Pattern[str]], ...]
    in_article: tuple[tuple[str, re.Pattern[str]], ...]
    in_questions: tuple[tuple[str, re.Pattern[str]], ...]

    @classmethod
    def load(cls, path: Path) -> Hostile:
        """Reads the file; a missing or broken one raises CorpusError with its key."""
        groups = read_settings(_File, path).root
        compiled = [(g, re.compile("|".join(f"(?:{p})" for p in g.patterns), re.I | re.M)) for g in groups]
        return cls(
            tuple((g.reason, pattern) for g, pattern in compiled),
            tuple((g.reason, pattern) for g, pattern in compiled if not g.spare_article),
            tuple((g.reason, pattern) for g, pattern in compiled if g.in_questions),
        )

    def reason(self, text: str, kind: str | None = None) -> str | None:
        """What is wrong with a text of a document of this kind; None where nothing is."""
        return _first(text, self.in_article if kind == ARTICLE else self.groups) or _unreadable(text)

    def reason_of_question(self, text: str) -> str | None:
        """What is wrong with a question, which is in people's own words."""
        return _first(text, self.in_questions)

    def reason_of_card(self, card: Card) -> str | None:
        """What is wrong with a card, and where: its line of the body, or what is shown or asked beside it."""
        for span in card.spans:
            if reason := self.reason(card.text[span.start : span.end], card.kind):
                return f"{reason}, line {card.text[: span.start].count(chr(10)) + 1} of the body"
        for question in (question for row in card.questions for question in row.ask):
            if reason := self.reason_of_question(question):
                return f"{reason}, in a question"
        return self.reason_of_document(card.model_dump(mode="json"))

    def reason_of_document(self, document: Mapping[str, Any]) -> str | None:
        """What is wrong with what people read of a document beside its passages."""
        for key in SHOWN:
            value = document.get(key)
            for text in value if isinstance(value, (list, tuple)) else (value,):
                if text and (reason := _first(str(text), self.groups)):
                    return reason
        return None


def _first(text: str, groups: tuple[tuple[str, re.Pattern[str]], ...]) -> str | None:
    if HIDDEN.search(text) or POSING.search(text) or MIXED.search(text):
        return "hidden or disguised characters"
    plain = unicodedata.normalize("NFKC", text)
    return next((reason for reason, pattern in groups if pattern.search(plain)), None)


@lru_cache(maxsize=4096)
def _unreadable(text: str) -> str | None:
    """Whether a sentence of a text is no English."""
    for sentence in SENTENCE.split(text):
        words = [word.lower().replace("’", "'") for word in WORD.findall(sentence) if len(word) > 1]
        strange = [w for w in words if not english().known([w, w.removesuffix("'s")])]
        if len(words) >= FEWEST_WORDS and len(strange) > STRANGE * len(words):
            return "it is no English that can be read"
    return None
