"""Screening as one object: decides on a message and words the reply. Needs data files and nothing else."""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from bot.answer import Action, HelplineView
from bot.guard.assess import BODY_ACTIONS, STRONG, Assessment, assess
from bot.guard.classifier import Scores
from bot.guard.clauses import raw_sentences
from bot.guard.cues import Cues
from bot.guard.decide import certain, combined, decide
from bot.guard.lexicon import Lexicon
from bot.guard.reading import COURTESY, MOST_WORDS, reading, windows
from bot.guard.replies import Replies
from bot.guard.scripts import visible
from bot.guard.settings import Screening
from bot.guard.verdict import SafetyReply, Verdict
from corpus.errors import CorpusError
from corpus.helplines import HelplineBook

log = logging.getLogger(__name__)
HISTORY_READ = 12
HISTORY_CUES = 3
LONG_MESSAGE = 45
PART = 2
MOST_PARTS = 400
MOST_WINDOWS_READ = 3
DANGERS = ("crisis", "emergency")
QUESTION = re.compile(
    r"\?\s*$|^\W*(?:what|how|does|do|is|are|can|which|why|when|where|will|would|could|who)\b", re.IGNORECASE
)
LONGEST_ORDINARY = 300
FEWEST_WORDS = 3
OTHER = "other"
SURE_LANGUAGE = 0.6
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
        #: Why screening does without its classifier or cues, if it does.
        self.degraded: str | None = None
        self.helplines: HelplineBook = replies.book

    @classmethod
    def load(cls, settings_dir: Path) -> Guard:
        """Reads `corpus/settings`; a broken file raises CorpusError."""
        book = HelplineBook.load(settings_dir / "helplines.yaml")
        return cls(Screening.load(settings_dir / "screening"), Replies.load(settings_dir / "replies", book))

    def screen(self, text: str, history: Sequence[str] = (), lang: str | None = None, helped: int = 0) -> Verdict:
        """What to do with a message. Never raises: a fault of its own is logged and counts as a crisis.

        After a safety reply (`helped`, see `Request`) an ordinary question is an ordinary question again. Anything else, a
        “yes” to what the reply asked above all, is read together with what was said before.
        """
        try:
            if helped and self._takes_up_something_else(text):
                found = self._screen(text, history[helped:], lang)
                return replace(found, gentle=True) if found.action is Action.ANSWER else found
            return self._screen(text, history, lang)
        except Exception:  # the one place where any fault must still lead to help
            log.exception("screening failed; treated as a crisis")
            return Verdict(Action.CRISIS, "unclear", ("screening failed",), lang or "en")

    def reply(self, verdict: Verdict, country: str | None, turn: int = 0) -> SafetyReply:
        """The fixed reply for a verdict; from one turn of a conversation to the next it is never the same block."""
        return self._replies.reply(verdict, country, turn)

    def gentle_line(self, lang: str, country: str | None) -> tuple[str, tuple[HelplineView, ...]]:
        """One line beside an answer: that support exists."""
        return self._replies.gentle(lang, country)

    def _screen(self, text: str, history: Sequence[str], lang: str | None) -> Verdict:
        before = [self._rules(message) for message in history[-HISTORY_READ:]]
        alone = now = self._rules(text)
        if not certain(now, self._screening.thresholds):  # a rule that fires replies before any model is loaded
            now, before = self._with_shares(text, now, history[-HISTORY_READ:], before)
        found = decide(now, before, self._screening.thresholds)
        carried = found.carried or (found.action.value in DANGERS and bool(before) and not self._is_danger(text, alone))
        return Verdict(
            action=found.action,
            category=found.category,
            reasons=found.reasons,
            lang=lang or now.lang or self._lexicon.language(visible(text)),
            ordinary=self._ordinary(text, carried) if found.action.value in BODY_ACTIONS else None,
            gentle=found.gentle,
            carried=carried,
        )

    def opinions(self, text: str, history: Sequence[str] = ()) -> dict[str, dict[str, float]]:
        """For people: what each layer makes of a message by itself; the rules' weights, the shares of cues and classifier."""
        before = [self._rules(message) for message in history[-HISTORY_READ:]]
        now = self._rules(text)
        found = {"rules": {action: now.score(action) for action in sorted({hit.action for hit in now.hits})}}
        if cues := self._table(self._screening.cues):
            found["cues"] = self._cue_shares(now, before, cues)
        if scores := self._classified((*history[-HISTORY_READ:], text))[-1]:
            found["classifier"] = combined(None, scores, self._screening.thresholds)
        return found

    def _takes_up_something_else(self, text: str) -> bool:
        words = visible(text).split()
        asks = any(QUESTION.search(sentence) for sentence in raw_sentences(visible(text)))
        return len(words) >= FEWEST_WORDS and (asks or "site" in self._rules(text).markers)

    def _is_danger(self, text: str, rules: Assessment) -> bool:
        """Whether a message is one by itself, without those before it."""
        now, _ = self._with_shares(text, rules, (), ())
        return decide(now, (), self._screening.thresholds).action.value in DANGERS

    def cue_reading(self, text: str, history: Sequence[str] = ()) -> tuple[str, frozenset[str]]:
        """What the weighted cues see of a message: its words after those before it, and the signs that rules saw."""
        return _reading([self._rules(message) for message in (*history[-HISTORY_CUES:], text)])

    def _rules(self, text: str) -> Assessment:
        return assess(text, self._screening, self._lexicon)

    def _with_shares(
        self, text: str, now: Assessment, history: Sequence[str], before: Sequence[Assessment]
    ) -> tuple[Assessment, list[Assessment]]:
        """The assessments with what the cues and the classifier make of them, where these are there."""
        texts, turns = (*history, text), [*before, now]
        scores = self._classified(texts)
        weighed = [
            turn if SMALL_TALK.fullmatch(message[:200]) else self._layers(turn, turns[:n], rows)
            for n, (message, turn, rows) in enumerate(zip(texts, turns, scores, strict=True))
        ]
        return weighed[-1], weighed[:-1]

    def _layers(self, turn: Assessment, before: Sequence[Assessment], scores: Sequence[Scores]) -> Assessment:
        if cues := self._table(self._screening.cues):
            turn = replace(turn, shares=self._cue_shares(turn, before, cues), layers="cues")
            if kinds := self._table(self._screening.kinds):
                turn = replace(turn, kinds=kinds.shares(*_reading([*before[-HISTORY_CUES:], turn])))
        if scores:
            shares = combined(turn.shares, scores, self._screening.thresholds)
            lang = max(scores[0].languages, key=lambda name: scores[0].languages[name])
            sure = lang if lang != OTHER and scores[0].languages[lang] >= SURE_LANGUAGE else None
            turn = replace(turn, shares=shares, layers="all", lang=sure)
        return turn

    def _classified(self, texts: Sequence[str]) -> list[list[Scores]]:
        """For each message, the newest last: the scores of its readings; none where the classifier cannot be loaded."""
        spelling = self._screening.spelling
        rows = [[reading(text, (), spelling)] for text in texts]
        rows[-1] = [
            reading(texts[-1], texts[:-1], spelling),
            *self._likeliest(windows(texts[-1], spelling, MOST_WORDS)),
        ]
        try:
            scores = iter(self._screening.classifier.read([row for group in rows for row in group]))
        except CorpusError as error:
            self._do_without(error)
            return [[] for _ in rows]
        return [[next(scores) for _ in group] for group in rows]

    def _likeliest(self, parts: list[str]) -> list[str]:
        """The parts of a long message in which the cues see most: the classifier takes ten times as long for each."""
        cues = self._table(self._screening.cues)
        if cues is None or len(parts) <= MOST_WINDOWS_READ:
            return parts
        shares = {part: cues.shares(part) for part in parts}
        return sorted(parts, key=lambda part: -sum(shares[part][action] for action in BODY_ACTIONS))[:MOST_WINDOWS_READ]

    def _table(self, load: Callable[[], Cues | None]) -> Cues | None:
        try:
            return load()
        except CorpusError as error:
            self._do_without(error)
            return None

    def _do_without(self, error: CorpusError) -> None:
        if self.degraded is None:
            log.error("screening goes on without one of its layers: %s", error)
            self.degraded = error.message

    @staticmethod
    def _cue_shares(now: Assessment, before: Sequence[Assessment], cues: Cues) -> dict[str, float]:
        """Each action's share: halfway between the message alone and after those before it, or the largest of its parts."""
        shares = cues.shares(*_reading([now]))
        if before:
            together = cues.shares(*_reading([*before[-HISTORY_CUES:], now]))
            shares = {action: (share + together[action]) / 2 for action, share in shares.items()}
        for start, end in _parts_to_read(now):
            part = cues.shares(COURTESY.sub("", "".join(now.sentences[start:end])), now.signs(start, end))
            shares.update({action: max(shares[action], part[action]) for action in DANGERS})
        return shares

    def _ordinary(self, text: str, carried: bool) -> str | None:
        """The ordinary questions inside a message, to be taken up after the safety reply."""
        questions = [s for s in raw_sentences(visible(text[:6000])) if QUESTION.search(s) and len(s.split()) >= 3]
        if carried and not questions:
            return visible(text).strip()[:LONGEST_ORDINARY] or None
        free = [s for s in questions[:12] if not any(h.action in BODY_ACTIONS for h in self._rules(s).hits)]
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
