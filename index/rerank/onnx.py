"""A small cross-encoder as int8 ONNX: it scores pairs of texts. The default reranker is one (`training/reranker`)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
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
NAMES = {"model": "model.onnx", "tokenizer": "tokenizer.json", "card": "reranker.json"}
INPUTS = ("input_ids", "attention_mask", "token_type_ids")


class OnnxCrossEncoder:
    """Runs the model of a folder, whose files have these names. Loads at first use; safe to share between threads."""

    def __init__(self, folder: Path = FOLDER, names: Mapping[str, str] = NAMES) -> None:
        self._files = {part: folder / name for part, name in names.items()}

    @property
    def name(self) -> str:
        """Whose model it is, and its hash."""
        return f"evidence-bot {self._files['card'].stem} {self._card['sha256'][:12]}"

    def scores(self, question: str, passages: Sequence[str]) -> list[float]:
        """One logit a passage. Each pair runs by itself: with int8 the company in a batch would change its score, and padding
        would cost more than the batch saves."""
        return [self._score(question, passage) for passage in passages]

    def _score(self, question: str, passage: str) -> float:
        encoded = self._tokenizer.encode(question, passage)
        rows = (encoded.ids, [1] * len(encoded.ids), encoded.type_ids)
        feed = {name: np.array([row], np.int64) for name, row in zip(INPUTS, rows, strict=True)}
        return float(self._session.run(None, feed)[0][0])

    @cached_property
    def _card(self) -> dict[str, Any]:
        return read_model_card(self._files["card"], self._files["model"], ("max_tokens",))

    @cached_property
    def _tokenizer(self) -> Tokenizer:
        from tokenizers import Tokenizer

        try:
            tokenizer = Tokenizer.from_file(str(self._files["tokenizer"]))
        except Exception as error:  # tokenizers raises bare Exception
            raise IndexingError("reranker", f"{self._files['tokenizer']}: cannot be loaded; install again") from error
        tokenizer.enable_truncation(int(self._card["max_tokens"]), strategy="only_second")
        return tokenizer

    @cached_property
    def _session(self) -> InferenceSession:
        import onnxruntime as ort

        _ = self._card  # a damaged file is refused before it is run
        try:
            return ort.InferenceSession(str(self._files["model"]), providers=["CPUExecutionProvider"])
        except Exception as error:  # onnxruntime raises bare classes of its own C++ layer
            raise IndexingError("reranker", f"{self._files['model']}: cannot be loaded; install again") from error
