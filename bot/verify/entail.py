"""Does a passage support a sentence wholly? Our own small cross-encoder (`training/entailment`), and on demand another beside it."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from functools import cached_property
from pathlib import Path
from typing import Any, Protocol

from bot.errors import BotError
from index.rerank.onnx import OnnxCrossEncoder

FOLDER = Path(__file__).parent / "entailment"
NAMES = {"model": "model.onnx", "tokenizer": "tokenizer.json", "card": "entailment.json"}
#: What a model reads of a document beside a passage, and how much of each.
KNOWN, MOST_WORDS = ("population", "intervention"), 14


class Entailment(Protocol):
    """Judges one sentence."""

    def probability(self, source: str, sentence: str) -> float:
        """How probably the source supports the sentence, 0 to 1. Raises BotError or IndexingError where the model cannot be loaded."""
        ...


class OwnEntailment:
    """The model that ships."""

    def __init__(self, folder: Path = FOLDER) -> None:
        self._model = OnnxCrossEncoder(folder, NAMES)

    def probability(self, source: str, sentence: str) -> float:
        """See `Entailment`."""
        return 1 / (1 + math.exp(-self._model.scores(sentence, [source])[0]))


class NamedEntailment:
    """A cross-encoder of sentence-transformers by name or path: an NLI model with the label “entailment”, or one with a single score.
    Nothing is fetched."""

    def __init__(self, name: str) -> None:
        self._name = name

    def probability(self, source: str, sentence: str) -> float:
        """See `Entailment`."""
        scores = [float(score) for score in self._scored(source, sentence)]
        return scores[self._place] if len(scores) > 1 else scores[0]

    def _scored(self, source: str, sentence: str) -> Any:  # noqa: ANN401
        model = self._model
        from torch.nn import Sigmoid, Softmax

        shares = Softmax(dim=-1) if model.config.num_labels > 1 else Sigmoid()
        return model.predict([(source, sentence)], activation_fn=shares, show_progress_bar=False).reshape(-1)

    @cached_property
    def _place(self) -> int:
        labels = self._model.config.id2label
        place = next(
            (n for n, label in labels.items() if "entail" in str(label).lower() and "not" not in str(label).lower()),
            None,
        )
        if place is None:
            raise BotError("entailment", f"{self._name}: none of its labels {sorted(labels.values())} is entailment")
        return int(place)

    @cached_property
    def _model(self) -> Any:  # noqa: ANN401
        from sentence_transformers import CrossEncoder

        try:
            return CrossEncoder(self._name, local_files_only=True, trust_remote_code=False)
        except Exception as error:  # the library raises whatever its parts raise
            raise BotError(
                "entailment", f"{self._name} cannot be loaded ({error}); check EVIDENCE_BOT_ENTAILMENT"
            ) from error


def source_text(passages: Iterable[tuple[str, Mapping[str, Any]]]) -> str:
    """Passages with what is known of their documents, as the models read them."""
    parts = []
    for text, document in passages:
        about = "; ".join(" ".join(str(document[key]).split()[:MOST_WORDS]) for key in KNOWN if document.get(key))
        parts.append(f"{text} ({about})" if about else text)
    return " ".join(parts)
