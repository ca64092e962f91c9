"""The whole way of a message, as a LangChain runnable of named steps:

    screen -> approved -> understand -> retrieve -> withdraw -> write -> verify -> record

A step that finds the answer fills `turn.answer`; the steps that follow then leave the turn alone. Screening needs neither
index nor model nor disk. `approved` and `record` are rooms for part 6 (staff): a turn passes through them unchanged.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import reduce
from pathlib import Path
from typing import Any

from langchain_core.runnables import Runnable, RunnableLambda

from bot.answer import Action
from bot.guard import Guard
from bot.safety import gentle_notice, safety_answer
from bot.turn import Turn
from bot.understand import Vocabulary, understand
from bot.verify import OutputGuard, verify
from bot.write import extractive, reply
from bot.write.relevance import unknown_words
from bot.write.wording import Wording
from corpus.kinds import UNCITABLE
from corpus.library import read_denied
from index import LiveIndex

Step = Callable[[Turn], Turn]
#: Passages that the writer may choose from.
DEPTH = 30


@dataclass(frozen=True)
class Steps:
    """The steps of one bot, each usable on its own."""

    guard: Guard
    index: Callable[[], LiveIndex]
    wording: Wording
    vocabulary: Vocabulary
    withdrawn: Path
    output: OutputGuard
    limits: extractive.Thresholds = extractive.DEFAULT

    def screen(self, turn: Turn) -> Turn:
        """Decide on the person's own words, first and whole."""
        request = turn.request
        verdict = self.guard.screen(request.text, request.history, request.lang, request.helped)
        turn = replace(turn, verdict=verdict)
        if verdict.action is Action.ANSWER:
            return turn
        return replace(turn, answer=safety_answer(turn, self.guard))

    def approved(self, turn: Turn) -> Turn:
        """An answer that staff approved for this question (part 6)."""
        return turn

    def understand(self, turn: Turn) -> Turn:
        """Make the question stand alone."""
        request = turn.request
        said = request.history[request.helped :]  # what was met with a safety reply is no part of an ordinary question
        understood = understand(request.text, said, self.vocabulary, turn.verdict.lang)
        turn = replace(turn, understood=understood)
        if understood.small_talk is None:
            return turn
        text = getattr(self.wording.phrases, understood.small_talk)
        answer = reply.base(turn, Action.ANSWER, text)
        return replace(turn, answer=answer.model_copy(update={"suggestions": self.wording.next_questions((), "")}))

    def retrieve(self, turn: Turn) -> Turn:
        """Find passages in the live version."""
        index = self.index()
        with index.reader() as reader:
            found = [reader.search(query, index.embed(query), DEPTH) for query in turn.understood.searches]
            passages = extractive.clearer(found, self.limits)
            strange = unknown_words(turn.request.text, reader.vocabulary) if turn.verdict.lang == "en" else []
        kept = extractive.answering(passages, turn.understood, bool(strange), self.limits)
        return replace(turn, passages=tuple(kept), version=reader.version)

    def withdraw(self, turn: Turn) -> Turn:
        """Drop passages of documents that were withdrawn or retracted, whatever the index says."""
        denied = read_denied(self.withdrawn)
        kept = [
            p for p in turn.passages if p.chunk.document not in denied and p.document.get("status") not in UNCITABLE
        ]
        return replace(turn, passages=tuple(kept))

    def write(self, turn: Turn) -> Turn:
        """Choose the statements that answer."""
        chosen = extractive.select(turn.passages, turn.understood.about_article, self.limits)
        return replace(turn, draft=extractive.write(chosen))

    def verify(self, turn: Turn) -> Turn:
        """Keep what its passages support; abstain where nothing is left."""
        draft = verify(turn.draft, self.output)
        make = reply.answered if draft.claims else reply.abstained
        answer = make(turn, draft, self.wording)
        if turn.verdict.gentle:
            notice, lines = gentle_notice(turn, self.guard)
            answer = answer.model_copy(update={"notices": (*answer.notices, notice), "helplines": lines})
        return replace(turn, draft=draft, answer=answer)

    def record(self, turn: Turn) -> Turn:
        """Keep the turn for staff (part 6)."""
        return turn


def build_chain(steps: Steps) -> Runnable[Turn, Turn]:
    """The chain of all steps, in order."""
    order: list[Step] = [
        steps.screen, steps.approved, steps.understand, steps.retrieve,
        steps.withdraw, steps.write, steps.verify, steps.record,
    ]  # fmt: skip
    links: list[Runnable[Any, Any]] = [RunnableLambda(_timed(step), name=step.__name__) for step in order]
    return reduce(lambda chain, link: chain | link, links)


def _timed(step: Step) -> Step:
    """A step that leaves an answered turn alone and notes its time in milliseconds."""
    name = step.__name__

    def run(turn: Turn) -> Turn:
        if turn.answer is not None:
            return turn
        begun = time.perf_counter()
        done = step(turn)
        spent = round((time.perf_counter() - begun) * 1000, 2)
        return replace(done, timings={**turn.timings, name: spent})

    run.__name__ = name
    return run
