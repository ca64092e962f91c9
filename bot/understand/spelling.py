"""Typing errors: a word that is neither English nor in the corpus becomes the nearest word of the corpus."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import cached_property, lru_cache

from rapidfuzz import process
from rapidfuzz.distance import OSA

from corpus.english import english

WORD = re.compile(r"[A-Za-z][A-Za-z'’]+")
#: Shorter words are left alone: too many others lie as near.
SHORTEST, LONG = 5, 8


class Spelling:
    """Corrects against the words of one version of the index."""

    def __init__(self, vocabulary: frozenset[str]) -> None:
        self._known = vocabulary

    def corrected(self, text: str) -> str:
        """The text with likely typing errors mended."""
        return WORD.sub(lambda match: self._word(match[0]), text)

    def _word(self, word: str) -> str:
        low = word.lower()
        if len(low) < SHORTEST or low in self._known or english().known([low, low.removesuffix("'s")]):
            return word
        within = 2 if len(low) >= LONG else 1
        found = process.extractOne(low, self._by_first.get(low[0], ()), scorer=OSA.distance, score_cutoff=within)
        return str(found[0]) if found else word

    @cached_property
    def _by_first(self) -> Mapping[str, Sequence[str]]:
        """Words by their first letter, which people rarely get wrong."""
        rows: dict[str, list[str]] = {}
        for word in sorted(self._known):
            if len(word) >= SHORTEST:
                rows.setdefault(word[0], []).append(word)
        return rows


@lru_cache(maxsize=2)
def spelling_of(vocabulary: frozenset[str]) -> Spelling:
    """The corrector for the words of one version of the index, made once."""
    return Spelling(vocabulary)
