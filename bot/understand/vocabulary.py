"""People's words and the field's words: `corpus/settings/vocabulary.yaml`."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, RootModel

from corpus.settings_file import read_settings

WORD = re.compile(r"\d+(?:[.,]\d+)*%?|[^\W\d_]+")
#: “Does it help with drinking”: the treatment that the page is about is meant.
POINTING = re.compile(r"\b(?:it|this|the (?:treatment|therapy|sessions?))\b", re.IGNORECASE)
LONGEST_PHRASE = 3
#: With fewer words than this, a translation says too little to search with.
FEWEST = 2


class Table(RootModel[dict[str, str]]):
    """Phrases of another language and the English words to search with."""


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
        """Read the file, and the tables of other languages in the folder of its name; raises CorpusError that names the file."""
        tables = {file.stem: read_settings(Table, file).root for file in sorted(path.with_suffix("").glob("*.yaml"))}
        return read_settings(cls, path).model_copy(update={"languages": tables})

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

    @cached_property
    def known(self) -> frozenset[str]:
        """Every single word of people that the vocabulary has words for."""
        return frozenset(word for phrase in self._tables["en"] for word in phrase)

    def names_subject(self, text: str) -> bool:
        """Whether a text names one of the corpus's subjects."""
        return self._subject.search(text) is not None

    def asks_about_service(self, text: str) -> bool:
        """Whether a text asks about this service, and so means no subject that was spoken of before."""
        return any(phrase in text.lower() for phrase in self.about_service)

    def names_other_treatment(self, text: str) -> bool:
        """Whether a text names a treatment besides the default subject."""
        low = text.lower()
        return any(word in low for word in self.treatments if word not in self.default_subject)

    def has_words_of(self, text: str) -> bool:
        """Whether a text says something that the vocabulary has words for."""
        return next(self._found(_words(text), self._tables["en"]), None) is not None

    def in_english(self, text: str, lang: str) -> str:
        """The English search words of a text in another language, in its order; the text itself where there is no table for it.

        What holds a digit, and what is English as it stands, is kept; any other word that the table does not know is left out.
        """
        if lang not in self.languages:
            return text
        found = [
            word if added is None and (any(c.isdigit() for c in word) or self.names_subject(word)) else added
            for word, added in self._found(_words(text), self._tables[lang], all_words=True)
        ]
        row = list(dict.fromkeys(words for words in found if words))
        return " ".join(row) if len(row) >= FEWEST else text

    def in_field_words(self, text: str) -> str:
        """The text with the field's words for people's words, and with the default subject where it names none."""
        added = list(dict.fromkeys(added for _, added in self._found(_words(text), self._tables["en"]) if added))
        whole = " ".join((text, *added))
        own = self.asks_about_service(text)
        points = POINTING.search(text) and not any(word in whole.lower() for word in self.treatments)
        named = self.names_subject(whole) and not points
        return whole if own or named else f"{whole} {self.default_subject}"

    @staticmethod
    def _found(
        words: Sequence[str], table: Mapping[tuple[str, ...], str], all_words: bool = False
    ) -> Iterator[tuple[str, str | None]]:
        """The phrases of a row of words that the table knows, the longest first, with what it has for them; on demand the other words too."""
        at = 0
        while at < len(words):
            for length in range(min(LONGEST_PHRASE, len(words) - at), 0, -1):
                row = tuple(words[at : at + length])
                if row in table:
                    yield " ".join(row), table[row]
                    at += length
                    break
            else:
                if all_words:
                    yield words[at], None
                at += 1


def _words(text: str) -> list[str]:
    """Words in small letters without accents."""
    plain = unicodedata.normalize("NFD", text.lower())
    return WORD.findall("".join(char for char in plain if not unicodedata.combining(char)))
