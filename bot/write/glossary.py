"""Hard words and what they mean: `corpus/settings/glossary.yaml`."""

from __future__ import annotations

import re
from functools import cached_property
from pathlib import Path

from pydantic import RootModel

from corpus.settings_file import read_settings

MOST = 3


class Glossary(RootModel[dict[str, str]]):
    """Meanings by word."""

    @classmethod
    def load(cls, path: Path) -> Glossary:
        """Read the file; raises CorpusError that names it."""
        return read_settings(cls, path)

    @cached_property
    def _pattern(self) -> re.Pattern[str]:
        longest_first = sorted(self.root, key=len, reverse=True)
        return re.compile(r"\b(?:" + "|".join(map(re.escape, longest_first)) + r")(?=e?s?\b)", re.IGNORECASE)

    @cached_property
    def _meanings(self) -> dict[str, tuple[str, str]]:
        return {word.lower(): (word, meaning) for word, meaning in self.root.items()}

    def explain(self, text: str) -> str:
        """The first hard words of a text with their meanings, in one line; empty where it has none."""
        found = dict.fromkeys(self._meanings[match[0].lower()] for match in self._pattern.finditer(text))
        return " ".join(f"{word[0].upper()}{word[1:]}: {meaning}." for word, meaning in list(found)[:MOST])
