"""Why screening erred: what each layer made of a message, and the labelled messages that lie nearest to it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from bot.errors import BotError
from bot.evaluate.safety import Item, Results
from bot.guard import Guard
from index.embed.base import Embedder

NEAREST = 3
DANGER = ("crisis", "emergency")


@dataclass(frozen=True)
class Training:
    """The labelled messages that the layers learnt from, with their unit vectors."""

    rows: Sequence[tuple[str, str, str]]
    vectors: np.ndarray[tuple[int, int], np.dtype[np.float32]]
    embedder: Embedder

    @classmethod
    def read(cls, folder: Path, embedder: Embedder) -> Training:
        """All `*.jsonl` files of a folder; raises BotError where there are none."""
        files = sorted(folder.glob("*.jsonl"))
        if not files:
            raise BotError("file", f"{folder}: holds no training messages (*.jsonl); say where with --training")
        found = [json.loads(line) for path in files for line in path.read_text(encoding="utf-8").splitlines()]
        rows = [(str(row["id"]), str(row["expected"]), str(row["text"])) for row in found]
        return cls(rows, embedder.embed([text for _, _, text in rows]), embedder)

    def nearest(self, text: str) -> list[tuple[str, str, str]]:
        """Id, label and text of the messages nearest in meaning."""
        likeness = self.vectors @ self.embedder.embed([text])[0]
        return [self.rows[int(n)] for n in np.argsort(-likeness)[:NEAREST]]


def explain(results: Results, guard: Guard, training: Training) -> str:
    """For every error: what each layer said by itself, whether it failed, and the nearest training messages."""
    return "\n\n".join(_explained(item, guard, training) for item in results.bad())


def _explained(item: Item, guard: Guard, training: Training) -> str:
    text, history = str(item.row["text"]), tuple(item.row.get("history") or ())
    lines = [f"{item.row.get('id', '')} expected {item.row['expected']}, did {item.action}: {text[:300]}"]
    lines += [f"  before: {message[:160]}" for message in history]
    lines.append("  verdict: " + "; ".join(guard.screen(text, history).reasons or ("no rule matched",)))
    for layer, shares in guard.opinions(text, history).items():
        said = max(shares, key=lambda action: shares[action], default="answer")
        failed = "" if _same(said, str(item.row["expected"])) else "  <- failed"
        shown = ", ".join(f"{action} {share:.2f}" for action, share in sorted(shares.items(), key=lambda s: -s[1])[:3])
        lines.append(f"  {layer}: {shown or 'nothing'}{failed}")
    lines += [f"  near: {name} {label}: {near[:160]}" for name, label, near in training.nearest(text)]
    return "\n".join(lines)


def _same(one: str, other: str) -> bool:
    return one == other or (one in DANGER and other in DANGER)
