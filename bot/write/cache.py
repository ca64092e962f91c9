"""Answers of the model that were checked, by question: for an hour, in memory only, and without the questions themselves.

An entry counts for a question that means the same: near to it in embedding, with the same figures, denials and terms of the field,
after the same conversation, for the same version of the index, model and prompt, and where the same passages were chosen.
"""

from __future__ import annotations

import hashlib
import re
import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

from bot.answer import Claim
from bot.understand import Aspects
from index.embed.base import Vectors

MOST, SECONDS = 500, 3600.0
NEAR = 0.965
NUMBER = re.compile(r"\d+")
DENIAL = re.compile(r"\b(?:no|not|never|without|nobody|none|cannot|stop|quit|off)\b|n['’]t\b", re.IGNORECASE)


@dataclass(frozen=True)
class Key:
    """Everything but the question that an answer depends on; `chosen` are the passages of the extractive answer with the words before them."""

    history: str
    version: str
    model: str
    prompt: str
    lang: str
    chosen: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Entry:
    """A checked answer: its claims, and the ids of the passages that their citations count."""

    claims: tuple[Claim, ...]
    passages: tuple[str, ...]


@dataclass(frozen=True)
class _Kept:
    until: float
    sign: tuple[object, ...]
    vector: Vectors
    entry: Entry


@dataclass
class Cache:
    """At most so many entries, the longest unused dropped first. Safe to share between threads."""

    terms: tuple[Aspects, ...]
    most: int = MOST
    near: float = NEAR
    clock: Callable[[], float] = time.monotonic
    _rows: OrderedDict[tuple[Key, str], _Kept] = field(default_factory=OrderedDict, init=False)
    _lock: threading.Lock = field(default_factory=threading.Lock, init=False)

    def get(self, key: Key, question: str, vector: Vectors) -> Entry | None:
        """The entry of a question that means the same, if there is one."""
        with self._lock:
            for name in [name for name, row in self._rows.items() if row.until < self.clock()]:
                del self._rows[name]
            for name in [name for name in self._rows if name[0] == key]:
                row = self._rows[name]
                near = float(np.dot(row.vector, vector)) >= self.near and row.sign == self._sign(question)
                if near or name[1] == digest(question):
                    self._rows.move_to_end(name)
                    return row.entry
        return None

    def put(self, key: Key, question: str, vector: Vectors, entry: Entry) -> None:
        """Keeps an entry."""
        with self._lock:
            self._rows[key, digest(question)] = _Kept(self.clock() + SECONDS, self._sign(question), vector, entry)
            while len(self._rows) > self.most:
                self._rows.popitem(last=False)

    def _sign(self, question: str) -> tuple[object, ...]:
        kinds = tuple(kind.of(question) for aspects in self.terms for kind in aspects.root.values())
        return tuple(NUMBER.findall(question)), len(DENIAL.findall(question)), kinds


def digest(*texts: str) -> str:
    """What stands for texts that people wrote, and does not give them away at a glance."""
    return hashlib.sha256("\0".join(texts).encode("utf-8", "replace")).hexdigest()
