"""Splits a message into sentences, so that one clause in a long question is seen by itself."""

from __future__ import annotations

import re

from bot.guard.normalise import Spelling

BREAK = re.compile(r"(?<=[.!?…])[\"”’)\]]*\s+|[。！？।;\n\r]+|(?<=[.!?]{2})(?=\w)|\s[-–—]+\s|—|\s(?=//)|[()\[\]]")
LONGEST = 50
OVERLAP = 18
LONGEST_TO_SPLIT = 4000


def raw_sentences(text: str) -> list[str]:
    """The text's sentences as they were typed; a piece without any break is cut at spaces."""
    found: list[str] = []
    for piece in BREAK.split(text):
        if piece and piece.strip():
            found += _cut(piece.strip())
    return found


def word_sentences(text: str, spelling: Spelling) -> list[str]:
    """The sentences as rows of normalised words; a very long one as overlapping windows."""
    found: list[str] = []
    for sentence in raw_sentences(text):
        words = spelling.words(sentence).split()
        if words:
            found += [f" {' '.join(window)} " for window in _windows(words)]
    return found


def _cut(piece: str) -> list[str]:
    if len(piece) <= LONGEST_TO_SPLIT:
        return [piece]
    return re.findall(rf"\S.{{0,{LONGEST_TO_SPLIT - 1}}}(?!\S)|\S{{1,{LONGEST_TO_SPLIT}}}", piece, re.DOTALL)


def _windows(words: list[str]) -> list[list[str]]:
    if len(words) <= LONGEST:
        return [words]
    step = LONGEST - OVERLAP
    return [words[start : start + LONGEST] for start in range(0, len(words) - OVERLAP, step)]
