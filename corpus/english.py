"""The list of English words, read once, at the first text that asks for it."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from spellchecker import SpellChecker


@lru_cache(maxsize=1)
def english() -> SpellChecker:
    """The list."""
    from spellchecker import SpellChecker

    return SpellChecker(language="en")
