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
from transformers import AutoModel

from corpus.library import Library
from index.chunk import chunk_card
from index.embed import load_embedder
from index.embed.export import NAME, SOURCE_SHA256, source_folder
from index.rerank.onnx import FOLDER, INPUTS, NAMES
from training.export import export
from training.reranker.groups import NEAR, Group, from_beir, from_statements

DOCUMENTS = Path(__file__).parents[2] / "corpus" / "documents"
EPOCHS = 1
GROUPS_AT_ONCE = 8
#: Batches whose groups are sorted by length together, so that little is padded.
SORTED_TOGETHER = 40
NEAREST, OTHERS = 3, 1
PACE = 6e-5
WARM_UP = 0.06
MOST_TOKENS = 128
SEED = 1


class Network(torch.nn.Module):
    """The encoder over question and passage together, the mean of its words, and one score."""

    def __init__(self, base: torch.nn.Module, width: int) -> None:
        super().__init__()
        self.base = base
        self.drop = torch.nn.Dropout(0.1)
        self.head = torch.nn.Linear(width, 1)

    def forward(
        self, input_ids: torch.Tensor, attention_mask: torch.Tensor, token_type_ids: torch.Tensor
    ) -> torch.Tensor:
        """One score a pair."""
        words = self.base(
            input_ids=input_ids, attention_mask=attention_mask, token_type_ids=token_type_ids
        ).last_hidden_state
        mask = attention_mask.unsqueeze(-1).to(words.dtype)
        mean = (words * mask).sum(1) / mask.sum(1)
        score: torch.Tensor = self.head(self.drop(mean.float())).squeeze(-1)
        return score


def fit(groups: Sequence[Group], epochs: int = EPOCHS) -> tuple[Network, Tokenizer]:
    """Fine-tunes the base model on groups."""
    torch.manual_seed(SEED)
    torch.use_deterministic_algorithms(True)
    rnd = random.Random(SEED)
    folder = source_folder()
    words = Tokenizer.from_file(str(folder / "tokenizer.json"))
    words.no_padding()
    words.enable_truncation(MOST_TOKENS, strategy="only_second")
    base = AutoModel.from_pretrained(str(folder), local_files_only=True, attn_implementation="eager")
    network = Network(base, base.config.hidden_size)
    optimiser = torch.optim.AdamW(network.parameters(), lr=PACE, weight_decay=0.01, fused=True)
    steps, step = epochs * (len(groups) // GROUPS_AT_ONCE + 1), 0
    for epoch in range(epochs):
        network.train()
        lost = 0.0
        for batch in _batches(groups, rnd):
            step += 1
            for part in optimiser.param_groups:
                part["lr"] = PACE * min(1.0, step / (WARM_UP * steps)) * max(0.02, 1 - step / (steps + 1))
            pairs = [(group.question, text) for group in batch for text in (group.right, *_wrong(group, rnd))]
            with torch.autocast("cpu", torch.bfloat16):
                scores = network(*tensors(words, pairs))
            scores = scores.float().view(len(batch), -1)
            wanted = torch.zeros_like(scores)
            wanted[:, 0] = 1
            loss = functional.cross_entropy(scores, torch.zeros(len(batch), dtype=torch.long))
            loss = loss + functional.binary_cross_entropy_with_logits(scores, wanted)
            loss.backward()  # type: ignore[no-untyped-call]
            torch.nn.utils.clip_grad_norm_(network.parameters(), 1.0)
            optimiser.step()
            optimiser.zero_grad()
            lost += loss.item() * len(batch)
            if step % 100 == 0:
                print(f"step {step} of {steps}", flush=True)  # noqa: T201
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


def tensors(words: Tokenizer, pairs: Sequence[tuple[str, str]]) -> tuple[torch.Tensor, ...]:
    """Token numbers, mask and kinds of token of pairs of texts, padded to the longest."""
    encoded = words.encode_batch(list(pairs))
    shape = (len(pairs), max(len(row.ids) for row in encoded))
    ids, mask, kinds = (torch.zeros(shape, dtype=torch.long) for _ in INPUTS)
    for n, row in enumerate(encoded):
        ids[n, : len(row.ids)] = torch.tensor(row.ids)
        mask[n, : len(row.ids)] = 1
        kinds[n, : len(row.ids)] = torch.tensor(row.type_ids)
    return ids, mask, kinds


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
