"""People's words and the field's words: `corpus/settings/vocabulary.yaml`."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from functools import cached_property
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field

from corpus.settings_file import read_settings

WORD = re.compile(r"[^\W\d_]+")
#: “Does it help with drinking”: the treatment that the page is about is meant.
POINTING = re.compile(r"\b(?:it|this|the (?:treatment|therapy|sessions?))\b", re.IGNORECASE)
LONGEST_PHRASE = 3


class Vocabulary(BaseModel):
    """The subjects of the corpus, and synonyms that are added to a question for the search."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    default_subject: str
    subjects: tuple[str, ...]
    treatments: tuple[str, ...]
    about_service: tuple[str, ...]
    synonyms: dict[str, str]
    languages: dict[str, dict[str, str]] = Field(default_factory=dict)

    @classmethod
    def load(cls, path: Path) -> Vocabulary:
        """Read the file; raises CorpusError that names it."""
        return read_settings(cls, path)

    @cached_property
    def _subject(self) -> re.Pattern[str]:
        return re.compile("|".join(map(re.escape, self.subjects)), re.IGNORECASE)

    @cached_property
    def _tables(self) -> Mapping[str, Mapping[tuple[str, ...], str]]:
        """By language, the phrases as plain words."""
        tables = {"en": self.synonyms, **self.languages}
        return {
            lang: {tuple(_words(phrase)): added for phrase, added in table.items()} for lang, table in tables.items()
        }

    def names_subject(self, text: str) -> bool:
        """Whether a text names one of the corpus's subjects."""
        return self._subject.search(text) is not None

    def has_words_of(self, text: str, lang: str = "en") -> bool:
        """Whether a text says something that the vocabulary has words for."""
        return next(self._added(_words(text), lang), None) is not None

    def in_field_words(self, text: str, lang: str = "en") -> str:
        """The text with the field's words for people's words, and with the default subject where it names none."""
        added = list(dict.fromkeys(self._added(_words(text), lang)))
        whole = " ".join((text, *added))
        own = any(phrase in text.lower() for phrase in self.about_service)
        points = POINTING.search(text) and not any(word in whole.lower() for word in self.treatments)
        named = self.names_subject(whole) and not points
        return whole if own or named else f"{whole} {self.default_subject}"

    def _added(self, words: list[str], lang: str) -> Iterator[str]:
        tables = [self._tables[name] for name in dict.fromkeys((lang, "en")) if name in self._tables]
        at = 0
        while at < len(words):
            for length in range(LONGEST_PHRASE, 0, -1):
                row = tuple(words[at : at + length])
                found = next((table[row] for table in tables if row in table), None)
                if len(row) == length and found is not None:
                    yield found
                    at += length - 1
                    break
            at += 1


def _words(text: str) -> list[str]:
    """Words in small letters without accents."""
    plain = unicodedata.normalize("NFD", text.lower())
    return WORD.findall("".join(char for char in plain if not unicodedata.combining(char)))
