"""Retrieval: reciprocal rank fusion of three searches, over one version of the index, and the best of it reranked.

The question is compared with the vectors of the statements, with the vectors of the questions that each statement answers,
and by keywords with both. A cross-encoder then reads the question and each of the first passages together.
"""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from langchain_core.callbacks import CallbackManagerForRetrieverRun
from langchain_core.documents import Document
from langchain_core.retrievers import BaseRetriever
from pydantic import ConfigDict

from index.chunk import Chunk
from index.embed.base import Embedder, Vectors
from index.errors import IndexingError
from index.fuse import fuse
from index.keywords import KeywordIndex
from index.passage import Passage
from index.rerank import Reranker
from index.rerank.blend import blend
from index.vectors import QUESTIONS, STATEMENTS, VectorStore
from index.version.builder import EXACT, keyword_text
from index.version.store import VersionStore

#: How many hits each search gives to the fusion.
DEPTH = 60
#: So many of the fusion are reranked.
RERANKED = 30
#: Up to this many vectors, the search compares them all.
EXACT_UP_TO = 100_000
#: A statement's similarity with a question is lower, by about this much, than that of an equally good known question.
STATEMENT_LIFT = 0.08
WORD = re.compile(r"[a-z][a-z'-]+")


class Reader:
    """One version, open for reading."""

    def __init__(
        self, folder: Path, version: str, model_sha256: str, embedder: Embedder, reranker: Reranker | None = None
    ) -> None:
        if model_sha256 != embedder.sha256:
            raise IndexingError(
                "model",
                f"index version {version} was built by another model than {embedder.name}; run `evidence-bot index build`",
            )
        self.version = version
        self._reranker = reranker
        self.chunks = [Chunk.from_row(row) for row in _rows(folder / "chunks.jsonl")]
        self.documents: dict[str, dict[str, Any]] = {row["id"]: row for row in _rows(folder / "documents.jsonl")}
        self._place = {chunk.id: place for place, chunk in enumerate(self.chunks)}
        self._vectors = VectorStore(folder / "chroma")
        self._exact = _exact(folder / EXACT)
        self._asked = [c.id for c in self.chunks for _ in c.questions]
        self._keywords = KeywordIndex.load(folder / "keywords")
        self._has_questions = self._vectors.count(QUESTIONS) > 0
        self.users = 0
        self.retired = False

    def search(self, query: str, vector: Vectors, k: int, question: str | None = None) -> list[Passage]:
        """The k best passages for a query and its vector, best first.

        The reranker reads `question`: the query as it was asked, where words were added to it for the search.
        """
        found = self._fused(query, vector, max(k, RERANKED))
        if self._reranker is None:
            return found[:k]
        return blend(found, question or query, self._reranker, RERANKED)[:k]

    def statement(self, document: str, text: str) -> Passage | None:
        """The passage that holds a whole statement of a document, if it is there as it was."""
        words = text.split()
        chunk = next((c for c in self.chunks if c.document == document and c.text.split() == words), None)
        return Passage(chunk, self.documents.get(document, {}), 1.0) if chunk else None

    def _fused(self, query: str, vector: Vectors, k: int) -> list[Passage]:
        statements = self._nearest(STATEMENTS, vector)
        questions = self._questions(vector, statements) if self._has_questions else []
        keywords = [(self.chunks[p].id, s) for p, s in self._keywords.search(query, DEPTH)]
        fused = fuse([[c for c, _ in ranking] for ranking in (questions, statements, keywords)])
        near, asked, words = (_best(ranking) for ranking in (statements, questions, keywords))
        return [
            Passage(
                chunk=(chunk := self.chunks[self._place[i]]),
                document=self.documents.get(chunk.document, {}),
                score=score,
                statement=near.get(i, 0.0),
                question=asked.get(i, 0.0),
                keywords=words.get(i, 0.0),
            )
            for i, score in list(fused.items())[:k]
        ]

    def _questions(self, vector: Vectors, statements: list[tuple[str, float]]) -> list[tuple[str, float]]:
        """The ranking by known questions. A statement that has none yet takes part with its own similarity, lifted, so that
        a source is found as soon as it is added."""
        known = self._nearest(QUESTIONS, vector)
        bare = [(i, s + STATEMENT_LIFT) for i, s in statements if not self.chunks[self._place[i]].questions]
        return sorted((*known, *bare), key=lambda hit: -hit[1])

    def _nearest(self, collection: str, vector: Vectors) -> list[tuple[str, float]]:
        """Exact where the vectors are few enough to compare all: Chroma's graph misses a near passage in some builds."""
        if len(self._exact) > EXACT_UP_TO:
            return self._vectors.search(collection, vector, min(DEPTH, len(self.chunks)))
        first = 0 if collection == STATEMENTS else len(self.chunks)
        owners = [c.id for c in self.chunks] if collection == STATEMENTS else self._asked
        scores = self._exact[first : first + len(owners)] @ vector
        return [(owners[i], float(scores[i])) for i in np.argsort(-scores, kind="stable")[:DEPTH]]

    @cached_property
    def vocabulary(self) -> frozenset[str]:
        """Every word of the version's passages, headers and questions, in lower case."""
        return frozenset(w for c in self.chunks for w in WORD.findall(keyword_text(c).lower()))

    def close(self) -> None:
        """Release the version's files."""
        self._vectors.close()


