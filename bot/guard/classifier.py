"""The classifier: a small language model, fine-tuned on labelled messages (see `training/screening`), as int8 ONNX.

It gives a share for each of six actions and for each language that replies are written in. It needs onnxruntime and tokenizers, and loads at first use: where it cannot, the other layers decide alone.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from corpus.errors import CorpusError

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
    from onnxruntime import InferenceSession
    from tokenizers import Tokenizer

CARD, MODEL, TOKENIZER = "classifier.json", "model.onnx", "tokenizer.json"
#: So many times the shortest of a batch may the longest be.
LIKE = 1.6
KEYS = frozenset({"sha256", "actions", "languages", "pad", "max_tokens"})


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
        """The scores of texts (`reading.reading`), those of like length in one batch. Raises CorpusError where the model cannot be loaded."""
        import numpy as np  # here, as a rule that fires must not wait for it

        names = [self._card[key] for key in ("actions", "languages")]
        logits = np.zeros((len(texts), sum(map(len, names))), np.float32)
        encoded = [row.ids for row in self._tokenizer.encode_batch(list(texts))]
        for rows in _alike(encoded):
            ids = np.full((len(rows), len(encoded[rows[-1]])), int(self._card["pad"]), np.int64)
            mask = np.zeros_like(ids)
            for place, n in enumerate(rows):
                ids[place, : len(encoded[n])] = encoded[n]
                mask[place, : len(encoded[n])] = 1
            logits[rows] = self._session.run(None, {"input_ids": ids, "attention_mask": mask})[0]
        parts = [_shares(part) for part in np.split(logits, [len(names[0])], axis=1)]
        return [
            Scores(*(dict(zip(keys, map(float, row), strict=True)) for keys, row in zip(names, rows, strict=True)))
            for rows in zip(*parts, strict=True)
        ]

    @cached_property
    def _card(self) -> dict[str, Any]:
        path = self._folder / CARD
        try:
            card: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
            digest = hashlib.sha256((self._folder / MODEL).read_bytes()).hexdigest()
        except (OSError, ValueError) as error:
            raise CorpusError("classifier", f"{path}: the classifier cannot be read ({error})") from error
        if missing := KEYS - card.keys():
            raise CorpusError("classifier", f"{path}: the key {min(missing)} is missing; run `make classifier`")
        if digest != card["sha256"]:
            raise CorpusError("classifier", f"{self._folder / MODEL}: is damaged: its hash is not the one of {CARD}")
        return card

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


def _alike(encoded: Sequence[Sequence[int]]) -> Iterator[list[int]]:
    """Their numbers in groups of like length, each from short to long: padding to one length would cost more than it saves."""
    order = sorted(range(len(encoded)), key=lambda n: len(encoded[n]))
    group: list[int] = []
    for n in order:
        if group and len(encoded[n]) > LIKE * len(encoded[group[0]]):
            yield group
            group = []
        group.append(n)
    if group:
        yield group


def _shares(logits: NDArray[np.float32]) -> NDArray[np.float32]:
    """Softmax of each row."""
    import numpy as np

    powers = np.exp(logits - logits.max(1, keepdims=True))
    shares: NDArray[np.float32] = powers / powers.sum(1, keepdims=True)
    return shares
