"""Labelled messages, and what one epoch of training makes of them: disturbed, wrapped, and set into a conversation."""

from __future__ import annotations

import json
import random
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from bot.evaluate.perturb import mistype
from bot.guard.normalise import Spelling
from bot.guard.reading import reading, windows

FOLDER = Path(__file__).parent
#: Of the questions of the cards, which all deserve an answer, so many are enough.
MOST_QUESTIONS = 1200
LONG = 500
HARMLESS = ("info_general", "info_about_suicide_evidence", "idiom", "news_fiction_academic")


@dataclass(frozen=True)
class Message:
    """One labelled message."""

    text: str
    history: tuple[str, ...]
    category: str
    action: str
    lang: str


@dataclass(frozen=True)
class Example:
    """What the classifier is shown in an epoch: a reading and its labels."""

    text: str
    action: str
    lang: str


def read_messages() -> list[Message]:
    """All labelled messages of the folder, and a fixed part of the questions that the corpus's cards answer."""
    rows = [
        json.loads(line)
        for path in sorted(FOLDER.glob("*.jsonl"))
        for line in path.read_text(encoding="utf-8").splitlines()
    ]
    found = [Message(r["text"], tuple(r.get("history") or ()), r["category"], r["expected"], r["lang"]) for r in rows]
    return found + questions()


def questions() -> list[Message]:
    """A fixed part of the patients' questions of the cards, as they stood when they were learnt."""
    asked = (FOLDER / "questions.txt").read_text(encoding="utf-8").splitlines()
    random.Random(0).shuffle(asked)
    return [Message(question, (), "info_general", "answer", "en") for question in asked[:MOST_QUESTIONS]]


class Epochs:
    """Examples, another set each time: so a model cannot learn that risk stands alone, spelt well and at the start."""

    def __init__(self, messages: Sequence[Message], spelling: Spelling, seed: int) -> None:
        self._messages = messages
        self._spelling = spelling
        self._random = random.Random(seed)
        self._harmless = [
            m.text for m in messages if m.category in HARMLESS and m.action == "answer" and m.lang == "en"
            and not m.history and len(m.text) < LONG // 2
        ]  # fmt: skip

    def next(self) -> list[Example]:
        """The examples of one epoch, in random order."""
        found = [row for message in self._messages for row in self._examples(message)]
        self._random.shuffle(found)
        return found

    def _examples(self, message: Message) -> Iterator[Example]:
        text, history = self._changed(message)
        labels = (message.action, message.lang)
        yield Example(reading(text, history, self._spelling), *labels)
        if message.action == "answer" and (parts := windows(message.text, self._spelling)):
            yield Example(self._random.choice(parts), *labels)

    def _changed(self, message: Message) -> tuple[str, tuple[str, ...]]:
        """The message as it is, mistyped, without marks, between other questions, or with a conversation before it."""
        text, history, chance = message.text, message.history, self._random.random()
        on_topic = message.action != "decline_offtopic"
        if chance < 0.10:
            return mistype(text, self._random.choice((0.02, 0.05, 0.08)), self._random), history
        if chance < 0.16:
            return re.sub(r"[^\w\s']", "", text), history
        if chance < 0.30 and on_topic and len(text) < LONG:
            others = [self._random.choice(self._harmless) for _ in range(self._random.choice((1, 1, 2, 3)))]
            place = self._random.randint(0, len(others))
            return " ".join([*others[:place], text, *others[place:]]), history
        if chance < 0.36 and on_topic and not history:
            return text, tuple(self._random.choice(self._harmless) for _ in range(self._random.choice((1, 2, 3))))
        if chance < 0.42 and message.action in ("crisis", "emergency") and len(history) < 4:
            return self._random.choice(self._harmless), (*history, text)
        return text, history
