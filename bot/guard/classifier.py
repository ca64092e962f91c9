"""The classifier: a small language model, fine-tuned on labelled messages (see `training/screening`), as int8 ONNX.

It gives a share for each of six actions and for each language that replies are written in. It needs onnxruntime and tokenizers, and loads at first use: where it cannot, the other layers decide alone.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from corpus.errors import CorpusError
from corpus.model_card import read_model_card

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
    from onnxruntime import InferenceSession
    from tokenizers import Tokenizer

CARD, MODEL, TOKENIZER = "classifier.json", "model.onnx", "tokenizer.json"


@dataclass(frozen=True)
class Scores:
    """What one text speaks for: shares (0 to 1, together 1) of actions and of languages."""

    actions: Mapping[str, float]
    languages: Mapping[str, float]


class Classifier:
    """The model of a folder. Nothing is read before the first text; safe to share between threads."""

    def __init__(self, folder: Path, threads: int = 1) -> None:
        self._folder = folder
        self._threads = threads

    def read(self, texts: Sequence[str]) -> list[Scores]:
        """The scores of texts (`reading.reading`). Raises CorpusError where the model cannot be loaded.

        Each runs by itself: with int8 the company in a batch would change its scores, and padding costs more than it saves.
        """
        import numpy as np  # here, as a rule that fires must not wait for it

        names = [self._card[key] for key in ("actions", "languages")]
        encoded = [row.ids for row in self._tokenizer.encode_batch(list(texts))]
        rows = [
            self._session.run(None, {"input_ids": np.array([ids]), "attention_mask": np.ones((1, len(ids)), np.int64)})
            for ids in encoded
        ]
        logits = np.concatenate([row[0] for row in rows])
        parts = [_shares(part) for part in np.split(logits, [len(names[0])], axis=1)]
        return [
            Scores(*(dict(zip(keys, map(float, row), strict=True)) for keys, row in zip(names, rows, strict=True)))
            for rows in zip(*parts, strict=True)
        ]

    @cached_property
    def _card(self) -> dict[str, Any]:
        return read_model_card(self._folder / CARD, self._folder / MODEL, ("actions", "languages", "max_tokens"))

    @cached_property
    def _tokenizer(self) -> Tokenizer:
        try:
            from tokenizers import Tokenizer

            tokenizer = Tokenizer.from_file(str(self._folder / TOKENIZER))
        except Exception as error:  # tokenizers raises bare Exception
            raise CorpusError("classifier", f"{self._folder / TOKENIZER}: cannot be loaded ({error})") from error
        tokenizer.enable_truncation(int(self._card["max_tokens"]))
        return tokenizer

    @cached_property
    def _session(self) -> InferenceSession:
        try:
            import onnxruntime as ort

            options = ort.SessionOptions()
            options.intra_op_num_threads = self._threads
            return ort.InferenceSession(str(self._folder / MODEL), options, providers=["CPUExecutionProvider"])
        except Exception as error:  # onnxruntime raises bare classes of its own C++ layer
            raise CorpusError("classifier", f"{self._folder / MODEL}: cannot be loaded ({error})") from error


def _shares(logits: NDArray[np.float32]) -> NDArray[np.float32]:
    """Softmax of each row."""
    import numpy as np

    powers = np.exp(logits - logits.max(1, keepdims=True))
    shares: NDArray[np.float32] = powers / powers.sum(1, keepdims=True)
    return shares
