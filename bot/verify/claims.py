"""Deterministic verification: what a claim says must stand in a passage that was retrieved and that it cites.

A claim is taken out where a citation was not retrieved, a number or a name does not stand in the cited passages, a negation
was added or lost, or too few of its words are theirs; or where it says what no answer may say (`output.py`). The support
score is the least of its parts.
"""

from __future__ import annotations

import re
from dataclasses import replace

from bot.answer import Claim, Removed
from bot.turn import Draft
from bot.verify.output import OutputGuard

NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
WORD = re.compile(r"[^\W\d_][\w'’-]*")
#: “The FDA's alert”: the name is FDA.
OWNER = re.compile(r"['’]s?$")
NAME = re.compile(r"(?<=[a-z,;] )[A-Z][\w-]+")
NEGATION = re.compile(r"\b(no|not|never|none|neither|nor|without|cannot|fewer|less|lower)\b|n['’]t\b", re.I)
#: Least share of a claim's words that must stand in its passages.
MIN_TERMS = 0.8


def verify(draft: Draft, guard: OutputGuard) -> Draft:
    """The draft with only those claims that their passages support; what was taken out is kept with the reason."""
    kept: list[Claim] = []
    removed = list(draft.removed)
    for claim in draft.claims:
        parts, reason = _check(claim, draft)
        reason = reason or guard.reason(claim.text)
        if reason:
            removed.append(Removed(text=claim.text, reason=reason))
        else:
            kept.append(claim.model_copy(update={"support": min(parts.values()), "support_parts": parts}))
    return replace(draft, claims=tuple(kept), removed=tuple(removed))


def _check(claim: Claim, draft: Draft) -> tuple[dict[str, float], str | None]:
    if not claim.citations or any(not 1 <= n <= len(draft.passages) for n in claim.citations):
        return {}, "it cites a passage that was not retrieved"
    source = " ".join(draft.passages[n - 1].chunk.text for n in claim.citations)
    said = claim.text
    numbers = _share(NUMBER.findall(said), set(NUMBER.findall(source)))
    names = _share(NAME.findall(said), {OWNER.sub("", word) for word in WORD.findall(source)})
    terms = _share([w.lower() for w in WORD.findall(said)], {w.lower() for w in WORD.findall(source)})
    negation = 1.0 if len(NEGATION.findall(said)) == len(NEGATION.findall(source)) else 0.5
    whole = " ".join(said.split()) in " ".join(source.split())
    parts = {"numbers": numbers, "names": names, "terms": terms, "negation": 1.0 if whole else negation}
    if numbers < 1:
        return parts, "a number in it does not stand in the cited passage"
    if names < 1:
        return parts, "a name in it does not stand in the cited passage"
    if terms < MIN_TERMS:
        return parts, "too few of its words stand in the cited passage"
    if parts["negation"] < 1:
        return parts, "it denies what the cited passage does not deny, or the other way round"
    return parts, None


def _share(found: list[str], known: set[str]) -> float:
    return round(sum(f in known for f in found) / len(found), 3) if found else 1.0
