"""All documents: those that ship with the project, those that were added, less those that were withdrawn.

What is added lies in a folder of its own and takes the place of a shipped document of the same id. What is withdrawn stands
on a deny list that is read anew whenever it is asked for, so that it holds from the next message on.
"""

from __future__ import annotations

import datetime
import json
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from corpus.card import Card
from corpus.errors import CorpusError
from corpus.files import write_atomically
from corpus.kinds import UNCITABLE
from corpus.read.card import read_card, write_card
from corpus.read.files import read_text


@dataclass
class Library:
    """The documents of one installation. `shipped` and `added` are folders of cards, `withdrawn` the deny list's file."""

    shipped: Path
    added: Path
    withdrawn: Path

    @cached_property
    def _loaded(self) -> tuple[dict[str, Card], list[CorpusError]]:
        cards: dict[str, Card] = {}
        refused: list[CorpusError] = []
        for folder in (self.shipped, self.added):
            here: dict[str, Path] = {}
            for path in sorted(folder.rglob("*.md")):
                try:
                    card = read_card(read_text(path), str(path))
                    if card.id in here:
                        raise CorpusError("duplicate", f"{path}: id: {card.id!r} is used by {here[card.id]} too")
                    here[card.id] = path
                    cards[card.id] = card
                except CorpusError as error:
                    refused.append(error)
        if not cards and not refused:
            raise CorpusError(
                "corpus", f"{self.shipped}: holds no cards; point EVIDENCE_BOT_CORPUS at a folder of cards"
            )
        return cards, refused

    @property
    def refused(self) -> list[CorpusError]:
        """Cards that could not be read, with file, line and key."""
        return self._loaded[1]

    def cards(self) -> dict[str, Card]:
        """Every document that may be indexed, by id."""
        denied = self.denied()
        return {
            i: card for i, card in sorted(self._loaded[0].items()) if i not in denied and card.status not in UNCITABLE
        }

    def get(self, document: str) -> Card:
        """One document, whatever its status; raises CorpusError where there is none of this id."""
        try:
            return self._loaded[0][document]
        except KeyError as error:
            raise CorpusError("unknown", f"no document {document!r}; `corpus list` shows the ids") from error

    def denied(self) -> dict[str, str]:
        """The deny list: ids of withdrawn documents and why."""
        return read_denied(self.withdrawn)

    def add(self, cards: Iterable[Card]) -> list[Path]:
        """Write cards among the added ones and take them off the deny list; gives the paths."""
        cards = list(cards)
        paths = []
        for card in cards:
            path = self.added / f"{card.id}.md"
            write_atomically(path, write_card(card))
            paths.append(path)
        denied = self.denied()
        if left := {i: why for i, why in denied.items() if i not in {c.id for c in cards}}:
            self._write_denied(left)
        elif denied:
            self._write_denied({})
        self.__dict__.pop("_loaded", None)
        return paths

    def remove(self, document: str, why: str) -> None:
        """Withdraw a document: never cited again from the next message on, and left out of the next build."""
        self.get(document)
        day = datetime.date.today().isoformat()
        self._write_denied({**self.denied(), document: f"{why} ({day})"})

    def _write_denied(self, denied: dict[str, str]) -> None:
        write_atomically(self.withdrawn, json.dumps(denied, ensure_ascii=False, indent=1, sort_keys=True) + "\n")


def read_denied(path: Path) -> dict[str, str]:
    """The deny list of a file; empty where there is none. A malformed one is an error: nothing may be un-withdrawn by chance."""
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
        if not isinstance(data, dict):
            raise ValueError("expected an object")
    except FileNotFoundError:
        return {}
    except (OSError, ValueError) as error:
        raise CorpusError("withdrawn", f"{path}: the list of withdrawn documents cannot be read: {error}") from error
    return {str(k): str(v) for k, v in data.items()}
