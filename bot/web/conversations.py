"""The conversations that are going on: kept here on the server, under an opaque id, for a while and no longer."""

from __future__ import annotations

import secrets
import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from itertools import takewhile
from typing import Protocol

from bot.answer import SAFETY_ACTIONS, Answer


@dataclass(frozen=True)
class Turn:
    """A message and, once it is there, its answer; `taken` while it is being answered."""

    id: str
    question: str
    answer: Answer | None = None
    taken: bool = False


@dataclass(frozen=True)
class Conversation:
    """What one person asked here so far, and the country whose helplines they see."""

    id: str
    country: str | None = None
    turns: tuple[Turn, ...] = ()

    def history(self, before: str) -> tuple[str, ...]:
        """The person's messages before a turn, oldest first."""
        return tuple(turn.question for turn in self._earlier(before))

    def helped(self, before: str) -> int:
        """How many of those messages came before, or with, the last safety reply."""
        earlier = enumerate(self._earlier(before), 1)
        return max((n for n, turn in earlier if turn.answer and turn.answer.action in SAFETY_ACTIONS), default=0)

    def _earlier(self, before: str) -> tuple[Turn, ...]:
        return tuple(takewhile(lambda turn: turn.id != before, self.turns))


class Conversations(Protocol):
    """Where conversations are kept; several servers would share one of these."""

    def open(self, conversation: str | None) -> Conversation:
        """The conversation of an id, or a new one where there is none (any more)."""

    def get(self, conversation: str | None) -> Conversation | None:
        """The conversation of an id, if it is still kept."""

    def choose_country(self, conversation: str, country: str) -> None:
        """Remember a country."""

    def add(self, conversation: str, question: str) -> Turn:
        """Keep a message; returns its turn, with an id of its own."""

    def take(self, conversation: str | None) -> Turn | None:
        """The oldest message that nobody has begun to answer, handed out once."""

    def close(self, conversation: str, turn: str, answer: Answer) -> None:
        """Keep the answer of a turn."""

    def forget(self, conversation: str | None) -> None:
        """Delete a conversation."""


@dataclass
class MemoryConversations:
    """Conversations in memory: a bounded number, each of a bounded length, gone after `minutes` without a message."""

    most: int = 2000
    turns: int = 200
    minutes: float = 120
    clock: Callable[[], float] = time.monotonic
    _kept: OrderedDict[str, tuple[float, Conversation]] = field(default_factory=OrderedDict, init=False)
    _lock: threading.Lock = field(default_factory=threading.Lock, init=False)

    def open(self, conversation: str | None) -> Conversation:
        """The conversation of an id, or a new one under a new id."""
        with self._lock:
            found = self._find(conversation)
            return found if found is not None else self._keep(Conversation(id=secrets.token_urlsafe(24)))

    def get(self, conversation: str | None) -> Conversation | None:
        """The conversation of an id, if it is still kept."""
        with self._lock:
            return self._find(conversation)

    def choose_country(self, conversation: str, country: str) -> None:
        """Remember a country."""
        with self._lock:
            if found := self._find(conversation):
                self._keep(replace(found, country=country))

    def add(self, conversation: str, question: str) -> Turn:
        """Keep a message; where the conversation has gone meanwhile, it begins anew under its id."""
        turn = Turn(id=secrets.token_hex(6), question=question)
        with self._lock:
            found = self._find(conversation) or Conversation(id=conversation)
            self._keep(replace(found, turns=(*found.turns, turn)[-self.turns :]))
        return turn

    def take(self, conversation: str | None) -> Turn | None:
        """The oldest message that nobody has begun to answer, handed out once."""
        with self._lock:
            found = self._find(conversation)
            waiting = [turn for turn in found.turns if not turn.taken and turn.answer is None] if found else []
            if not found or not waiting:
                return None
            self._swap(found, replace(waiting[0], taken=True))
            return waiting[0]

    def close(self, conversation: str, turn: str, answer: Answer) -> None:
        """Keep the answer of a turn."""
        with self._lock:
            found = self._find(conversation)
            for kept in found.turns if found else ():
                if found and kept.id == turn:
                    self._swap(found, replace(kept, answer=answer))

    def forget(self, conversation: str | None) -> None:
        """Delete a conversation."""
        with self._lock:
            self._kept.pop(conversation or "", None)

    def __len__(self) -> int:
        with self._lock:
            self._expire()
            return len(self._kept)

    def _find(self, conversation: str | None) -> Conversation | None:
        self._expire()
        kept = self._kept.get(conversation or "")
        return kept[1] if kept else None

    def _keep(self, conversation: Conversation) -> Conversation:
        self._kept[conversation.id] = (self.clock(), conversation)
        self._kept.move_to_end(conversation.id)
        while len(self._kept) > self.most:
            self._kept.popitem(last=False)
        return conversation

    def _swap(self, conversation: Conversation, turn: Turn) -> None:
        turns = tuple(turn if kept.id == turn.id else kept for kept in conversation.turns)
        self._keep(replace(conversation, turns=turns))

    def _expire(self) -> None:
        oldest = self.clock() - self.minutes * 60
        while self._kept and next(iter(self._kept.values()))[0] < oldest:
            self._kept.popitem(last=False)
