"""People's words and the field's words: `corpus/settings/vocabulary.yaml`."""

from __future__ import annotations

import re
from functools import cached_property
from pathlib import Path
from typing import Any

import yaml
from pydantic import BaseModel, ConfigDict, ValidationError

from corpus.errors import CorpusError

Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
WORD = re.compile(r"[^\W\d_]+")


class Vocabulary(BaseModel):
    """The subjects of the corpus, and synonyms that are added to a question for the search."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    default_subject: str
    subjects: tuple[str, ...]
    about_service: tuple[str, ...]
    synonyms: dict[str, str]

    @classmethod
    def load(cls, path: Path) -> Vocabulary:
        """Read the file; raises CorpusError that names it."""
        try:
            return cls.model_validate(yaml.load(path.read_text(encoding="utf-8"), Loader=Loader))
        except (OSError, yaml.YAMLError, ValidationError) as error:
            raise CorpusError("settings", f"{path}: cannot be used: {str(error).splitlines()[0]}") from error

    @cached_property
    def _subject(self) -> re.Pattern[str]:
        return re.compile("|".join(map(re.escape, self.subjects)), re.IGNORECASE)

    def names_subject(self, text: str) -> bool:
        """Whether a text names one of the corpus's subjects."""
        return self._subject.search(text) is not None

    def in_field_words(self, text: str) -> str:
        """The text with the field's words for people's words, and with the default subject where it names none."""
        added = [self.synonyms[w] for w in dict.fromkeys(WORD.findall(text.lower())) if w in self.synonyms]
        own = any(phrase in text.lower() for phrase in self.about_service)
        if not own and not self.names_subject(text):
            added.append(self.default_subject)
        return " ".join((text, *added))
