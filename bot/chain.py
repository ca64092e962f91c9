"""The whole way of a message, as a LangChain runnable of named steps:

    screen -> approved -> understand -> retrieve -> withdraw -> write -> verify -> record

A step that finds the answer fills `turn.answer`; the steps that follow then leave the turn alone. Screening needs neither
index nor model nor disk. `approved` and `record` are rooms for part 6 (staff): a turn passes through them unchanged.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, replace
from functools import reduce
from pathlib import Path
from typing import TYPE_CHECKING, Any

from langchain_core.runnables import Runnable, RunnableLambda

from bot.answer import Action, Request
from bot.guard import Guard
from bot.safety import gentle_notice, safety_answer
from bot.turn import Asked, Turn
from bot.understand import Aspects, Premises, Vocabulary, spelling_of, understand
from bot.verify import Verifier
from bot.write import extractive, reply
from bot.write.relevance import Weights, answerable, unknown_words
from bot.write.wording import Wording
from corpus.kinds import UNCITABLE
from corpus.library import read_denied
from index import LiveIndex, Passage
from index.retriever import Reader

if TYPE_CHECKING:
    from bot.understand.rewrite import Rewriter
    from bot.write.model import ModelWriter

Step = Callable[[Turn], Turn]
#: Passages that the writer may choose from.
DEPTH = 30
#: Passages that lie near a question, whether they answer it or not: what may be asked instead is on their subjects.
NEAR = 3
#: A question with a word that the corpus never uses, which is looked up with what was said before it, must be so likely covered.
LEANING = 0.5


@dataclass(frozen=True)
class Steps:
    """The steps of one bot, each usable on its own."""

    guard: Guard
    index: Callable[[], LiveIndex]
    wording: Wording
    vocabulary: Vocabulary
    aspects: Aspects
    premises: Premises
    weights: Weights
    withdrawn: Path
    verifier: Verifier
    limits: extractive.Thresholds = extractive.DEFAULT
    model: ModelWriter | None = None
    rewriter: Rewriter | None = None
    opinion: Callable[[Request], Future[bool]] | None = None

    def screen(self, turn: Turn) -> Turn:
        """Decide on the person's own words, first and whole."""
        request = turn.request
        verdict = self.guard.screen(request.text, request.history, request.lang, request.helped)
        turn = replace(turn, verdict=verdict)
        if verdict.action is Action.ANSWER:
            return replace(turn, opinion=self.opinion(request) if self.opinion else None)
        return replace(turn, answer=safety_answer(turn, self.guard))

    def approved(self, turn: Turn) -> Turn:
        """An answer that staff approved for this question (part 6)."""
        return turn

    def understand(self, turn: Turn) -> Turn:
        """Make each question stand alone."""
        request, lang = turn.request, turn.verdict.lang
        said = request.history[request.helped :]  # what was met with a safety reply is no part of an ordinary question
        with self.index().reader() as reader:
            spelling = spelling_of(reader.vocabulary)
        understood = understand(request.text, said, self.vocabulary, self.aspects, lang, spelling)
        if self.rewriter and not understood.small_talk:
            understood, usage = self.rewriter.improved(understood, request.text, said, lang)
            turn = replace(turn, usage=usage)
        granted = self.premises.taken_for_granted(request.text) if lang == "en" else ()
        by = tuple((c.document, c.statement) for premise in granted for c in premise.corrected_by)
        turn = replace(turn, understood=replace(understood, corrected_by=by))
        if understood.small_talk is None:
            return turn
        text = getattr(self.wording.phrases(lang), understood.small_talk)
        answer = reply.base(turn, Action.ANSWER, text)
        return replace(turn, answer=answer.model_copy(update={"suggestions": self.wording.next_questions((), "")}))

    def retrieve(self, turn: Turn) -> Turn:
        """Find passages in the live version, for each question."""
        with self.index().reader() as reader:  # one version for all of them
            looked = [self._look(asked, turn.verdict.lang, reader) for asked in turn.understood.asked]
            # two premises may be put right by the same statement
            corrected = dict.fromkeys(turn.understood.corrected_by)
            corrections = [reader.statement(document, text) for document, text in corrected]
        return replace(
            turn,
            found=tuple(passages if covered else () for passages, covered in looked),
            near=tuple(passage for passages, _ in looked for passage in passages[:NEAR]),
            corrections=tuple(filter(None, corrections)),
            version=reader.version,
        )

    def search(self, asked: Asked, lang: str, reader: Reader) -> tuple[Sequence[Passage], bool]:
        """The passages for one question, and whether it uses a word that the corpus never does."""
        embed = self.index().embed
        found = [reader.search(s.words, embed(s.words), DEPTH, s.question) for s in asked.searches]
        known = reader.vocabulary | self.vocabulary.known
        return extractive.clearer(found, self.limits), lang == "en" and bool(unknown_words(asked.text, known))

    def _look(self, asked: Asked, lang: str, reader: Reader) -> tuple[tuple[Passage, ...], bool]:
        """The passages for one question, and whether it is covered."""
        passages, strange = self.search(asked, lang, reader)
        if asked.about_practice:
            own = extractive.of_this_service(passages, self.limits)
            return tuple(own), bool(own)
        chance = answerable(passages, asked.text, strange, self.weights)
        leans = strange and asked.within.question != asked.text  # what is near may be near to what was said before
        return tuple(passages), chance >= (
            max(LEANING, self.weights.answer_from) if leans else self.weights.answer_from
        )

    def withdraw(self, turn: Turn) -> Turn:
        """Drop passages of documents that were withdrawn or retracted, or that hold what no honest source says, whatever the index says."""
        denied, hostile = read_denied(self.withdrawn), self.verifier.hostile

        def kept(passage: Passage) -> bool:
            if passage.chunk.document in denied or passage.document.get("status") in UNCITABLE:
                return False
            return not (
                hostile.reason(passage.chunk.text, passage.document.get("kind"))
                or hostile.reason_of_document(passage.document)
            )

        found = tuple(tuple(p for p in passages if kept(p)) for passages in turn.found)
        return replace(turn, found=found, corrections=tuple(p for p in turn.corrections if kept(p)))

    def write(self, turn: Turn) -> Turn:
        """Choose the statements that answer; where a model is configured, it may say them in its own words."""
        chosen = extractive.select(
            turn.corrections, turn.found, turn.understood.asked, self.aspects, self.weights, self.limits
        )
        draft = extractive.write(chosen, self.wording.phrases(turn.verdict.lang))
        if self.model and draft.claims:
            draft = self.model.write(turn, chosen, draft)
        return replace(turn, draft=draft)

    def verify(self, turn: Turn) -> Turn:
        """Keep what its passages support; abstain where nothing is left."""
        draft = self.verifier.verify(turn.draft)
        make = reply.answered if draft.claims else reply.abstained
        answer = make(turn, draft, self.wording)
        if turn.verdict.gentle:
            notice, lines = gentle_notice(turn, self.guard)
            answer = answer.model_copy(update={"notices": (*answer.notices, notice), "helplines": lines})
        if turn.opinion and turn.opinion.done() and turn.opinion.result():
            raised = replace(
                turn.verdict, action=Action.CRISIS, category="unclear", reasons=("a model's second opinion",)
            )
            answer = safety_answer(replace(turn, verdict=raised), self.guard)
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
