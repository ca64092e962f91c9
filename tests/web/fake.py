"""A bot that knows two sources, for the page's tests and for looking at the page without an index."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field

from bot.answer import (
    Action,
    Answer,
    AnswerError,
    Citation,
    Claim,
    Dial,
    Evidence,
    HelplineView,
    Notice,
    Request,
    Sms,
)

KARE = """## Findings

- In a phase 2 double-blind trial of 96 adults with severe alcohol use disorder, people given three weekly IV ketamine \
infusions had a higher share of alcohol-free days over 6 months: a difference of 10.1 percentage points (95% confidence \
interval 1.1 to 19.0).
- Confirmed relapse at 6 months did not differ between the ketamine and the saline groups.

## Limitations

- Many people could tell whether they had been given ketamine or saline.
"""

US = (
    HelplineView(id="us-911", name="Emergency services (911)", kind="emergency", country="US",
                 dial=(Dial(number="911"),), hours="24/7", checked="2026-11-23"),
    HelplineView(id="us-988", name="988 Suicide & Crisis Lifeline", kind="suicide_crisis", country="US",
                 dial=(Dial(number="988", label="press 2 for Spanish"),), sms=Sms(number="988"),
                 chat_url="https://988lifeline.org", hours="24/7", checked="2026-11-23"),
    HelplineView(id="us-crisis-text-line", name="Crisis Text Line", kind="suicide_crisis", country="US",
                 sms=Sms(number="741741", body="HOME"), hours="24/7", checked="2026-11-23"),
    HelplineView(id="us-samhsa", name="SAMHSA National Helpline", kind="alcohol_drugs", country="US",
                 dial=(Dial(number="1-800-662-4357"),), hours="24/7", checked="2026-11-23"),
)  # fmt: skip
GB = (
    HelplineView(id="gb-999", name="Emergency services (999)", kind="emergency", country="GB",
                 dial=(Dial(number="999"),), hours="24/7", checked="2026-11-23"),
    HelplineView(id="gb-samaritans", name="Samaritans", kind="suicide_crisis", country="GB",
                 dial=(Dial(number="116 123"),), hours="24/7", checked="2026-11-23"),
    HelplineView(id="gb-shout", name="Shout", kind="suicide_crisis", country="GB",
                 sms=Sms(number="85258", body="SHOUT"), hours="24/7", checked="2026-11-23"),
)  # fmt: skip

CRISIS = """I'm glad you wrote this. What you said worries me: are you thinking about killing yourself?

