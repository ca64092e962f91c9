"""The order of passages by the fusion and by the reranker together."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace

from index.passage import Passage
from index.rerank.base import Reranker

#: Of a passage's place, so much is the reranker's say, the rest the fusion's. Best on the golden development set; on BioASQ .3 to .7 are alike.
SHARE = 0.4


def blend(passages: Sequence[Passage], question: str, reranker: Reranker, most: int) -> list[Passage]:
    """The first passages in the order of both scores together, each between 0 and 1; the others follow as they were."""
    first, others = passages[:most], passages[most:]
    if not first:
        return list(passages)
    scores = reranker.scores(question, [p.chunk.text for p in first])
    read = [replace(p, answers=1 / (1 + math.exp(-score))) for p, score in zip(first, scores, strict=True)]
    return [*by_both(read), *others]


def by_both(read: Sequence[Passage]) -> list[Passage]:
    """Passages that the reranker has read, in the order of both scores."""
    best = max((p.score for p in read), default=1.0)
    return sorted(read, key=lambda p: -(SHARE * (p.answers or 0.0) + (1 - SHARE) * p.score / best))
