"""Screening as one object: decides on a message and words the reply. Needs data files and nothing else."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from bot.answer import Action, HelplineView
from bot.guard.assess import BODY_ACTIONS, STRONG, Assessment, assess
from bot.guard.clauses import raw_sentences
from bot.guard.cues import Cues
from bot.guard.decide import decide
from bot.guard.lexicon import Lexicon
from bot.guard.replies import Replies
from bot.guard.scripts import visible
from bot.guard.settings import Screening
from bot.guard.verdict import SafetyReply, Verdict
from corpus.helplines import HelplineBook

log = logging.getLogger(__name__)
HISTORY_READ = 12
HISTORY_CUES = 3
LONG_MESSAGE = 45
PART = 2
MOST_PARTS = 400
DANGERS = ("crisis", "emergency")
QUESTION = re.compile(
    r"\?\s*$|^\W*(?:what|how|does|do|is|are|can|which|why|when|where|will|would|could|who)\b", re.IGNORECASE
)
LONGEST_ORDINARY = 300
#: A greeting or thanks holds too few words for the weighted cues: rules alone decide.
SMALL_TALK = re.compile(
    r"\W*(?:(?:hi|hello|hey|hiya|good (?:morning|afternoon|evening)|hola|bonjour|hallo|ok(?:ay)?|great|perfect|yes|no|please"
    r"|thanks?|thank you|thx|ty|cheers|gracias|merci|danke|so much|very much|a lot|there|all|again)\W*)+",
    re.IGNORECASE,
)


class Guard:
    """Screens messages and words the safety replies."""

    def __init__(self, screening: Screening, replies: Replies) -> None:
        self._screening = screening
        self._lexicon = Lexicon(screening.lexicon, screening.spelling)
        self._replies = replies
        self.helplines: HelplineBook = replies.book

    @classmethod
    def load(cls, settings_dir: Path) -> Guard:
        """Reads `corpus/settings`; a broken file raises CorpusError."""
        book = HelplineBook.load(settings_dir / "helplines.yaml")
        return cls(Screening.load(settings_dir / "screening"), Replies.load(settings_dir / "replies", book))

    def screen(self, text: str, history: Sequence[str] = (), lang: str | None = None) -> Verdict:
        """What to do with a message. Never raises: a fault of its own is logged and counts as a crisis."""
        try:
            return self._screen(text, history, lang)
        except Exception:  # the one place where any fault must still lead to help
            log.exception("screening failed; treated as a crisis")
            return Verdict(Action.CRISIS, "unclear", ("screening failed",), lang or "en")

    def reply(self, verdict: Verdict, country: str | None, previous: Sequence[str] = ()) -> SafetyReply:
        """The fixed reply for a verdict; never the block that stands last in `previous` (texts of earlier replies)."""
        return self._replies.reply(verdict, country, previous)

    def gentle_line(self, lang: str, country: str | None) -> tuple[str, tuple[HelplineView, ...]]:
        """One line beside an answer: that support exists."""
        return self._replies.gentle(lang, country)

    def _screen(self, text: str, history: Sequence[str], lang: str | None) -> Verdict:
        before: list[Assessment] = []
        for message in history[-HISTORY_READ:]:
            before.append(self._assess(message, before))
        now = self._assess(text, before)
        found = decide(now, before, self._screening.thresholds)
        carried = found.carried or (found.action.value in DANGERS and bool(before) and not self._is_danger(text))
        return Verdict(
            action=found.action,
            category=found.category,
            reasons=found.reasons,
            lang=lang or self._lexicon.language(visible(text)),
            ordinary=self._ordinary(text, carried) if found.action.value in BODY_ACTIONS else None,
            gentle=found.gentle,
            carried=carried,
        )

    def _is_danger(self, text: str) -> bool:
        """Whether a message is one by itself, without those before it."""
        return decide(self._assess(text), (), self._screening.thresholds).action.value in DANGERS

    def reading(self, text: str, history: Sequence[str] = ()) -> tuple[str, frozenset[str]]:
        """What the weighted cues see of a message: its words after those before it, and the signs that rules saw."""
        turns = [assess(message, self._screening, self._lexicon) for message in (*history[-HISTORY_CUES:], text)]
        return _reading(turns)

    def _assess(self, text: str, before: Sequence[Assessment] = ()) -> Assessment:
        found = assess(text, self._screening, self._lexicon)
        if self._screening.cues is None or SMALL_TALK.fullmatch(text[:200]):
            return found
        return replace(found, shares=self._shares(found, before, self._screening.cues))

    @staticmethod
    def _shares(now: Assessment, before: Sequence[Assessment], cues: Cues) -> dict[str, float]:
        """Each action's share: halfway between the message alone and after those before it, or the largest of its parts."""
        shares = cues.shares(*_reading([now]))
        if before:
            together = cues.shares(*_reading([*before[-HISTORY_CUES:], now]))
            shares = {action: (share + together[action]) / 2 for action, share in shares.items()}
        for start, end in _parts_to_read(now):
            part = cues.shares("".join(now.sentences[start:end]), now.signs(start, end))
            shares.update({action: max(shares[action], part[action]) for action in DANGERS})
        return shares

    def _ordinary(self, text: str, carried: bool) -> str | None:
        """The ordinary questions inside a message, to be taken up after the safety reply."""
        questions = [s for s in raw_sentences(visible(text[:6000])) if QUESTION.search(s) and len(s.split()) >= 3]
        if carried and not questions:
            return visible(text).strip()[:LONGEST_ORDINARY] or None
        free = [s for s in questions[:12] if not any(h.action in BODY_ACTIONS for h in self._assess(s).hits)]
        return " ".join(free[:2])[:LONGEST_ORDINARY] or None


def _parts_to_read(now: Assessment) -> Iterator[tuple[int, int]]:
    """Spans of sentences to look at by themselves: those where a rule saw danger, and all of a long message."""
    count = len(now.sentences)
    places = {hit.sentence for hit in now.hits if hit.action in DANGERS and hit.weight >= STRONG and hit.sentence >= 0}
    if count > 1:
        yield from ((place, place + 1) for place in sorted(places)[:MOST_PARTS])
    if sum(len(sentence.split()) for sentence in now.sentences) > LONG_MESSAGE:
        yield from ((start, start + PART) for start in range(min(count, MOST_PARTS)))


def _reading(turns: Sequence[Assessment]) -> tuple[str, frozenset[str]]:
    signs = set(turns[-1].signs()) | {f"before {sign}" for turn in turns[:-1] for sign in turn.signs()}
    return " ".join(sentence for turn in turns for sentence in turn.sentences), frozenset(signs)
