"""A chunk as it was retrieved."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from index.chunk import Chunk


@dataclass(frozen=True)
class Passage:
    """A chunk with its document's bibliography, its fused score and the similarities that made it.

    `statement` and `question` are cosine similarities of the query with the chunk and with the nearest of its questions
    (0 where the search did not reach it); `keywords` is its BM25 score. `answers` (0 to 1) is how well it answers, as the reranker
    sees it; None where it did not look at it.
    """

    chunk: Chunk
    document: Mapping[str, Any]
    score: float
    statement: float = 0.0
    question: float = 0.0
    keywords: float = 0.0
    answers: float | None = None
