"""The fixed words of answers, and the topics that the corpus covers: data files under `corpus/settings`."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import yaml
from pydantic import BaseModel, ConfigDict, ValidationError

from corpus.errors import CorpusError
from index import Passage

Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
SUGGESTED = 3


class Topic(BaseModel):
    """A subject of the corpus with questions that it answers well."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str
    name: str
    covers: str
    examples: tuple[str, ...]


class Phrases(BaseModel):
    """The sentences that are not taken from a source."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    abstain: str
    greeting: str
    thanks: str
    empty: str
    too_long: str
    trouble: str


class Wording:
    """Topics and phrases."""

    def __init__(self, topics: Sequence[Topic], phrases: Phrases) -> None:
        self.topics = tuple(topics)
        self.phrases = phrases

    @classmethod
    def load(cls, folder: Path) -> Wording:
        """Read `topics.yaml` and `wording.yaml`; raises CorpusError that names the file."""
        topics, phrases = _read(folder / "topics.yaml"), _read(folder / "wording.yaml")
        try:
            return cls([Topic.model_validate(t) for t in topics], Phrases.model_validate(phrases))
        except (ValidationError, TypeError) as error:
            raise CorpusError(
                "settings", f"{folder}: topics.yaml or wording.yaml: {str(error).splitlines()[0]}"
            ) from error

    def abstain(self) -> str:
        """What is said where nothing supports an answer."""
        covered = [t.covers for t in self.topics]
        return self.phrases.abstain.format(covers=", ".join(covered[:-1]) + f" and {covered[-1]}" if covered else "")

    def next_questions(self, passages: Sequence[Passage], asked: str) -> tuple[str, ...]:
        """Questions that the corpus can answer, near to the passages first."""
        near = [topic for p in passages for topic in p.document.get("topics") or ()]
        order = sorted(self.topics, key=lambda t: near.index(t.id) if t.id in near else len(near))
        found = [t.examples[0] for t in order if t.examples]
        return tuple(q for q in found if q.casefold() != asked.casefold())[:SUGGESTED]


def _read(path: Path) -> Any:  # noqa: ANN401
    try:
        return yaml.load(path.read_text(encoding="utf-8"), Loader=Loader)
    except (OSError, yaml.YAMLError) as error:
        raise CorpusError("settings", f"{path}: cannot be read: {error}") from error
