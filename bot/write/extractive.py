"""The default writer: selects and orders statements, so that every sentence stands word for word in a source.

The direct answer first, then what else bears on the question, then a finding that points another way or a harm.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from bot.answer import Claim
from bot.evidence import START
from bot.turn import Asked, Draft
from bot.understand import Aspects
from bot.write.relevance import Weights, bearing
from bot.write.wording import Phrases
from index import Passage
from index.retriever import STATEMENT_LIFT

MAX_CLAIMS, MAX_CLAIMS_OF_ONE = 5, 3
MAX_DOCUMENTS, MAX_OF_DOCUMENT = 4, 3
FEWEST_WORDS, MAX_WORDS = 50, 150
CONTRARY = frozenset({"mixed", "against"})
WORD = re.compile(r"[\w.%]+")
SAME = 0.7
LOOKED_AT, BALANCE_LOOKED_AT = 15, 25
PRECLINICAL = "preclinical"
LIMITATIONS = "limitations"
SAYS = "The clinic's article says that "


@dataclass(frozen=True)
class Chosen:
    """A passage that is to be said, the phrase that stands before it, and the names that it needs."""

    passage: Passage
    frame: Literal["", "article", "studies", "first", "elsewhere"] = ""
    names: tuple[str, str] | None = None


@dataclass(frozen=True)
class Thresholds:
    """Found on the development questions: see docs/answers.md. Of a passage's place, `own` is the share of its probability
    of bearing on the question, the rest that of its rank."""

    own: float = 0.4
    beside: float = 0.77
    beside_short: float = 0.65
    beside_at_least: float = 0.35
    balance: float = 0.4
    about: float = 0.72
    about_first: float = 0.6
    practice: float = 0.8
    alone: float = 0.7


DEFAULT = Thresholds()


@dataclass(frozen=True)
class Candidate:
    """A passage with how probably it bears on the question, and its place."""

    passage: Passage
    bears: float
    place: float

    @property
    def document(self) -> str:
        """Its document's id."""
        return self.passage.chunk.document

    @property
    def direction(self) -> str:
        """Which way its study points."""
        return str(self.passage.document.get("direction"))


def likeness(passage: Passage) -> float:
    """How like the question a passage is; cosine similarity on the scale of question with question."""
    return max(passage.question, passage.statement + STATEMENT_LIFT if passage.statement else 0.0)


def clearer(found: Sequence[Sequence[Passage]], limits: Thresholds) -> Sequence[Passage]:
    """Of the passages for a message within its conversation and for it alone (last, if at all), the latter where they fit well."""
    within, alone = found[0], found[-1]
    return alone if max((likeness(p) for p in alone[:5]), default=0.0) >= limits.alone else within


def of_this_service(passages: Sequence[Passage], limits: Thresholds) -> Sequence[Passage]:
    """What this service says of itself, for a question on one clinic's own people, prices or results."""
    return [p for p in passages if p.document.get("kind") == "about" and likeness(p) >= limits.practice]


def select(
    corrections: Sequence[Passage],
    found: Sequence[Sequence[Passage]],
    asked: Sequence[Asked],
    aspects: Aspects,
    weights: Weights,
    limits: Thresholds,
) -> list[Chosen]:
    """What corrects a premise, then the passages that answer each question, best first, none twice."""
    most = MAX_CLAIMS if len(found) == 1 and not corrections else MAX_CLAIMS_OF_ONE
    chosen = [Chosen(passage, "" if n else "first") for n, passage in enumerate(corrections)]
    for passages, question in zip(found, asked, strict=True):
        known = {one.passage.chunk.id for one in chosen}
        ranked = [one for one in _ranked(passages, weights, limits) if one.passage.chunk.id not in known]
        chosen += _select(ranked, question, aspects, most, limits)
    return chosen


def _ranked(passages: Sequence[Passage], weights: Weights, limits: Thresholds) -> list[Candidate]:
    """The passages by their place: where retrieval put them, moved by how probably they bear on the question."""
    found = [
        Candidate(passage, bears, limits.own * bears + (1 - limits.own) * (1 - n / max(len(passages), 1)))
        for n, (passage, bears) in enumerate(zip(passages, bearing(passages, weights), strict=True))
    ]
    return sorted(found, key=lambda one: -one.place)


def _select(ranked: Sequence[Candidate], asked: Asked, aspects: Aspects, most: int, limits: Thresholds) -> list[Chosen]:
    own = [one for one in ranked if one.passage.document.get("kind") == "article"]
    rest = _about_or_studies([one for one in ranked if one.passage.document.get("kind") != "article"], limits)
    if not (asked.about_article and own):
        picked = _ordered(_with_balance(_pick(rest, most, limits), rest, limits))
        return [_framed(one, asked, aspects) for one in picked]
    article = [Chosen(one.passage, "article") for one in _pick(own, 2, limits)]
    studies = [one for one in rest if one.bears >= limits.beside_at_least]
    framed = [_framed(one, asked, aspects) for one in _with_balance(_pick(studies, most - 1, limits), studies, limits)]
    if framed and not framed[0].frame:
        framed[0] = Chosen(framed[0].passage, "studies")
    return article + framed


