"""The parts become an answer: text with markers, citations, evidence; or a reply that says why there is none."""

from __future__ import annotations

from bot.answer import Action, Answer, Citation, Claim, Notice, Usage
from bot.evidence import weigh
from bot.turn import EXTRACTIVE, Draft, Turn
from bot.write.wording import Wording
from index import Passage


def answered(turn: Turn, draft: Draft, wording: Wording) -> Answer:
    """The answer of verified claims; citations are numbered in the order in which they are used."""
    used = list(dict.fromkeys(n for claim in draft.claims for n in claim.citations))
    notices = _notices(turn, draft, wording)
    number = {old: new for new, old in enumerate(used, 1)}
    claims = tuple(c.model_copy(update={"citations": tuple(number[n] for n in c.citations)}) for c in draft.claims)
    cited = [draft.passages[n - 1] for n in used]
    return base(turn, Action.ANSWER, " ".join(_marked(c) for c in claims)).model_copy(
        update={
            "claims": claims,
            "citations": tuple(_citation(n, p) for n, p in enumerate(cited, 1)),
            "evidence": weigh({p.chunk.document: p.document for p in cited}.values(), draft.indirect),
            "notices": notices,
            "removed": draft.removed,
            "model": draft.model,
            "usage": _together(turn.usage, draft.usage),
            "suggestions": wording.next_questions(cited, turn.request.text),
        }
    )


def abstained(turn: Turn, draft: Draft, wording: Wording) -> Answer:
    """Nothing supports an answer: says so, and what the sources do cover."""
    return base(turn, Action.ABSTAIN, wording.abstain(turn.verdict.lang)).model_copy(
        update={"removed": draft.removed, "suggestions": wording.next_questions(turn.near, turn.request.text)}
    )


def _notices(turn: Turn, draft: Draft, wording: Wording) -> tuple[Notice, ...]:
    """What was put right, which of several questions nothing was found on, that the evidence is in English, hard words explained."""
    phrases = wording.phrases(turn.verdict.lang)
    pairs = zip(turn.understood.asked, turn.found, strict=True)
    notices = [
        Notice(kind="nothing_found", text=phrases.nothing.format(question=a.text)) for a, found in pairs if not found
    ]
    if turn.corrections:
        notices.insert(0, Notice(kind="premise_corrected", text=phrases.corrected))
    if draft.model != EXTRACTIVE:
        notices.append(Notice(kind="model", text=phrases.model))
    if draft.fallback:
        notices.append(Notice(kind="fallback", text=phrases.fallback))
    if phrases.translated:
        notices.append(Notice(kind="translated", text=phrases.translated))
    if explained := wording.glossary.explain(" ".join(claim.text for claim in draft.claims)):
        notices.append(Notice(kind="glossary", text=explained))
    return tuple(notices)


def _together(one: Usage | None, other: Usage | None) -> Usage | None:
    return one + other if one and other else one or other


def base(turn: Turn, action: Action, text: str) -> Answer:
    """What every answer to a turn has in common."""
    request = turn.request
    return Answer(
        id=request.id,
        conversation=request.conversation,
        question=request.text,
        lang=turn.verdict.lang,
        country=turn.country,
        action=action,
        category=turn.verdict.category,
        text=text,
        version=turn.version,
    )


def _marked(claim: Claim) -> str:
    marks = "".join(f"[{n}]" for n in claim.citations)
    text = f"{claim.frame}{claim.text.rstrip()}"
    end = text[-1] if text[-1:] in ".!?" else "."
    return f"{text.rstrip('.!?')} {marks}{end}"


def _citation(n: int, passage: Passage) -> Citation:
    chunk, document = passage.chunk, passage.document
    return Citation(
        n=n,
        document=chunk.document,
        section=chunk.section,
        start=chunk.start,
        end=chunk.end,
        passage=chunk.text,
        score=round(passage.score, 4),
        title=str(document.get("title", chunk.document)),
        authors=tuple(document.get("authors") or ()),
        year=document.get("year"),
        journal=document.get("journal"),
        doi=document.get("doi"),
        url=document.get("url"),
        kind=str(document.get("kind", "study")),
        design=document.get("design"),
        people=document.get("n"),
        funding=document.get("funding_conflicts"),
        direction=document.get("direction"),
        status=str(document.get("status", "current")),
        checked=document.get("checked"),
    )
