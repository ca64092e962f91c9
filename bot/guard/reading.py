"""How the classifier is given a message: plain words, the message first and what the same person wrote before after it."""

from __future__ import annotations

import re
from collections.abc import Sequence

from bot.guard.clauses import raw_sentences
from bot.guard.normalise import Spelling
from bot.guard.scripts import visible

#: Words: of a message, of each earlier message, of all earlier messages together.
MOST_WORDS, MOST_EARLIER, MOST_HISTORY = 110, 40, 90
HISTORY_READ = 6
TURN, PAST = " / ", " // "
MOST_CHARS = 6000
#: A message longer than this is shown to the classifier in windows of so many words too, when it learns.
LONG_MESSAGE = 40
WINDOW, OVERLAP = 30, 8
MOST_WINDOWS = 48
SHORT = 9
COURTESY = re.compile(
    r"\b(?:thank you|thanks)(?: (?:so|very) much)? (?:for (?:all )?your (?:time|help|patience|answer)|in advance)\b"
)


def reading(text: str, history: Sequence[str], spelling: Spelling) -> str:
    """A message after normalisation, `//` and the earlier messages, the newest first; the middle of a long text is left out."""
    now = _clip(_plain(text, spelling), MOST_WORDS)
    if not history:
        return now
    earlier = [_clip(_plain(message, spelling), MOST_EARLIER) for message in reversed(history[-HISTORY_READ:])]
    return now + PAST + _clip(TURN.join(earlier), MOST_HISTORY)


def windows(text: str, spelling: Spelling, longer_than: int = LONG_MESSAGE) -> list[str]:
    """Every stretch of a message longer than so many words by itself: neighbouring sentences up to so many words, or a part of an endless one."""
    packs: list[list[str]] = [[]]
    for sentence in raw_sentences(visible(text)):
        words = COURTESY.sub("", spelling.readable(sentence)).split()
        for start in range(0, max(len(words) - OVERLAP, 1), WINDOW - OVERLAP):
            piece = words[start : start + WINDOW]
            if len(packs[-1]) + len(piece) > WINDOW:
                packs.append([])
            packs[-1] += piece
    if sum(len(pack) for pack in packs) <= longer_than:
        return []
    rows = [" ".join(pack) for pack in packs if pack]
    return rows if len(rows) <= MOST_WINDOWS else [*rows[: MOST_WINDOWS // 2], *rows[-MOST_WINDOWS // 2 :]]


def _plain(text: str, spelling: Spelling) -> str:
    return without_courtesy(spelling.readable(visible(text[:MOST_CHARS])))


def without_courtesy(words: str) -> str:
    """Without the courtesy that closes a letter: models take it for a farewell."""
    return COURTESY.sub("", words) if len(words.split()) > SHORT else words


def _clip(words: str, most: int) -> str:
    row = words.split()
    return words if len(row) <= most else " ".join([*row[: most * 2 // 3], *row[-(most // 3) :]])