**[Call 988](tel:988)** or **[text 988](sms:988)** (Suicide & Crisis Lifeline, free, day and night) · \
[chat at 988lifeline.org](https://988lifeline.org) · in danger now: **[call 911](tel:911)**.

If you can, go where someone is with you, and put anything you could hurt yourself with out of reach. I'm a program, not a \
person, and can't call anyone for you; the people on 988 can help tonight."""

SOBER = """Not proven. In the 96-person KARE trial, ketamine did not lower the relapse rate: confirmed relapse at 6 months did \
not differ between the ketamine and saline groups [1]. People given three ketamine infusions did have more alcohol-free days \
over those 6 months: 10.1 percentage points more (it could be as little as 1 or as much as 19) [2]. In the clinic's own \
article, ketamine is said to reduce craving [3].

In studies, people could often tell what they had been given [4]."""


@dataclass(frozen=True)
class Document:
    """A source, as the bot shows it."""

    id: str
    title: str
    text: str
    authors: tuple[str, ...] = ()
    year: int | None = None
    journal: str | None = None
    doi: str | None = None
    url: str | None = None
    kind: str = "study"
    design: str | None = None
    people: int | None = None
    funding: str | None = None
    direction: str | None = None
    status: str = "current"
    checked: str | None = "2026-11-23"


DOCUMENTS = (
    Document(
        id="grabski-2022-kare",
        title="Adjunctive Ketamine With Relapse Prevention-Based Psychological Therapy in Alcohol Use Disorder",
        text=KARE,
        authors=("Grabski M", "McAndrew A", "Lawn W", "Marsh B", "et al."),
        year=2022,
        journal="American Journal of Psychiatry",
        doi="10.1176/appi.ajp.2021.21030277",
        design="randomized_controlled_trial",
        people=96,
        funding="UK Medical Research Council",
        direction="mixed",
    ),
    Document(
        id="clinic-article",
        title="Ketamine-assisted therapy (the clinic's article, in our summary)",
        text="## Craving\n\n- In our summary of the clinic's article: ketamine reduces craving for alcohol.\n",
        kind="article",
    ),
)


def cite(n: int, document: Document, statement: str) -> Citation:
    """A citation of a statement, found in its document."""
    start = document.text.index(statement)
    end = document.text.index("\n", start)
    card = {name: getattr(document, name) for name in vars(document) if name not in {"id", "text"}}
    passage = document.text[start:end]
    return Citation(
        n=n, document=document.id, section="findings", start=start, end=end, passage=passage, score=0.7, **card
    )


def answer(request: Request, text: str = SOBER) -> Answer:
    """A cited answer."""
    kare, article = DOCUMENTS
    return Answer(
        id="a", question=request.text, country=request.country or "US", action=Action.ANSWER, category="info_general",
        text=text, claims=(Claim(text="Not proven.", citations=(1,)),),
        citations=(
            cite(1, kare, "Confirmed relapse"), cite(2, kare, "In a phase 2"),
            cite(3, article, "In our summary"), cite(4, kare, "Many people"),
        ),
        evidence=Evidence(strength="low", why="One randomized trial of 96 people with mixed results; people could often "
                          "tell what they were given."),
        suggestions=("What does treatment look like?", "What are the risks?"),
    )  # fmt: skip


@dataclass
class FakeBot:
    """Answers every question alike; `hang` never answers, `broken` raises, `reply` is the text of the answer."""

    hang: bool = False
    broken: bool = False
    broken_examples: bool = False
    delay: float = 0.0
    reply: str = SOBER
    default_country: str = "US"
    degraded: str | None = None
    max_chars: int = 4000
    asked: list[Request] = field(default_factory=list)

    @property
    def examples(self) -> tuple[tuple[str, tuple[str, ...]], ...]:
        """Example questions by subject."""
        if self.broken_examples:
            raise RuntimeError("no examples")
        return (
            ("Does it work", ("Will it keep me sober?", "Does ketamine help with depression?")),
            ("What happens", ("What does a session look like?", "How long does it last?")),
            ("Risks", ("What are the side effects?", "Can I get addicted to ketamine?")),
        )

    def screen(self, request: Request) -> Answer | None:
        """A crisis reply where the message says so."""
        if "end it all" not in request.text:
            return None
        lines = self.helplines(request.country)[:3]
        return Answer(id="c", question=request.text, action=Action.CRISIS, category="suicidal_active", text=CRISIS,
                      country=request.country or "US", helplines=lines, suggestions=("Tell me about costs.",))  # fmt: skip

    async def stream(self, request: Request) -> AsyncIterator[str | Answer]:
        """The answer as one part."""
        yield await self.ask(request)

    async def ask(self, request: Request) -> Answer:
        """An answer, an abstention, an error, or nothing ever."""
        self.asked.append(request)
        await asyncio.sleep(3600 if self.hang else self.delay)
        if self.broken:
            raise RuntimeError("broken")
        if "tinnitus" in request.text:
            return Answer(id="b", question=request.text, action=Action.ABSTAIN, category="info_general",
                          text="I found nothing on tinnitus in the sources I use, so I can't answer that. A doctor or an "
                          "ear specialist can tell you more.",
                          suggestions=("What conditions has ketamine been studied for?",))  # fmt: skip
        if "please fail" in request.text:
            return Answer(id="e", question=request.text, action=Action.ERROR, category="error", text="It did not work.",
                          error=AnswerError(code="x", message="It did not work."))  # fmt: skip
        found = answer(request, self.reply)
        if "approved" in request.text:
            notice = Notice(kind="premise_corrected", text="One thing first: ketamine is not approved for this.")
            return found.model_copy(update={"notices": (notice,)})
        return found

    def document(self, document_id: str) -> Document | None:
        """A source by its id."""
        return next((document for document in DOCUMENTS if document.id == document_id), None)

    def helpline_countries(self) -> list[tuple[str, str]]:
        """The countries."""
        return [("GB", "United Kingdom"), ("US", "United States"), ("DE", "Germany")]

    def helplines(self, country: str | None) -> tuple[HelplineView, ...]:
        """The lines of a country."""
        return {"US": US, "GB": GB}.get(country or self.default_country, ())
