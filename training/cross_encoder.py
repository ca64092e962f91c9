"""A cross-encoder on all-MiniLM-L6-v2, as the reranker and the verifier's entailment model are: a score for a pair of texts."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from tokenizers import Tokenizer
from transformers import AutoModel

from index.embed.export import source_folder
from index.rerank.onnx import INPUTS

WARM_UP = 0.06


class Network(torch.nn.Module):
    """The encoder over both texts together, the mean of its words, and one score."""

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


def untrained(seed: int, most_tokens: int) -> tuple[Network, Tokenizer]:
    """The base model with a new head, the same for the same seed, and its tokenizer, which cuts the second text."""
    torch.manual_seed(seed)
    torch.use_deterministic_algorithms(True)
    folder = source_folder()
    words = Tokenizer.from_file(str(folder / "tokenizer.json"))
    words.no_padding()
    words.enable_truncation(most_tokens, strategy="only_second")
    base = AutoModel.from_pretrained(str(folder), local_files_only=True, attn_implementation="eager")
    return Network(base, base.config.hidden_size), words


class Descent:
    """AdamW over so many steps: the pace rises for the first of them, then falls to nearly nothing."""

    def __init__(self, network: Network, pace: float, steps: int, said_every: int) -> None:
        self._network, self._pace, self._steps, self._said_every = network, pace, steps, said_every
        self._optimiser = torch.optim.AdamW(network.parameters(), lr=pace, weight_decay=0.01, fused=True)
        self._step = 0

    def step(self, loss: torch.Tensor) -> None:
        """One step down a loss."""
        self._step += 1
        share = min(1.0, self._step / (WARM_UP * self._steps)) * max(0.02, 1 - self._step / (self._steps + 1))
        for part in self._optimiser.param_groups:
            part["lr"] = self._pace * share
        loss.backward()
        torch.nn.utils.clip_grad_norm_(self._network.parameters(), 1.0)
        self._optimiser.step()
        self._optimiser.zero_grad()
        if self._step % self._said_every == 0:
            print(f"step {self._step} of {self._steps}", flush=True)  # noqa: T201


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
