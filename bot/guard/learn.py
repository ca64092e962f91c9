"""Learns the table of cues from labelled messages: `python -m bot.guard.learn TRAIN corpus/settings`.

TRAIN is a folder of labelled messages and of questions that deserve an answer. Softmax
regression on the cues of `cues.py`, rarer cues weighing more; small weights are dropped. Only this module needs numpy.
"""

from __future__ import annotations

import json
import math
import sys
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bot.answer import Action
from bot.guard.cues import features
from bot.guard.decide import CATEGORIES
from bot.guard.guard import Guard

ROUNDS = 300
STEP = 0.3
STIFFNESS = 0.00001
LEAST_DOCUMENTS = 3
LEAST_WEIGHT = 0.15
Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Matrix = tuple[Ints, Ints, Floats]


def learn(rows: Sequence[Mapping[str, Any]], guard: Guard) -> dict[str, Any]:
    """The table of cues for labelled messages (`text`, `history`, `expected`), as the guard reads them."""
    texts = [features(*guard.cue_reading(row["text"], row.get("history", ()))) for row in rows]
    seen = Counter(cue for text in texts for cue in text)
    names = sorted(cue for cue, count in seen.items() if count >= LEAST_DOCUMENTS)
    rarity = {cue: 1 + math.log((1 + len(rows)) / (1 + seen[cue])) for cue in names}
    actions = sorted({str(row["expected"]) for row in rows})
    targets = np.array([actions.index(str(row["expected"])) for row in rows])
    balance = _balance([(str(row["lang"]) == "en", f"{row['expected']} {row.get('source', '')}") for row in rows])
    weights, base = _fit(_matrix(texts, names, rarity), balance, targets, len(actions), len(names))
    kept = {
        name: [round(rarity[name], 2), *(round(float(w), 2) for w in row)]
        for name, row in zip(names, weights, strict=True)
        if np.abs(row).max() >= LEAST_WEIGHT
    }
    return {"actions": actions, "base": [round(float(b), 3) for b in base], "cues": kept}


def _balance(kinds: Sequence[tuple[bool, str]]) -> Floats:
    """How much each message counts: every kind the same, in English and apart from it in all other languages."""
    sizes = Counter(kinds)
    actions_of = Counter(english for english, _ in sizes)
    total = Counter(english for english, _ in kinds)
    shares = [total[english] / actions_of[english] / sizes[english, action] for english, action in kinds]
    return np.array(shares) / len(kinds)


def _fit(matrix: Matrix, balance: Floats, targets: Ints, n_actions: int, n_cues: int) -> tuple[Floats, Floats]:
    doc, cue, value = matrix
    wanted = np.eye(n_actions)[targets]
    weights, base = np.zeros((n_cues, n_actions)), np.zeros(n_actions)
    first, second = np.zeros_like(weights), np.zeros_like(weights)
    for step in range(1, ROUNDS + 1):
        sums = _times(doc, cue, value, weights, len(targets)) + base
        error = (_softmax(sums) - wanted) * balance[:, None]
        slope = _times(cue, doc, value, error, n_cues) + STIFFNESS * weights
        first, second = 0.9 * first + 0.1 * slope, 0.99 * second + 0.01 * slope**2
        pace = STEP * (1 - step / (ROUNDS + 1))
        weights -= pace * (first / (1 - 0.9**step)) / (np.sqrt(second / (1 - 0.99**step)) + 1e-8)
        base -= pace * 5 * error.sum(0)
    return weights, base


def _matrix(texts: Sequence[Counter[str]], names: Sequence[str], rarity: Mapping[str, float]) -> Matrix:
    place = {name: n for n, name in enumerate(names)}
    docs, cues, values = [], [], []
    for n, text in enumerate(texts):
        row = [(place[cue], (1 + math.log(count)) * rarity[cue]) for cue, count in text.items() if cue in place]
        norm = math.sqrt(sum(v * v for _, v in row)) or 1.0
        docs += [n] * len(row)
        cues += [c for c, _ in row]
        values += [v / norm for _, v in row]
    return np.array(docs), np.array(cues), np.array(values)


def _times(to: Ints, of: Ints, value: Floats, table: Floats, size: int) -> Floats:
    return np.stack([np.bincount(to, value * column[of], minlength=size) for column in table.T], axis=1)


def _softmax(sums: Floats) -> Floats:
    powers = np.exp(sums - sums.max(1, keepdims=True))
    shares: Floats = powers / powers.sum(1, keepdims=True)
    return shares


def read_rows(folder: Path) -> list[dict[str, Any]]:
    """All labelled messages of the training files, and patients' questions (`questions.txt`), which all deserve an answer."""
    files = sorted(folder.glob("*.jsonl"))
    rows = [json.loads(line) for path in files for line in path.read_text(encoding="utf-8").splitlines()]
    asked = (folder / "questions.txt").read_text(encoding="utf-8").splitlines()
    return [*rows, *({"text": q, "expected": "answer", "lang": "en", "source": "corpus"} for q in asked)]


def main(arguments: Iterable[str]) -> None:
    """Learns and writes two tables under the settings folder: what to do (`cues.json`), and of which kind it is (`kinds.json`)."""
    train, settings = (Path(argument) for argument in arguments)
    guard, rows = Guard.load(settings), read_rows(train)
    kinds = [
        {**row, "expected": row["category"]}
        for row in rows
        if row["expected"] != "answer" and row["category"] in CATEGORIES[Action(row["expected"])]
    ]
    _write(learn(rows, guard), settings / "screening" / "cues.json")
    _write(learn(kinds, guard), settings / "screening" / "kinds.json")


def _write(table: Mapping[str, Any], path: Path) -> None:
    rows = ",\n".join(f"{json.dumps(cue, ensure_ascii=False)}: {json.dumps(row)}" for cue, row in table["cues"].items())
    head = f'{{"actions": {json.dumps(table["actions"])},\n"base": {json.dumps(table["base"])},\n"cues": {{\n'
    path.write_text(f"{head}{rows}\n}}}}\n", encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
