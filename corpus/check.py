"""What is wrong with the corpus, in words, beyond what keeps a card from loading."""

from __future__ import annotations

import datetime
from collections import defaultdict
from dataclasses import dataclass
from typing import Literal

from corpus.card import Card
from corpus.helplines import Helpline
from corpus.hostile import Hostile
from corpus.library import Library

STUDY_KINDS = ("study", "review")


@dataclass(frozen=True)
class Finding:
    """One thing to look at: an `error` keeps the corpus from being right, a `notice` asks for a look."""

    severity: Literal["error", "notice"]
    where: str
    message: str


def check(
    library: Library, helplines: tuple[Helpline, ...], hostile: Hostile, today: datetime.date, max_age_days: int
) -> list[Finding]:
    """All findings, errors first."""
    found = [Finding("error", error.message.split(": ", 1)[0], error.message) for error in library.refused]
    cards = library.cards()
    for card in cards.values():
        found += _check_card(card, hostile, today, max_age_days)
    found += _duplicates(cards)
    for line in helplines:
        if (age := _age(line.checked, today)) is None or age > max_age_days:
            found.append(
                Finding(
                    "error", f"helpline {line.id}", f"checked {line.checked}, over {max_age_days} days ago: check it"
                )
            )
    return sorted(found, key=lambda f: (f.severity != "error", f.where))


def _check_card(card: Card, hostile: Hostile, today: datetime.date, max_age_days: int) -> list[Finding]:
    found = []
    if reason := hostile.reason_of_card(card):
        found.append(Finding("error", card.id, f"planted text: {reason}; it is never used in an answer"))
    if not card.spans:
        found.append(Finding("error", card.id, "no statement and no paragraph"))
    if card.kind in STUDY_KINDS:
        if not any(s.section == "limitations" for s in card.spans):
            found.append(Finding("notice", card.id, "no limitations recorded"))
        found += [
            Finding("notice", card.id, f"{key} not reported")
            for key in ("direction", "funding_conflicts", "licence")
            if getattr(card, key) is None
        ]
    if card.kind != "about" and ((age := _age(card.checked, today)) is None or age > 4 * max_age_days):
        found.append(Finding("notice", card.id, f"checked {card.checked or 'never'}: look at the source again"))
    return found


def _age(day: str | None, today: datetime.date) -> int | None:
    try:
        return (today - datetime.date.fromisoformat(day)).days if day else None
    except ValueError:
        return None


def _duplicates(cards: dict[str, Card]) -> list[Finding]:
    by_doi: dict[str, list[str]] = defaultdict(list)
    for card in cards.values():
        if card.doi:
            by_doi[card.doi.lower()].append(card.id)
    return [
        Finding("error", ids[0], f"the DOI {doi} stands in {', '.join(ids)} too")
        for doi, ids in by_doi.items()
        if len(ids) > 1
    ]
