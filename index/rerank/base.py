"""What every reranker offers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol


class Reranker(Protocol):
    """Scores pairs of question and passage: above 0 where the passage rather answers the question, below where it does not."""

    @property
    def name(self) -> str: ...  # noqa: D102

    def scores(self, question: str, passages: Sequence[str]) -> list[float]:
        """One score (a logit) a passage, in their order. Raises IndexingError or CorpusError where the model cannot be loaded."""
        ...
