"""The fixed words of answers, by language, and the topics that the corpus covers: data files under `corpus/settings`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from pydantic import BaseModel, ConfigDict, RootModel

from bot.write.glossary import Glossary
from corpus.settings_file import read_settings
from index import Passage

DEFAULT = "en"
SUGGESTED = 3


class Topic(BaseModel):
    """A subject of the corpus with questions that it answers well."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str
    name: str
    covers: str
    examples: tuple[str, ...]


class Topics(RootModel[tuple[Topic, ...]]):
    """All subjects, in the order in which they are shown."""


class Phrases(BaseModel):
    """The sentences that are not taken from a source, and the words that stand before one that is."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    abstain: str
    greeting: str
    thanks: str
    empty: str
    too_long: str
    trouble: str
    article: str
    studies: str
    first: str
    elsewhere: str
    nothing: str
    corrected: str
    translated: str
    fallback: str
    model: str


class Wording:
    """Topics, hard words, and phrases by language."""

    def __init__(self, topics: Sequence[Topic], phrases: Mapping[str, Phrases], glossary: Glossary) -> None:
        self.topics = tuple(topics)
        self.glossary = glossary
        self._phrases = phrases

    @classmethod
    def load(cls, folder: Path) -> Wording:
        """Read `topics.yaml`, `glossary.yaml` and `wording/*.yaml`; raises CorpusError that names the file."""
        files = {path.stem: path for path in sorted((folder / "wording").glob("*.yaml"))}
        files.setdefault(DEFAULT, folder / "wording" / f"{DEFAULT}.yaml")
        phrases = {lang: read_settings(Phrases, path) for lang, path in files.items()}
        glossary = Glossary.load(folder / "glossary.yaml")
        return cls(read_settings(Topics, folder / "topics.yaml").root, phrases, glossary)

    def phrases(self, lang: str = DEFAULT) -> Phrases:
        """The phrases in a language, in English where there are none."""
        return self._phrases.get(lang, self._phrases[DEFAULT])

    def abstain(self, lang: str = DEFAULT) -> str:
        """What is said where nothing supports an answer."""
        covered = [t.covers for t in self.topics]
        covers = ", ".join(covered[:-1]) + f" and {covered[-1]}" if covered else ""
        return self.phrases(lang).abstain.format(covers=covers)

    def next_questions(self, passages: Sequence[Passage], asked: str) -> tuple[str, ...]:
        """Questions that the corpus can answer, near to the passages first."""
        near = [topic for p in passages for topic in p.document.get("topics") or ()]
        order = sorted(self.topics, key=lambda t: near.index(t.id) if t.id in near else len(near))
        found = [t.examples[0] for t in order if t.examples]
        return tuple(q for q in found if q.casefold() != asked.casefold())[:SUGGESTED]
