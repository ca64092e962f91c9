"""Which reader a file needs, and the checks that hold for every file."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from corpus.card import Card
from corpus.errors import CorpusError
from corpus.read.card import is_card, read_card
from corpus.read.prose import read_prose
from corpus.read.records import read_questions, read_records
from corpus.text import normalise

MAX_BYTES = 20_000_000
SUFFIXES = (".md", ".markdown", ".txt", ".yaml", ".yml")


@dataclass(frozen=True)
class Reading:
    """What a file held: its cards, and an error for each one that was refused."""

    cards: list[Card]
    refused: list[CorpusError] = field(default_factory=list)


def read_text(path: Path) -> str:
    """The normalised text of a file; raises CorpusError where it is missing, too large, binary or not UTF-8."""
    try:
        if not path.is_file():
            raise CorpusError("file", f"{path}: no such file")
        if path.stat().st_size > MAX_BYTES:
            raise CorpusError("file", f"{path}: larger than {MAX_BYTES // 1_000_000} MB; split it")
        raw = path.read_bytes()
    except OSError as error:
        raise CorpusError("file", f"{path}: cannot be read: {error.strerror}") from error
    if b"\x00" in raw[:8192]:
        raise CorpusError(
            "file", f"{path}: looks like a binary file; give a card, records YAML, Markdown or plain text"
        )
    try:
        text = normalise(raw.decode("utf-8"))
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        raise CorpusError("file", f"{path}:{line}: not UTF-8; save it as UTF-8 and try again") from error
    if not text.strip():
        raise CorpusError("file", f"{path}: the file is empty")
    return text


def read_file(path: Path, questions: Sequence[Path] = (), as_id: str | None = None) -> Reading:
    """The cards of a file: a card, records YAML, Markdown or plain text.

    `as_id` gives the document another id (of a Markdown or text file, or of a single card); `questions` are JSON Lines
    files with the questions that the statements of a records file answer.
    """
    if path.suffix.lower() not in SUFFIXES:
        raise CorpusError("file", f"{path}: unknown kind of file; known: {', '.join(SUFFIXES)}")
    text = read_text(path)
    if path.suffix.lower() in (".yaml", ".yml"):
        if as_id:
            raise CorpusError("file", f"{path}: --as names one document, but a records file may hold many")
        return Reading(*read_records(text, str(path), read_questions(questions)))
    if is_card(text):
        card = read_card(text, str(path))
        return Reading([card.model_copy(update={"id": as_id}) if as_id else card])
    return Reading([read_prose(text, path, as_id)])
