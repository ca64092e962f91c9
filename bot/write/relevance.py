"""Does a passage bear on a question? One score from 0 to 1, the same for every question.

The question's similarity with a question that the statement is known to answer says most; the similarity with the statement
itself is lower for equally good passages, so it is lifted before the two are compared.
"""

from __future__ import annotations

import re
from collections.abc import Collection

from index import Passage
from index.retriever import STATEMENT_LIFT

WORD = re.compile(r"[a-z][a-z'-]{3,}")
NAME = re.compile(r"\b[A-Z]{2,5}\b|(?<=[a-z,] )[A-Z][a-z]{2,}")


def relevance(passage: Passage) -> float:
    """How well a passage fits the question; cosine similarity on the scale of question with question."""
    statement = passage.statement + STATEMENT_LIFT if passage.statement else 0.0
    return max(passage.question, statement)


def unknown_words(query: str, vocabulary: Collection[str]) -> list[str]:
    """Words of a question that the corpus never uses, in any of their forms: what it asks about may not be covered."""
    words = [w.lower() for w in NAME.findall(query)] + WORD.findall(query.lower())
    return [w for w in dict.fromkeys(words) if not _known(w.strip("'-"), vocabulary)]


def _known(word: str, vocabulary: Collection[str]) -> bool:
    forms = {word, word.removesuffix("'s")}
    for ending in ("s", "es", "ed", "d", "ing", "ly", "er", "ers"):
        stem = word.removesuffix(ending)
        forms |= {stem, stem + "e", stem + "y"} if stem != word else set()
        forms.add(word + ending)
    if word.endswith("ies"):
        forms.add(word[:-3] + "y")
    return any(form in vocabulary for form in forms)
