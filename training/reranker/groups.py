"""What the reranker learns from: a question, a passage that answers it, and passages near it that do not."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from bot.evaluate.retrieval import read_qrels
from index.chunk import Chunk
from index.embed.base import Embedder
from index.fuse import fuse
from index.keywords import KeywordIndex

NEAR = 40
#: A statement so like the right one, or with a question so like this one, may answer it too: it is no negative.
SAME_STATEMENT, SAME_QUESTION = 0.88, 0.85
#: A known question is nearer to another question than a statement is.
STATEMENT_LIFT = 0.05
#: Of the passages that answer a BioASQ question so many are shown.
MOST_RIGHT = 1
#: Of ten BioASQ questions so many train; the others measure.
TRAINING_TENTHS = 7


@dataclass(frozen=True)
class Group:
    """A question, a passage that answers it, and passages near it that do not, the nearest first."""

    question: str
    right: str
    wrong: tuple[str, ...]


def from_statements(chunks: Sequence[Chunk], embedder: Embedder) -> list[Group]:
    """One group for each question of each statement of the corpus."""
    asked = [(n, question) for n, chunk in enumerate(chunks) for question in chunk.questions]
    owner = np.array([n for n, _ in asked])
    bare = np.asarray(embedder.embed([chunk.text for chunk in chunks]))
    statements = np.asarray(embedder.embed([chunk.embedded for chunk in chunks]))
    questions = np.asarray(embedder.embed([question for _, question in asked]))
    found = []
    for place, (own, question) in enumerate(asked):
        nearest_question = np.full(len(chunks), -1.0)
        np.maximum.at(nearest_question, owner, questions @ questions[place])
        also_right = (bare @ bare[own] > SAME_STATEMENT) | (nearest_question > SAME_QUESTION)
        reach = np.maximum(statements @ questions[place] + STATEMENT_LIFT, nearest_question)
        reach[also_right] = reach[own] = -1
        found.append(Group(question, chunks[own].text, _texts(reach, chunks)))
    return found


def from_beir(folder: Path, embedder: Embedder) -> list[Group]:
    """Groups of the training part of a BEIR-format folder; near passages by fusion of vectors and words."""
    documents = {row["_id"]: row["text"] for row in _rows(folder / "corpus.jsonl")}
    judged = read_qrels(folder / "qrels" / "test.tsv")
    ids = list(documents)
    vectors = np.asarray(embedder.embed(list(documents.values())))
    keywords = KeywordIndex.build(list(documents.values()))
    found = []
    for row in _rows(folder / "queries.jsonl"):
        relevant = [i for i in judged.get(row["_id"], ()) if i in documents]
        if not relevant or not for_training(row["_id"]):
            continue
        question = row["text"]
        likeness = vectors @ np.asarray(embedder.embed([question])[0])
        dense = [ids[n] for n in np.argsort(-likeness, kind="stable")[: 2 * NEAR]]
        words = [ids[n] for n, _ in keywords.search(question, 2 * NEAR)]
        near = [i for i in fuse([dense, words]) if i not in relevant][:NEAR]
        found += [Group(question, documents[i], tuple(documents[n] for n in near)) for i in relevant[:MOST_RIGHT]]
    return found


def for_training(query: str) -> bool:
    """Whether a question of a BEIR-format folder trains; the others are held back."""
    return int(hashlib.sha256(query.encode()).hexdigest(), 16) % 10 < TRAINING_TENTHS


def _texts(reach: NDArray[np.float64], chunks: Sequence[Chunk]) -> tuple[str, ...]:
    return tuple(chunks[n].text for n in np.argsort(-reach, kind="stable")[:NEAR] if reach[n] > 0)


def _rows(path: Path) -> Iterable[dict[str, str]]:
    with path.open(encoding="utf-8") as file:
        yield from map(json.loads, file)
