"""The types that a message and its answer are made of: the answer JSON of the project, schema 1.

Keys are added, never renamed or removed. Every part of the bot, the command line and the pages speak these types.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints


class Action(StrEnum):
    """What the bot did with a message."""

    ANSWER = "answer"
    ABSTAIN = "abstain"
    CRISIS = "crisis"
    EMERGENCY = "emergency"
    CONCERN_OTHER = "concern_other"
    REFUSE_AND_REDIRECT = "refuse_and_redirect"
    DECLINE_OFFTOPIC = "decline_offtopic"
    ERROR = "error"


SAFETY_ACTIONS = frozenset({Action.CRISIS, Action.EMERGENCY, Action.CONCERN_OTHER})


class Frozen(BaseModel):
    """A value: never changed once made; keys that it does not know are ignored."""

    model_config = ConfigDict(frozen=True, extra="ignore")


class Request(Frozen):
    """One message to answer. `history` holds the same person's earlier messages, oldest first.

    `helped` says how many of them, from the oldest on, were met with a safety reply that the person has seen: an ordinary
    question that follows is then answered again, with help at hand, where a client that does not say so gets the reply.
    """

    text: str
    id: str = ""
    history: tuple[str, ...] = ()
    conversation: str = ""
    country: str | None = None
    lang: str | None = None
    helped: Annotated[int, Field(ge=0)] = 0


class Claim(Frozen):
    """One sentence of an answer, the numbers of its citations and how well they support it (0 to 1).

    `frame` holds words of ours that stand before it, such as "One thing first: ".
    """

    text: str
    frame: str = ""
    citations: tuple[int, ...]
    support: float = 0.0
    support_parts: dict[str, float] = Field(default_factory=dict)


class Citation(Frozen):
    """A passage that a claim rests on; `start` and `end` are character offsets in the document's text."""

    n: int
    document: str
    section: str
    page: int | None = None
    start: int
    end: int
    passage: str
    score: float
    title: str
    authors: tuple[str, ...] = ()
    year: int | None = None
    journal: str | None = None
    doi: str | None = None
    url: str | None = None
    kind: str
    design: str | None = None
    people: int | None = None
    funding: str | None = None
    direction: str | None = None
    status: str = "current"
    checked: str | None = None


class Evidence(Frozen):
    """How much the cited studies weigh together, by rules anyone can read."""

    strength: str
    why: str
    designs: dict[str, int] = Field(default_factory=dict)
    directions: dict[str, int] = Field(default_factory=dict)
    people: int | None = None


class Dial(Frozen):
    """A number to call; `label` says what to press or whom the row is for."""

    number: str
    label: str | None = None


class Sms(Frozen):
    """A number to text; `body` is the word to send, empty when any message will do."""

    number: str
    body: str = ""


class HelplineView(Frozen):
    """A helpline as shown to a person."""

    id: str
    name: str
    kind: str
    country: str
    dial: tuple[Dial, ...] = ()
    sms: Sms | None = None
    whatsapp: str | None = None
    chat_url: str | None = None
    hours: str | None = None
    checked: str | None = None


class Notice(Frozen):
    """A remark beside the answer: approved_by_staff, fallback, premise_corrected, translated or crisis_follow_up."""

    kind: str
    text: str


class Removed(Frozen):
    """A sentence that verification took out, and why."""

    text: str
    reason: str


class AnswerError(Frozen):
    """Why there is no answer; `line` is the line of the input where there are lines."""

    code: str
    message: str
    line: int | None = None


class Usage(Frozen):
    """What the language model's part of an answer took; `cost` in the currency of the prices that are set, if they are."""

    input_tokens: int
    output_tokens: int
    estimated: bool = False
    cost: float | None = None

    def __add__(self, other: Usage) -> Usage:
        """Both together."""
        known = [cost for cost in (self.cost, other.cost) if cost is not None]
        return Usage(
            input_tokens=self.input_tokens + other.input_tokens,
            output_tokens=self.output_tokens + other.output_tokens,
            estimated=self.estimated or other.estimated,
            cost=sum(known) if known else None,
        )


class Answer(BaseModel):
    """One answer: what is printed, returned, shown and recorded."""

    model_config = ConfigDict(frozen=True, extra="ignore", populate_by_name=True)

    schema_: Annotated[int, Field(alias="schema")] = 1
    id: str
    conversation: str = ""
    question: str
    lang: Annotated[str, StringConstraints(min_length=2)] = "en"
    country: str = "US"
    action: Action
    category: str
    text: str
    claims: tuple[Claim, ...] = ()
    citations: tuple[Citation, ...] = ()
    evidence: Evidence | None = None
    helplines: tuple[HelplineView, ...] = ()
    notices: tuple[Notice, ...] = ()
    removed: tuple[Removed, ...] = ()
    suggestions: tuple[str, ...] = ()
    version: str | None = None
    model: str = "extractive"
    usage: Usage | None = None
    timings_ms: dict[str, float] = Field(default_factory=dict)
    error: AnswerError | None = None

    def to_json(self) -> str:
        """The answer as one line of JSON; `error` is left out where there is none."""
        return self.model_dump_json(by_alias=True, exclude={"error"} if self.error is None else None)
