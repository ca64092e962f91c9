"""Which form of the drug, which condition, which people a text is about: `corpus/settings/aspects.yaml`."""

from __future__ import annotations

import re
from functools import cached_property
from pathlib import Path

from pydantic import BaseModel, ConfigDict, RootModel

from corpus.settings_file import read_settings


class Value(BaseModel):
    """One form, condition or group: how it is called, and the words that show it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    words: tuple[str, ...]

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        """Finds its words in plain or hyphenated writing, the longest first."""
        words = sorted(self.words, key=len, reverse=True)
        return re.compile(
            r"\b(?:" + "|".join(re.escape(w).replace(r"\ ", r"[\s-]+") for w in words) + r")\b", re.IGNORECASE
        )


class Kind(BaseModel):
    """One kind of aspect; `said_of`: where its evidence is on another value than was asked, an answer says so if the evidence names one
    of these words (none: it is never said)."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    said_of: tuple[str, ...] = ()
    values: dict[str, Value]

    def of(self, text: str) -> frozenset[str]:
        """The values that a text names."""
        return frozenset(name for name, value in self.values.items() if value.pattern.search(text))

    def named(self, names: frozenset[str]) -> str:
        """How values are called, in one row."""
        return " and ".join(self.values[name].name for name in sorted(names))

    def exchanged(self, text: str, names: frozenset[str], word: str) -> str:
        """The text with a word in place of some values, which is said once."""
        said = False

        def once(_: re.Match[str]) -> str:
            nonlocal said
            said, first = True, not said
            return word if first else ""

        for name in sorted(names):
            text = self.values[name].pattern.sub(once, text)
        return " ".join(text.split())

    def first(self, text: str, names: frozenset[str]) -> str:
        """The first word of a text that shows one of some values."""
        found = [match for name in names if (match := self.values[name].pattern.search(text))]
        return min(found, key=lambda match: match.start())[0]


class Aspects(RootModel[dict[str, Kind]]):
    """All kinds."""

    @classmethod
    def load(cls, path: Path) -> Aspects:
        """Read the file; raises CorpusError that names it."""
        return read_settings(cls, path)

    def replaced(self, before: str, now: str) -> str:
        """What was said before, with the value that the newest message names in place of another of its kind."""
        for kind in self.root.values():
            new, old = kind.of(now), kind.of(before)
            if new and old and not new & old:
                before = kind.exchanged(before, old, kind.first(now, new))
        return before

    def says_form(self, text: str) -> bool:
        """Whether a text itself says which form it is about."""
        return any(kind.said_of and kind.of(text) for kind in self.root.values())

    def elsewhere(self, asked: str, found: str) -> tuple[str, str] | None:
        """What a finding is about and what was asked about, by name, where these are two forms of the same kind."""
        for kind in self.root.values():
            wanted, had = kind.of(asked), kind.of(found)
            meant = any(word in found.lower() for word in kind.said_of)
            if meant and wanted and had and not wanted & had:
                return kind.named(had), kind.named(wanted)
        return None
