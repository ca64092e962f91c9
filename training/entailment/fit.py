"""Trains the entailment model and exports it: `python -m training.entailment.fit` (about fifteen minutes on two cores).

all-MiniLM-L6-v2 is fine-tuned as a cross-encoder on `pairs.jsonl`: does a passage, with its document's people and treatment, support a
sentence wholly? In each epoch every true sentence stands there once more, made false by one change (`perturb.py`), another each time. It is written as int8 ONNX to `bot/verify/entailment`. The same machine gives the same file, bit for bit.
"""

from __future__ import annotations

import json
import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from tokenizers import Tokenizer
from torch.nn import functional

from bot.understand import Aspects
from bot.verify.entail import FOLDER, NAMES, source_text
from corpus.library import Library
from index.embed.export import NAME, SOURCE_SHA256
from index.rerank.onnx import INPUTS
from training.cross_encoder import Descent, Network, tensors, untrained
from training.entailment.perturb import Perturber
from training.export import export

PAIRS = Path(__file__).parent / "pairs.jsonl"
CORPUS = Path(__file__).parents[2] / "corpus"
DOCUMENTS, SETTINGS = CORPUS / "documents", CORPUS / "settings"
EPOCHS = 2
BATCH = 32
PACE = 8e-5
MOST_TOKENS = 192
SMOOTHING = 0.05
SEED = 1


@dataclass(frozen=True)
class Pair:
    """A sentence, what it is to rest on, and whether it does."""

    sentence: str
    source: str
    supported: bool


def read_pairs(path: Path, documents: Mapping[str, Mapping[str, Any]]) -> list[Pair]:
    """The labelled pairs of a file, each source with what is known of its document."""
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    return [
        Pair(
            row["sentence"],
            source_text([(p["passage"], documents.get(p["document"], {})) for p in (row, *(row.get("more") or ()))]),
            bool(row["supported"]),
        )
        for row in rows
    ]


def shipped_documents() -> dict[str, dict[str, Any]]:
    """What is known of each shipped document, by id."""
    nowhere = DOCUMENTS / "none"
    cards = Library(DOCUMENTS, nowhere, nowhere / "withdrawn.json").cards()
    return {name: card.model_dump(mode="json") for name, card in cards.items()}


def fit(pairs: Sequence[Pair], epochs: int = EPOCHS) -> tuple[Network, Tokenizer]:
    """Fine-tunes the base model."""
    rnd = random.Random(SEED)
    network, words = untrained(SEED, MOST_TOKENS)
    false = Perturber([Aspects.load(SETTINGS / name) for name in ("aspects.yaml", "terms.yaml")], rnd)
    size = len(pairs) + sum(pair.supported for pair in pairs)
    descent = Descent(network, PACE, epochs * (size // BATCH + 1), 50)
    for epoch in range(epochs):
        network.train()
        lost, seen = 0.0, 0
        for batch in _batches([*pairs, *_made_false(pairs, false)], rnd):
            with torch.autocast("cpu", torch.bfloat16):
                scores = network(*tensors(words, [(pair.sentence, pair.source) for pair in batch]))
            wanted = torch.tensor([1 - SMOOTHING if pair.supported else SMOOTHING for pair in batch])
            loss = functional.binary_cross_entropy_with_logits(scores.float(), wanted)
            descent.step(loss)
            lost, seen = lost + loss.item() * len(batch), seen + len(batch)
        print(f"epoch {epoch + 1} of {epochs}: loss {lost / seen:.3f}", flush=True)  # noqa: T201
    return network, words


def _made_false(pairs: Sequence[Pair], false: Perturber) -> Iterator[Pair]:
    for pair in pairs:
        if pair.supported and (sentence := false.made_false(pair.sentence, pair.source)):
            yield Pair(sentence, pair.source, supported=False)


def _batches(pairs: Sequence[Pair], rnd: random.Random) -> Iterator[list[Pair]]:
    """Pairs in random order, but those of like length in one batch."""
    order = sorted(pairs, key=lambda pair: len(pair.source) + len(pair.sentence) + rnd.random() * 60)
    batches = [order[start : start + BATCH] for start in range(0, len(order), BATCH)]
    rnd.shuffle(batches)
    yield from batches


def main() -> None:
    """Trains on all pairs and exports."""
    torch.set_num_threads(2)
    network, words = fit(read_pairs(PAIRS, shipped_documents()))
    card = {"base": NAME, "source_sha256": SOURCE_SHA256, "max_tokens": MOST_TOKENS}
    export(network, words, FOLDER, NAMES, INPUTS, "score", card)


if __name__ == "__main__":
    main()
