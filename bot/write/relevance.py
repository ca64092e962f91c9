"""Two probabilities, each a logistic sum of few readable signs: does a passage bear on a question, and can it be answered at all?

The weights are data (`corpus/settings/relevance.yaml`), fitted by `training/relevance.py` on the development questions and on
questions that the corpus cannot answer.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path

from pydantic import BaseModel, ConfigDict

from corpus.settings_file import read_settings
from index import Passage

WORD = re.compile(r"[a-z][a-z'-]{3,}")
NAME = re.compile(r"\b[A-Z]{2,5}\b|(?<=[a-z,] )[A-Z][a-z]{2,}")
#: Among so many of the first passages, the commonest topics are the question's.
FIRST = 10
#: Whether a question can be answered is seen from so many passages; the third best must answer too, as one alone is often chance.
LOOKED_AT, THIRD = 5, 2
#: Up to so many words, a word that the corpus never uses is likely what the question is about.
SHORT = 13
LEAST = 1e-4


class Weights(BaseModel):
    """The signs' weights, and from which probability on a question is answered."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    bears_on: Mapping[str, float]
    answerable: Mapping[str, float]
    answer_from: float

    @classmethod
    def load(cls, path: Path) -> Weights:
        """Read the file; raises CorpusError that names it."""
        return read_settings(cls, path)


def bearing(passages: Sequence[Passage], weights: Weights) -> list[float]:
    """How probably each passage's document bears on the question they were found for; they come in the order of retrieval."""
    return [_probability(signs, weights.bears_on) for signs in passage_signs(passages)]


def answerable(passages: Sequence[Passage], text: str, strange: bool, weights: Weights) -> float:
    """How probably the corpus holds an answer. `strange`: the question uses a word that the corpus never does."""
    return _probability(question_signs(passages, text, strange), weights.answerable)


def passage_signs(passages: Sequence[Passage]) -> list[dict[str, float]]:
    """What speaks for a passage: its similarities, and how much of what was found is of its document and its topics."""
    if not passages:
        return []
    best = max(p.score for p in passages) or 1.0
    of_document = Counter(p.chunk.document for p in passages)
    of_topic = Counter(topic for p in passages[:FIRST] for topic in _topics(p))
    first = _topics(passages[0])
    return [
        {
            "question": p.question,
            "statement": p.statement,
            "answers": _logit(p.answers),
            "fused": p.score / best,
            "keywords": math.log1p(p.keywords),
            "of_document": float(of_document[p.chunk.document]),
            "topic_of_first": float(bool(first & _topics(p))),
            "common_topic": max((of_topic[topic] for topic in _topics(p)), default=0) / FIRST,
        }
        for p in passages
    ]


def question_signs(passages: Sequence[Passage], text: str, strange: bool) -> dict[str, float]:
    """What speaks for a question being covered."""
    top = passages[:LOOKED_AT]
    answers = sorted((_logit(p.answers) for p in passages), reverse=True)
    return {
        "question": max((p.question for p in top), default=0.0),
        "answers": answers[min(THIRD, len(answers) - 1)] if answers else _logit(0.0),
        "keywords": math.log1p(max((p.keywords for p in top), default=0.0)),
        "strange": float(strange and len(text.split()) <= SHORT),
    }


def unknown_words(query: str, known: Collection[str]) -> list[str]:
    """Words of a question that are not known in any of their forms: what it asks about may not be covered."""
    words = [w.lower() for w in NAME.findall(query)] + WORD.findall(query.lower())
    return [w for w in dict.fromkeys(words) if not _known(w.strip("'-"), known)]


def _known(word: str, known: Collection[str]) -> bool:
    forms = {word, word.removesuffix("'s")}
    for ending in ("s", "es", "ed", "d", "ing", "ly", "er", "ers"):
        stem = word.removesuffix(ending)
        forms |= {stem, stem + "e", stem + "y"} if stem != word else set()
        forms.add(word + ending)
    if word.endswith("ies"):
        forms.add(word[:-3] + "y")
    return any(form in known for form in forms)


def _topics(passage: Passage) -> set[str]:
    return set(passage.document.get("topics") or ())


def _logit(probability: float | None) -> float:
    """The reranker's score; 0 (undecided) where there is none."""
    if probability is None:
        return 0.0
    inside = min(max(probability, LEAST), 1 - LEAST)
    return math.log(inside / (1 - inside))


def _probability(signs: Mapping[str, float], weights: Mapping[str, float]) -> float:
    total = weights["base"] + sum(weights[name] * value for name, value in signs.items())
    return 1 / (1 + math.exp(-total))
