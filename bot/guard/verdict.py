"""What screening decided, and what is said because of it."""

from __future__ import annotations

from dataclasses import dataclass

from bot.answer import Action, HelplineView


@dataclass(frozen=True)
class Verdict:
    """The decision on one message; `reasons` name the rules that led to it.

    `ordinary` is the ordinary question inside a message that gets a safety reply, `gentle` says that one line of
    support belongs beside the answer, `carried` that the risk stands in an earlier message and not in this one.
    """

    action: Action = Action.ANSWER
    category: str = "info_general"
    reasons: tuple[str, ...] = ()
    lang: str = "en"
    ordinary: str | None = None
    gentle: bool = False
    carried: bool = False


@dataclass(frozen=True)
class SafetyReply:
    """A reply of fixed text by people: Markdown, the lines that it names, and questions to go on with."""

    text: str
    helplines: tuple[HelplineView, ...] = ()
    suggestions: tuple[str, ...] = ()
