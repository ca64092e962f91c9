"""The default writer: selects and orders statements, so that every sentence stands word for word in a source.

The direct answer first, then what else bears on the question, then a finding that points another way or a harm.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from bot.answer import Claim
from bot.turn import Draft, Understood
from bot.write.relevance import relevance
from index import Passage

MAX_CLAIMS = 5
MAX_OF_DOCUMENT = 2
MAX_WORDS = 150
CONTRARY = frozenset({"mixed", "against"})
WORD = re.compile(r"[\w.%]+")
SAME = 0.7
SHORT = 13


SAYS = "The clinic's article says that "


@dataclass(frozen=True)
class Thresholds:
    """Found on the development questions: see docs/answers.md."""

    answer: float = 0.45
    answer_unknown_word: float = 0.5
    answer_unknown_subject: float = 0.76
    about: float = 0.72
    practice: float = 0.8
    alone: float = 0.7
    beside: float = 0.8
    beside_at_least: float = 0.45
    balance: float = 0.6


DEFAULT = Thresholds()


def answering(
    passages: Sequence[Passage], understood: Understood, strange: bool, limits: Thresholds
) -> Sequence[Passage]:
    """The passages, or none where even the best bears too little on the question to answer it.

    More is asked of a question with a word that the corpus never uses (`strange`), and most of a short one: there that word
    is likely what it asks about. A question on one clinic's own people, prices or results is answered only from what this
    service says of itself.
    """
    if understood.about_practice:
        return [p for p in passages if p.document.get("kind") == "about" and relevance(p) >= limits.practice]
    best = max((relevance(p) for p in passages[:5]), default=0.0)
    short = len(understood.query.split()) <= SHORT
    strange_needs = limits.answer_unknown_subject if short else limits.answer_unknown_word
    return passages if best >= (strange_needs if strange else limits.answer) else ()


def clearer(found: Sequence[Sequence[Passage]], limits: Thresholds) -> Sequence[Passage]:
    """Of the passages for a message within its conversation and for it alone (last, if at all), the latter where they fit well."""
    within, alone = found[0], found[-1]
    return alone if max((relevance(p) for p in alone[:5]), default=0.0) >= limits.alone else within


def select(passages: Sequence[Passage], about_article: bool, limits: Thresholds) -> list[Passage]:
    """The passages that answer, best first; passages are in the order of the fusion."""
    own = [p for p in passages if p.document.get("kind") == "article"]
    rest = [p for p in passages if p.document.get("kind") != "article"]
    rest = _about_or_studies(rest, limits)
    if about_article and own:
        chosen = _pick(own, own[0], 2, limits)
        good = [p for p in rest[:12] if relevance(p) >= limits.answer]
        return chosen + (_with_balance(_pick(good, good[0], MAX_CLAIMS - 1, limits), good, limits) if good else [])
    if not rest:
        return []
    return _with_balance(_pick(rest, rest[0], MAX_CLAIMS, limits), rest, limits)


def _about_or_studies(passages: list[Passage], limits: Thresholds) -> list[Passage]:
    """What this service says of itself answers questions that are clearly about it, and no others."""
    if passages and passages[0].document.get("kind") == "about" and relevance(passages[0]) >= limits.about:
        return [p for p in passages if p.document.get("kind") == "about"]
    return [p for p in passages if p.document.get("kind") != "about"]


def _pick(passages: Sequence[Passage], first: Passage, most: int, limits: Thresholds) -> list[Passage]:
    chosen: list[Passage] = []
    of_document: Counter[str] = Counter()
    words = 0
    for passage in passages[:12]:
        size = len(passage.chunk.text.split())
        floor = max(limits.beside * relevance(first), limits.beside_at_least)
        near = relevance(passage) >= floor and passage.score >= 0.45 * first.score
        fits = of_document[passage.chunk.document] < MAX_OF_DOCUMENT and (not chosen or words + size <= MAX_WORDS)
        if (not chosen or near) and fits and not any(_alike(passage, other) for other in chosen):
            chosen.append(passage)
            of_document[passage.chunk.document] += 1
            words += size
        if len(chosen) == most:
            break
    return chosen


def _with_balance(chosen: list[Passage], passages: Sequence[Passage], limits: Thresholds) -> list[Passage]:
    """Where all that was chosen speaks for the treatment, the best finding that does not is added."""
    directions = {p.document.get("direction") for p in chosen}
    if not chosen or "supports" not in directions or directions & CONTRARY:
        return chosen
    floor = limits.balance * relevance(chosen[0])
    for passage in passages[:20]:
        if passage.document.get("direction") in CONTRARY and relevance(passage) >= floor:
            return [*chosen, passage]
    return chosen


def _alike(one: Passage, other: Passage) -> bool:
    a, b = ({w.lower() for w in WORD.findall(p.chunk.text)} for p in (one, other))
    return len(a & b) / max(1, min(len(a), len(b))) > SAME and one.chunk.document == other.chunk.document


def write(chosen: Sequence[Passage]) -> Draft:
    """One claim a passage, in the passage's own words; the clinic's article is named as what it is."""
    claims = []
    for n, passage in enumerate(chosen, 1):
        text = " ".join(passage.chunk.text.split())
        if passage.document.get("kind") == "article" and passage.document.get("restated"):
            text = f"In our summary of the clinic's article: {text.removeprefix(SAYS)}"
        claims.append(Claim(text=text, citations=(n,)))
    return Draft(tuple(claims), tuple(chosen))
