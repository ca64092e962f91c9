"""A verdict of screening becomes an answer. Needs the guard's data files and nothing else."""

from __future__ import annotations

from bot.answer import Answer, HelplineView, Notice
from bot.guard import Guard
from bot.turn import Turn


def safety_answer(turn: Turn, guard: Guard) -> Answer:
    """The fixed reply for a verdict that is not `answer`; what was ordinary in the message is offered, not swallowed."""
    verdict, request = turn.verdict, turn.request
    said = guard.reply(verdict, turn.country, len(request.history))
    return Answer(
        id=request.id,
        conversation=request.conversation,
        question=request.text,
        lang=verdict.lang,
        country=turn.country,
        action=verdict.action,
        category=verdict.category,
        text=said.text,
        helplines=said.helplines,
        suggestions=said.suggestions,
        model="fixed",
    )


def gentle_notice(turn: Turn, guard: Guard) -> tuple[Notice, tuple[HelplineView, ...]]:
    """One line that support exists, beside an answer; after a safety reply it says that help stays at hand."""
    text, lines = guard.gentle_line(turn.verdict.lang, turn.country)
    return Notice(kind="crisis_follow_up" if turn.request.helped else "support", text=text), lines