def _framed(one: Candidate, asked: Asked, aspects: Aspects) -> Chosen:
    """With words before it where a finding is on another form of the drug than was asked about, and does not say so itself."""
    passage = one.passage
    if aspects.says_form(passage.chunk.text) or passage.document.get("design") == PRECLINICAL:
        return Chosen(passage)
    other = aspects.elsewhere(asked.within.question, str(passage.document.get("intervention") or ""))
    return Chosen(passage, "elsewhere", other) if other else Chosen(passage)


def _about_or_studies(ranked: Sequence[Candidate], limits: Thresholds) -> list[Candidate]:
    """What this service says of itself answers questions that are clearly about it, and no others."""
    about, studies = ([one for one in ranked if _is_about(one) == wanted] for wanted in (True, False))
    like, other = (max((likeness(one.passage) for one in group), default=0.0) for group in (about, studies))
    first = bool(about) and ranked[0] is about[0]
    return about if like >= (limits.about_first if first else max(limits.about, other)) else studies


def _is_about(one: Candidate) -> bool:
    return one.passage.document.get("kind") == "about"


def _pick(ranked: Sequence[Candidate], most: int, limits: Thresholds) -> list[Candidate]:
    """The first, and what bears on the question nearly as much: rather several statements of few documents than one of many."""
    chosen: list[Candidate] = []
    words = 0
    for one in ranked[:LOOKED_AT]:
        size = len(one.passage.chunk.text.split())
        of_document = sum(other.document == one.document for other in chosen)
        crowded = not of_document and len({other.document for other in chosen}) == MAX_DOCUMENTS
        share = limits.beside if words >= FEWEST_WORDS else limits.beside_short
        near = not chosen or one.bears >= max(share * chosen[0].bears, limits.beside_at_least)
        fits = of_document < MAX_OF_DOCUMENT and not crowded and (not chosen or words + size <= MAX_WORDS)
        if near and fits and not any(_alike(one.passage, other.passage) for other in chosen):
            chosen.append(one)
            words += size
        if len(chosen) == most:
            break
    return chosen


def _with_balance(chosen: list[Candidate], ranked: Sequence[Candidate], limits: Thresholds) -> list[Candidate]:
    """Where all that was chosen speaks for the treatment, the best finding that does not is added."""
    directions = {one.direction for one in chosen}
    if "supports" not in directions or directions & CONTRARY:
        return chosen
    floor = limits.balance * chosen[0].bears
    other = next((one for one in ranked[:BALANCE_LOOKED_AT] if one.direction in CONTRARY and one.bears >= floor), None)
    return [*chosen, other] if other else chosen


def _ordered(chosen: Sequence[Candidate]) -> list[Candidate]:
    """The document that answers best first, then the stronger and larger studies, document by document; what studies could not show
    comes last."""
    order = sorted({one.document: one for one in reversed(chosen[1:])}.values(), key=_strength, reverse=True)
    place = {one.document: n for n, one in reversed(list(enumerate([*chosen[:1], *order])))}
    return sorted(chosen, key=lambda one: (one.passage.chunk.section == LIMITATIONS, place[one.document]))


def _strength(one: Candidate) -> tuple[int, int]:
    """How far the design of its study is trusted, and how many people were in it."""
    document = one.passage.document
    return START.get(str(document.get("design")), -1), int(document.get("n") or 0)


def _alike(one: Passage, other: Passage) -> bool:
    a, b = ({w.lower() for w in WORD.findall(p.chunk.text)} for p in (one, other))
    return len(a & b) / max(1, min(len(a), len(b))) > SAME and one.chunk.document == other.chunk.document


def write(chosen: Sequence[Chosen], phrases: Phrases) -> Draft:
    """One claim a passage, in the passage's own words; the clinic's article is named as what it is."""
    claims = []
    for n, one in enumerate(chosen, 1):
        text = " ".join(one.passage.chunk.text.split())
        frame = getattr(phrases, one.frame) if one.frame else ""
        if one.frame == "article":  # the clinic's own text says itself whose it is; our summary of it does not
            frame, text = (frame, text.removeprefix(SAYS)) if one.passage.document.get("restated") else ("", text)
        if one.names:
            frame = frame.format(found=one.names[0], asked=one.names[1])
        claims.append(Claim(text=text, frame=frame, citations=(n,)))
    indirect = any(one.frame == "elsewhere" for one in chosen)
    return Draft(tuple(claims), tuple(one.passage for one in chosen), indirect=indirect)
