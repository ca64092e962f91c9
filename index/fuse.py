"""Reciprocal rank fusion (Cormack, Clarke and Buettcher, SIGIR 2009): one ranking out of several."""

from __future__ import annotations

from collections.abc import Sequence

#: Small, so that the first places of each ranking count most; 10 beat 60 on the development questions of BioASQ.
K = 10


def fuse(rankings: Sequence[Sequence[str]], weights: Sequence[float] | None = None, k: int = K) -> dict[str, float]:
    """The fused score of every item, best first; an item counts once in a ranking, at its best place."""
    scores: dict[str, float] = {}
    for ranking, weight in zip(rankings, weights or [1.0] * len(rankings), strict=True):
        for rank, item in enumerate(dict.fromkeys(ranking), 1):
            scores[item] = scores.get(item, 0.0) + weight / (k + rank)
    return dict(sorted(scores.items(), key=lambda pair: -pair[1]))
