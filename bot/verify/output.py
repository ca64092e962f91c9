"""The output guard: what no answer may say, whoever wrote it (`corpus/settings/output.yaml`)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from pydantic import BaseModel, ConfigDict

from corpus.settings_file import Pattern, read_settings

NEGATED = re.compile(
    r"\b(?:not|never|no|cannot|nothing|without|nor)\b[^.;:]{0,40}$|n['’]t\b[^.;:]{0,40}$", re.IGNORECASE
)


class _Strict(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Group(_Strict):
    """Patterns with the reason that staff read."""

    reason: str
    patterns: tuple[Pattern, ...]


class _File(_Strict):
    amounts: Group
    allowed_beside: tuple[Pattern, ...]
    forbidden: tuple[Group, ...]


@dataclass(frozen=True)
class OutputGuard:
    """Says of a sentence why it must not be shown, if so."""

    forbidden: tuple[tuple[str, re.Pattern[str]], ...]
    amount: re.Pattern[str]
    amount_reason: str
    study: re.Pattern[str]

    @classmethod
    def load(cls, path: Path) -> OutputGuard:
        """Reads the file; a missing or broken one raises CorpusError with its key."""
        file = read_settings(_File, path)
        return cls(
            tuple((group.reason, _joined(group.patterns)) for group in file.forbidden),
            _joined(file.amounts.patterns),
            file.amounts.reason,
            _joined(file.allowed_beside),
        )

    def reason(self, sentence: str) -> str | None:
        """Why the sentence must not be shown. What it says only to deny it (“is not risk-free”) may stand."""
        for reason, pattern in self.forbidden:
            if any(not NEGATED.search(sentence[: found.start()]) for found in pattern.finditer(sentence)):
                return reason
        if self.amount.search(sentence) and not self.study.search(sentence):
            return self.amount_reason
        return None


def _joined(patterns: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{pattern})" for pattern in patterns), re.IGNORECASE)
