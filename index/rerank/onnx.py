"""The default reranker: a small cross-encoder trained on the corpus's own questions (`training/reranker`), int8 ONNX."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from corpus.model_card import read_model_card
from index.errors import IndexingError

if TYPE_CHECKING:
    from onnxruntime import InferenceSession
    from tokenizers import Tokenizer

FOLDER = Path(__file__).parent / "model"
CARD, MODEL, TOKENIZER = "reranker.json", "model.onnx", "tokenizer.json"
INPUTS = ("input_ids", "attention_mask", "token_type_ids")


class OnnxReranker:
    """Runs the model of a folder. Loads at first use; safe to share between threads."""

    def __init__(self, folder: Path = FOLDER) -> None:
        self._folder = folder

    @property
    def name(self) -> str:
        """The model's name and hash."""
        return f"evidence-bot reranker {self._card['sha256'][:12]}"

    def scores(self, question: str, passages: Sequence[str]) -> list[float]:
        """One score a passage. Each pair runs by itself: with int8 the company in a batch would change its score, and padding
        would cost more than the batch saves."""
        return [self._score(question, passage) for passage in passages]

    def _score(self, question: str, passage: str) -> float:
        encoded = self._tokenizer.encode(question, passage)
        rows = (encoded.ids, [1] * len(encoded.ids), encoded.type_ids)
        feed = {name: np.array([row], np.int64) for name, row in zip(INPUTS, rows, strict=True)}
        return float(self._session.run(None, feed)[0][0])

    @cached_property
    def _card(self) -> dict[str, Any]:
        return read_model_card(self._folder / CARD, self._folder / MODEL, ("max_tokens",))

    @cached_property
    def _tokenizer(self) -> Tokenizer:
        from tokenizers import Tokenizer

        try:
            tokenizer = Tokenizer.from_file(str(self._folder / TOKENIZER))
        except Exception as error:  # tokenizers raises bare Exception
            raise IndexingError("reranker", f"{self._folder / TOKENIZER}: cannot be loaded; install again") from error
        tokenizer.enable_truncation(int(self._card["max_tokens"]), strategy="only_second")
        return tokenizer

    @cached_property
    def _session(self) -> InferenceSession:
        import onnxruntime as ort

        _ = self._card  # a damaged file is refused before it is run
        try:
            return ort.InferenceSession(str(self._folder / MODEL), providers=["CPUExecutionProvider"])
        except Exception as error:  # onnxruntime raises bare classes of its own C++ layer
            raise IndexingError("reranker", f"{self._folder / MODEL}: cannot be loaded; install again") from error
