"""Trains the reranker and exports it: `python -m training.reranker.fit BIOASQ` (about half an hour on two cores).

all-MiniLM-L6-v2 is fine-tuned as a cross-encoder: among a passage that answers a question and passages near the question that
do not, the first must score highest, and above zero. It learns from the questions of the corpus's own statements and from
seven tenths of the questions of a BEIR-format folder (BioASQ; its text is not part of this project). It is written as int8
ONNX to `index/rerank/model`. The same machine gives the same file, bit for bit.
"""

from __future__ import annotations

import random
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

import torch
from tokenizers import Tokenizer
from torch.nn import functional

from corpus.library import Library
from index.chunk import chunk_card
from index.embed import load_embedder
from index.embed.export import NAME, SOURCE_SHA256
from index.rerank.onnx import FOLDER, INPUTS, NAMES
from training.cross_encoder import Descent, Network, tensors, untrained
from training.export import export
from training.reranker.groups import NEAR, Group, from_beir, from_statements

DOCUMENTS = Path(__file__).parents[2] / "corpus" / "documents"
EPOCHS = 1
GROUPS_AT_ONCE = 8
#: Batches whose groups are sorted by length together, so that little is padded.
SORTED_TOGETHER = 40
NEAREST, OTHERS = 3, 1
PACE = 6e-5
MOST_TOKENS = 128
SEED = 1


def fit(groups: Sequence[Group], epochs: int = EPOCHS) -> tuple[Network, Tokenizer]:
    """Fine-tunes the base model on groups."""
    rnd = random.Random(SEED)
    network, words = untrained(SEED, MOST_TOKENS)
    descent = Descent(network, PACE, epochs * (len(groups) // GROUPS_AT_ONCE + 1), 100)
    for epoch in range(epochs):
        network.train()
        lost = 0.0
        for batch in _batches(groups, rnd):
            pairs = [(group.question, text) for group in batch for text in (group.right, *_wrong(group, rnd))]
            with torch.autocast("cpu", torch.bfloat16):
                scores = network(*tensors(words, pairs))
            scores = scores.float().view(len(batch), -1)
            wanted = torch.zeros_like(scores)
            wanted[:, 0] = 1
            loss = functional.cross_entropy(scores, torch.zeros(len(batch), dtype=torch.long))
            loss = loss + functional.binary_cross_entropy_with_logits(scores, wanted)
            descent.step(loss)
            lost += loss.item() * len(batch)
        print(f"epoch {epoch + 1} of {epochs}: loss {lost / len(groups):.3f}", flush=True)  # noqa: T201
    return network, words


def _batches(groups: Sequence[Group], rnd: random.Random) -> Iterator[list[Group]]:
    """Groups in random order, but those of like length in one batch."""
    order = rnd.sample(list(groups), len(groups))
    size = GROUPS_AT_ONCE * SORTED_TOGETHER
    batches: list[list[Group]] = []
    for start in range(0, len(order), size):
        part = sorted(order[start : start + size], key=lambda g: len(g.right) + max(map(len, g.wrong), default=0))
        batches += [part[n : n + GROUPS_AT_ONCE] for n in range(0, len(part), GROUPS_AT_ONCE)]
    rnd.shuffle(batches)
    yield from batches


def _wrong(group: Group, rnd: random.Random) -> list[str]:
    """Some of the passages that do not answer, most of them from the nearest."""
    return [*rnd.sample(group.wrong[: NEAR // 4], NEAREST), *rnd.sample(group.wrong[NEAR // 4 :], OTHERS)]


def main() -> None:
    """Trains on the shipped documents' questions and on the training part of the BEIR-format folder, and exports."""
    torch.set_num_threads(2)
    nowhere = DOCUMENTS / "none"
    cards = Library(DOCUMENTS, nowhere, nowhere / "withdrawn.json").cards()
    chunks = [chunk for card in cards.values() for chunk in chunk_card(card)]
    embedder = load_embedder()
    groups = [*from_statements(chunks, embedder), *from_beir(Path(sys.argv[1]), embedder)]
    groups = [group for group in groups if len(group.wrong) >= NEAR // 4 + OTHERS]
    print(f"{len(groups)} questions with an answer and what lies near it", flush=True)  # noqa: T201
    network, words = fit(groups)
    card = {"base": NAME, "source_sha256": SOURCE_SHA256, "max_tokens": MOST_TOKENS}
    export(network, words, FOLDER, NAMES, INPUTS, "score", card)


if __name__ == "__main__":
    main()
