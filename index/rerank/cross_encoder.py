"""Any cross-encoder of sentence-transformers, by name or path. Loads torch: only where a setting asks for one."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import Any

from index.errors import IndexingError


class CrossEncoderReranker:
    """A model of the hub's cache or of a folder; nothing is fetched, no code of the model's is run."""

    def __init__(self, name: str) -> None:
        self._name = name

    @property
    def name(self) -> str:
        """The model's name or path."""
        return self._name

    def scores(self, question: str, passages: Sequence[str]) -> list[float]:
        """One logit a passage."""
        if not passages:
            return []
        import torch

        pairs = [(question, passage) for passage in passages]
        found = self._model.predict(pairs, activation_fn=torch.nn.Identity(), show_progress_bar=False)
        return [float(score) for score in found]

    @cached_property
    def _model(self) -> Any:  # noqa: ANN401
        from sentence_transformers import CrossEncoder

        try:
            return CrossEncoder(self._name, num_labels=1, local_files_only=True, trust_remote_code=False)
        except Exception as error:  # the library raises whatever its parts raise
            raise IndexingError(
                "reranker", f"the reranker {self._name} cannot be loaded ({error}); check EVIDENCE_BOT_RERANKER"
            ) from error
