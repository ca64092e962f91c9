"""Weighted cues: words and word parts with what each speaks for, learnt from labelled messages (see `learn.py`).

Linear and readable: an action's score is the sum of the weights of the cues that stand in the message.
"""

from __future__ import annotations

import json
import math
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from corpus.errors import CorpusError

LONGEST_ROW = 3
PART_LENGTHS = (4, 5)
OTHER_SCRIPT_LENGTHS = (2, 3, 4)
MOST_WORDS = 400
SIGN_COUNT = 3


@dataclass(frozen=True)
class Cues:
    """The table: `actions` in the order of the weights, a `base` for each, and for each cue its rarity and weights."""

    actions: tuple[str, ...]
    base: tuple[float, ...]
    table: Mapping[str, Sequence[float]]

    @classmethod
    def load(cls, path: Path) -> Cues | None:
        """The table, or none where there is no file: rules alone then decide."""
        if not path.exists():
            return None
        try:
            data = json.loads(path.read_text(encoding="utf-8"))
            return cls(tuple(data["actions"]), tuple(data["base"]), data["cues"])
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise CorpusError("screening_broken", f"{path}: is not a table of cues ({error})") from error

    def shares(self, words: str, signs: Iterable[str] = ()) -> dict[str, float]:
        """Each action's share (0 to 1) of a row of words with the signs that rules saw in it."""
        known = [(count, row) for cue, count in features(words, signs).items() if (row := self.table.get(cue))]
        norm = math.sqrt(sum(((1 + math.log(count)) * row[0]) ** 2 for count, row in known)) or 1.0
        sums = list(self.base)
        for count, row in known:
            value = (1 + math.log(count)) * row[0] / norm
            for n, weight in enumerate(row[1:]):
                sums[n] += value * weight
        top = max(sums)
        powers = [math.exp(total - top) for total in sums]
        return dict(zip(self.actions, (power / sum(powers) for power in powers), strict=True))


def features(words: str, signs: Iterable[str] = ()) -> Counter[str]:
    """How often each cue stands there: rows of one to three words, parts of words, and signs, which count more."""
    row = words.split()[:MOST_WORDS]
    found = Counter(
        " ".join(row[start : start + length])
        for length in range(1, LONGEST_ROW + 1)
        for start in range(len(row) - length + 1)
    )
    found.update(part for word in row for part in _parts(word))
    found.update({f"@{sign}": SIGN_COUNT for sign in signs})
    return found


def _parts(word: str) -> Iterator[str]:
    padded = f"<{word[:30]}>"
    for length in PART_LENGTHS if word.isascii() else OTHER_SCRIPT_LENGTHS:
        for start in range(len(padded) - length + 1):
            yield f"#{padded[start : start + length]}"
