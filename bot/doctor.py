"""What is wrong and what to do: every part tried once, one line each."""

from __future__ import annotations

import datetime
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from bot.answer import Action, Request
from bot.errors import BotError
from bot.service import Bot, today
from corpus.errors import CorpusError
from index.errors import IndexingError

#: An ordinary question, which asks the classifier too and so shows whether it can be loaded, and a crisis.
TRIED = (
    ("What does the evidence say about ketamine for depression?", Action.ANSWER),
    ("I want to kill myself", Action.CRISIS),
)


@dataclass(frozen=True)
class Finding:
    """One part, whether it is well, and what was found or is to be done."""

    part: str
    well: bool
    text: str


def examine(bot: Bot) -> Iterator[Finding]:
    """The findings, in the order in which a message meets the parts."""
    for part, look in (
        ("screening", _screening),
        ("helplines", _helplines),
        ("documents", _documents),
        ("embedding model", _embedder),
        ("index", _index),
        ("language model", _model),
    ):
        yield _tried(part, look, bot)


def _tried(part: str, look: Callable[[Bot], tuple[bool, str]], bot: Bot) -> Finding:
    try:
        return Finding(part, *look(bot))
    except (BotError, CorpusError, IndexingError) as error:
        return Finding(part, False, error.message)


def _screening(bot: Bot) -> tuple[bool, str]:
    for text, action in TRIED:
        answer = bot.screen(Request(text=text))
        if (answer.action if answer else Action.ANSWER) is not action:
            return (
                False,
                f"“{text}” is not met with {action.value}: the rules or thresholds are broken; restore corpus/settings",
            )
    if bot.degraded:
        return False, f"works without its classifier, with more false alarms: {bot.degraded}"
    return True, "rules, cues and classifier are there"


def _helplines(bot: Bot) -> tuple[bool, str]:
    lines = bot.all_helplines
    oldest = min((line.checked for line in lines if line.checked), default=None)
    unsigned = sum(not line.reviewed_by for line in lines)
    text = f"{len(lines)} lines, {unsigned} not yet reviewed by a clinician, the oldest checked on {oldest}"
    if oldest is None or (today() - datetime.date.fromisoformat(oldest)).days > bot.settings.max_check_age_days:
        return False, f"{text}: check the numbers again (`evidence-bot corpus check` names them)"
    return True, text


def _documents(bot: Bot) -> tuple[bool, str]:
    cards = bot.library.cards()
    return bool(cards), f"{len(cards)} documents"


def _embedder(bot: Bot) -> tuple[bool, str]:
    embedder = bot.live.embedder
    embedder.embed(["ready?"])
    return True, embedder.name


def _model(bot: Bot) -> tuple[bool, str]:
    """One tiny call, by itself: what it takes and what it says."""
    writer = bot.model_writer
    if writer is None:
        return True, "none is set (EVIDENCE_BOT_MODEL): answers are the sources' own sentences"
    from langchain_core.messages import HumanMessage

    from bot.model import ModelFailed

    begun = time.monotonic()
    try:
        bot.check_entailment()
        said, _ = writer.caller.text([HumanMessage("Reply with the one word: ready")], writer.caller.limits.first)
    except ModelFailed as error:
        return False, f"{writer.caller.name}: {error}; answers are the sources' own sentences until it does"
    return True, f"{writer.caller.name} answered “{' '.join(said.split())[:40]}” in {time.monotonic() - begun:.1f} s"


def _index(bot: Bot) -> tuple[bool, str]:
    live = bot.versions.live
    if live is None:
        return False, "no version is live; run `evidence-bot index build`"
    with bot.live.reader() as reader:
        return True, f"version {reader.version} is live"