class LiveIndex:
    """The live version, whichever it is: moves to a new one by itself and releases the old when its last question is done."""

    def __init__(
        self, store: VersionStore, embedder: Embedder, pinned: str | None = None, reranker: Reranker | None = None
    ) -> None:
        self._store = store
        self._embedder = embedder
        self._reranker = reranker
        self._pinned = pinned
        self._reader: Reader | None = None
        self._lock = threading.Lock()

    @property
    def embedder(self) -> Embedder:
        """The embedder of questions."""
        return self._embedder

    @property
    def reranker(self) -> Reranker | None:
        """The reranker of what was found, if there is one."""
        return self._reranker

    @contextmanager
    def reader(self) -> Iterator[Reader]:
        """The reader for one question; raises IndexingError where there is no usable version."""
        with self._lock:
            reader = self._current()
            reader.users += 1
        try:
            yield reader
        finally:
            with self._lock:
                reader.users -= 1
                if reader.retired and not reader.users:
                    reader.close()

    def _current(self) -> Reader:
        version = self._pinned or self._store.live
        if version is None:
            raise IndexingError("no_index", "there is no index yet; run `evidence-bot index build`")
        if self._reader is None or self._reader.version != version:
            manifest = self._store.manifest(version)
            folder = self._store.path(version)
            fresh = Reader(folder, version, manifest.model_sha256, self._embedder, self._reranker)
            if (old := self._reader) is not None:
                old.retired = True
                if not old.users:
                    old.close()
            self._reader = fresh
        return self._reader

    def embed(self, query: str) -> Vectors:
        """The vector of a question."""
        return np.asarray(self._embedder.embed([query])[0], np.float32)

    def search(self, query: str, k: int = 10) -> list[Passage]:
        """The k best passages of the live version."""
        with self.reader() as reader:
            return reader.search(query, self.embed(query), k)

    def close(self) -> None:
        """Release the live version."""
        with self._lock:
            if self._reader is not None:
                self._reader.close()
                self._reader = None


class Retriever(BaseRetriever):
    """LangChain's view of the index: `Retriever(index=...).invoke("question")` gives Documents with their places as metadata."""

    model_config = ConfigDict(arbitrary_types_allowed=True)

    index: LiveIndex
    k: int = 10

    def _get_relevant_documents(self, query: str, *, run_manager: CallbackManagerForRetrieverRun) -> list[Document]:
        return [
            Document(
                page_content=p.chunk.text,
                id=p.chunk.id,
                metadata={
                    "document": p.chunk.document,
                    "section": p.chunk.section,
                    "start": p.chunk.start,
                    "end": p.chunk.end,
                    "score": p.score,
                    "title": p.document.get("title"),
                },
            )
            for p in self.index.search(query, self.k)
        ]


def _best(hits: list[tuple[str, float]]) -> dict[str, float]:
    best: dict[str, float] = {}
    for item, score in hits:
        best[item] = max(score, best.get(item, score))
    return best


def _rows(path: Path) -> Iterator[dict[str, Any]]:
    try:
        with path.open(encoding="utf-8") as file:
            yield from map(json.loads, file)
    except (OSError, ValueError) as error:
        raise IndexingError("index", f"{path}: the version is damaged; build another or roll back") from error


def _exact(path: Path) -> Vectors:
    try:
        return np.asarray(np.load(path), np.float32)
    except (OSError, ValueError) as error:
        raise IndexingError("index", f"{path}: the version is damaged; build another or roll back") from error
