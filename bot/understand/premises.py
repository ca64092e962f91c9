"""Premises that do not hold, and what corrects them: `corpus/settings/premises.yaml`.

A belief is corrected where a message takes it for granted ("since it is approved ..."), not where it asks whether it holds:
that question has an answer of its own.
"""

from __future__ import annotations

import re
from functools import cached_property
from pathlib import Path

from pydantic import BaseModel, ConfigDict, model_validator

from corpus.settings_file import read_settings

MARK = re.compile(r"[^\w\s'%]")
NAME = re.compile(r"<([A-Z]+)>")
#: A sentence that begins like this asks whether something holds ...
ASKS_WHETHER = re.compile(
    r"(?:(?:so|and|but|ok|okay|hi|hello|hey|also|please|tell me|can you tell me|i wonder|wondering) )*"
    r"(?:is|are|was|were|does|do|did|can|could|has|have|will|would|should|whether)\b"
)
#: ... unless these words say that the writer takes it to hold.
TAKES_IT = re.compile(
    r"\b(?:since|because|cause|cuz|given (?:that|how)|now that|seeing (?:as|that)|considering|as long as|as (?:it|ketamine|they|there|nobody|no one)|why|how come"
    r"|i (?:read|heard|saw|know|understand|thought)|they say|everyone says|apparently|anyway|after all)\b"
)
MOST = 2


class Correction(BaseModel):
    """A statement of the corpus, by its document and its whole text."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    document: str
    statement: str


class Premise(BaseModel):
    """One belief: the ways in which people say it, what shows that they say the opposite, and what corrects it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str
    claims: tuple[str, ...]
    unless: str | None = None
    corrected_by: tuple[Correction, ...]


class Premises(BaseModel):
    """All beliefs; `words` are patterns that theirs are made of."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    words: dict[str, str]
    premises: tuple[Premise, ...]

    @model_validator(mode="after")
    def _patterns_are_sound(self) -> Premises:
        _ = self._compiled
        return self

    @classmethod
    def load(cls, path: Path) -> Premises:
        """Read the file; raises CorpusError that names it."""
        return read_settings(cls, path)

    @cached_property
    def _compiled(self) -> list[tuple[Premise, re.Pattern[str], re.Pattern[str] | None]]:
        try:
            return [
                (p, self._pattern(r"\b(?:" + "|".join(p.claims) + ")"), self._pattern(p.unless) if p.unless else None)
                for p in self.premises
            ]
        except (re.error, KeyError) as error:
            raise ValueError(f"a pattern is not sound: {error}") from error

    def _pattern(self, pattern: str) -> re.Pattern[str]:
        return re.compile(NAME.sub(lambda match: self.words[match[1]], pattern))

    def taken_for_granted(self, text: str) -> tuple[Premise, ...]:
        """The premises that a message takes for granted and that do not hold, at most two."""
        message = plain(text)
        granted = [
            s for s in map(plain, re.split(r"[?!.\n]+\s*", text)) if TAKES_IT.search(s) or not ASKS_WHETHER.match(s)
        ]
        if not granted:
            return ()
        said = " ".join(granted)
        return tuple(
            premise
            for premise, claim, unless in self._compiled
            if claim.search(said) and not (unless and unless.search(message))
        )[:MOST]


def plain(text: str) -> str:
    """Words in small letters without marks, but for apostrophes and the sign of per cent."""
    return " ".join(MARK.sub(" ", text.lower().replace("’", "'").replace("‘", "'")).split())
