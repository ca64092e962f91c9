"""Reads the word lists, rules and thresholds of `corpus/settings/screening`; a bad file is refused with its key."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, RootModel

from bot.guard.classifier import Classifier
from bot.guard.cues import Cues
from bot.guard.normalise import Spelling, strip_marks
from bot.guard.patterns import GAPS, Rule, RuleIndex
from corpus.errors import CorpusError
from corpus.settings_file import read_settings

RULE_FILES = ("crisis", "emergency", "concern", "refusal", "offtopic", "languages")
#: Which layers there are to decide: rules alone, with the cues, or with the classifier too.
Layers = Literal["rules", "cues", "all"]
CONTEXTS = (
    "past",
    "recovered",
    "present",
    "study",
    "fiction",
    "real",
    "staff",
    "site",
    "retraction",
    "distress",
    "question",
    "suicide_topic",
)


class _Strict(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Group(_Strict):
    """Rules that speak for the same thing with the same weight.

    With `topic` they see a sentence without the words that only name suicide as a subject (the mask `topic`).
    """

    name: str
    action: str
    category: str
    weight: float = Field(ge=0, le=2)
    topic: bool = False
    patterns: tuple[str, ...]


class RuleFile(_Strict):
    """One file of rules."""

    groups: tuple[Group, ...]


class Lists(RootModel[dict[str, tuple[str, ...]]]):
    """Word lists that rules name."""


class ContextFile(_Strict):
    """What blanks words out (`masks`) and what says how a sentence is meant (`markers`)."""

    masks: dict[str, tuple[str, ...]]
    markers: dict[str, tuple[str, ...]]


class Thresholds(_Strict):
    """How much weight an action needs, and what a context leaves of a rule's weight."""

    fire: dict[Layers, dict[str, float]]
    past: float
    fiction: float
    study: float
    reassurance: float
    history_decay: float
    history_messages: int
    carried_messages: int
    carried_margin: float
    certain: float
    rule_share: float
    site_word: float
    eased_share: float
    classifier_share: float
    part_share: float
    concern_over_danger: float


class SpellingFile(_Strict):
    """Tables of `spelling.yaml`."""

    short_forms: dict[str, str]
    code_words: dict[str, str]
    emoji: dict[str, str]
    leet: dict[str, str]
    squeezed: tuple[str, ...]


class LexiconFile(_Strict):
    """First-person crisis phrases: language -> category -> strength -> phrases."""

    languages: dict[str, dict[str, dict[str, tuple[str, ...]]]]
    weights: dict[str, float]
    function_words: dict[str, tuple[str, ...]]


@dataclass(frozen=True)
class Screening:
    """Everything that screening reads, ready for use."""

    rules: RuleIndex
    topic_rules: RuleIndex
    masks: Mapping[str, RuleIndex]
    markers: Mapping[str, RuleIndex]
    thresholds: Thresholds
    spelling: Spelling
    squeezed: tuple[str, ...]
    lexicon: LexiconFile
    cues: Callable[[], Cues | None]
    kinds: Callable[[], Cues | None]
    classifier: Classifier

    @classmethod
    def load(cls, folder: Path) -> Screening:
        """Reads `folder` (corpus/settings/screening)."""
        lists = read_settings(Lists, folder / "lists.yaml").root
        spelling = read_settings(SpellingFile, folder / "spelling.yaml")
        read = PatternReader(lists, spelling.short_forms)
        context = read_settings(ContextFile, folder / "context.yaml")
        rules = [rule for name in RULE_FILES for rule in _rules(folder / f"{name}.yaml", read)]
        masks = {name: _context_index(name, rows, read) for name, rows in context.masks.items()}
        markers = {name: _context_index(name, context.markers.get(name, ()), read) for name in CONTEXTS}
        indexes = [*masks.values(), *markers.values()]
        vocabulary = {word for rule in [*rules, *(r for index in indexes for r in index.rules)] for word in rule.words}
        known = (folder / "known_words.txt").read_text(encoding="utf-8").split()
        return cls(
            rules=RuleIndex(rule for rule in rules if not rule.topic),
            topic_rules=RuleIndex(rule for rule in rules if rule.topic),
            masks=masks,
            markers=markers,
            thresholds=read_settings(Thresholds, folder / "thresholds.yaml"),
            spelling=Spelling.make(spelling.model_dump(exclude={"squeezed"}), vocabulary, known),
            squeezed=spelling.squeezed,
            lexicon=read_settings(LexiconFile, folder / "lexicon.yaml"),
            cues=cache(lambda: Cues.load(folder / "cues.json")),  # large: read when a message first needs it
            kinds=cache(lambda: Cues.load(folder / "kinds.json")),
            classifier=Classifier(folder / "classifier"),
        )


class PatternReader:
    """Brings patterns into the plain form of normalised words: no accents, short forms written out."""

    def __init__(self, lists: Mapping[str, tuple[str, ...]], short_forms: Mapping[str, str]) -> None:
        self._short_forms = {key: value for key, value in short_forms.items() if "'" not in key}
        self.lists = {name: tuple(self._choice(entry) for entry in entries) for name, entries in lists.items()}

    def __call__(self, row: str, where: str) -> str:
        """The plain pattern; one that could match anything, or that names an unknown list, is refused."""
        tokens = strip_marks(str(row)).lower().split()
        if all(token in GAPS or token.endswith("?") for token in tokens):
            raise CorpusError("screening_invalid", f"{where}: “{row}” has no word that must stand there")
        for name in (c.strip("<>") for token in tokens for c in token.rstrip("?").split("|") if c.startswith("<")):
            if name not in self.lists:
                raise CorpusError("screening_invalid", f"{where}: “{row}” names no list <{name}>")
        return " ".join(token if token in GAPS else self._token(token) for token in tokens)

    def _token(self, token: str) -> str:
        optional = "?" if token.endswith("?") else ""
        return "|".join(self._choice(choice) for choice in token.rstrip("?").split("|") if choice) + optional

    def _choice(self, choice: str) -> str:
        if choice.startswith("<"):
            return choice
        words = str(choice).replace(",", "").replace("_", " ").split()
        return "_".join(self._short_forms.get(word, word).replace(" ", "_") for word in words if word)


def _rules(path: Path, read: PatternReader) -> Iterator[Rule]:
    for group in read_settings(RuleFile, path).groups:
        source = f"{path.stem}/{group.name}"
        for row in group.patterns:
            yield Rule(read(row, source), group.action, group.category, group.weight, source, read.lists, group.topic)


def _context_index(name: str, rows: tuple[str, ...], read: PatternReader) -> RuleIndex:
    source = f"context/{name}"
    return RuleIndex(Rule(read(row, source), "", name, 0, source, read.lists) for row in rows)
