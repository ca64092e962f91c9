"""The conversation: what Gradio does when a person sends a message.

Two steps. The first, outside Gradio's queue, screens the message and shows a safety reply at once, whatever else hangs
or is full. The second asks the bot and shows the answer sentence by sentence. The page sends only the new message and
the chosen country; who asked what before is kept here, under an id that stays in the server's own session state.
"""

from __future__ import annotations

import asyncio
import itertools
import logging
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

from bot.answer import SAFETY_ACTIONS, Action, Answer, AnswerError, HelplineView, Request
from bot.web.contract import Bot
from bot.web.conversations import Conversation, Conversations, Turn
from bot.web.country import choose
from bot.web.render import Renderer, sentence_count
from corpus.text import normalise

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Limits:
    """What the page bears: questions answered at once and waiting, seconds for one answer and between two sentences."""

    at_once: int = 64
    queue: int = 256
    seconds: float = 45.0
    pause: float = 0.03


@dataclass
class Chat:
    """Takes messages and answers them, as patches of the page."""

    bot: Bot
    conversations: Conversations
    renderer: Renderer
    limits: Limits = field(default_factory=Limits)
    _busy: int = field(default=0, init=False)
    _numbers: Iterator[int] = field(default_factory=itertools.count, init=False)

    def take(self, text: str, conversation: str | None, country: str | None, languages: str | None) -> tuple[str, str]:
        """Screen and keep a message; returns the conversation's id and the patch that shows the message."""
        text = normalise(text)
        if not text.strip():
            return conversation or "", self._patch(self.renderer.hint())
        kept = self.conversations.open(conversation)
        place = self.country(kept, country, languages)
        self.conversations.choose_country(kept.id, place)
        turn = self.conversations.add(kept.id, text)
        request = Request(
            text=text, history=kept.history(""), conversation=kept.id, country=place, helped=kept.helped("")
        )
        reply = self._screened(request)
        if reply is not None:
            self.conversations.close(kept.id, turn.id, reply)
            turn = Turn(turn.id, text, reply)
        return kept.id, self._patch(self.renderer.turn(turn), *self._bar(reply, place))

    async def answer(self, conversation: str | None) -> AsyncIterator[str]:
        """The patches that answer the message taken last: its sentences one by one, then everything."""
        turn = self.conversations.take(conversation)
        kept = self.conversations.get(conversation)
        if turn is None or kept is None:
            return
        said: list[str] = []
        async for part in self._parts(kept, turn):
            if isinstance(part, str):
                said.append(part)
                yield self._patch(self.renderer.turn(Turn(turn.id, turn.question, _so_far(said)), shown=len(said)))
                continue
            self.conversations.close(kept.id, turn.id, part)
            done = Turn(turn.id, turn.question, part)
            for shown in range(1, 1 if said else sentence_count(turn.id, part, self.renderer.words)):
                yield self._patch(self.renderer.turn(done, shown=shown))
                await asyncio.sleep(self.limits.pause)
            yield self._patch(self.renderer.turn(done))

    def _bar(self, reply: Answer | None, country: str) -> tuple[str, ...]:
        """After a safety reply: the bar with the first line, which then stays."""
        return (self.renderer.bar(self.bot.helplines(country)),) if reply and reply.action in SAFETY_ACTIONS else ()

    def failed(self, conversation: str | None) -> str:
        """The patch that says so where a message could not be answered at all: the queue was full, or we broke."""
        kept = self.conversations.get(conversation)
        waiting = [turn for turn in kept.turns if turn.answer is None] if kept else []
        if not kept or not waiting:
            return self._patch()
        turn = waiting[-1]
        reply = self._trouble(turn.question, "busy", self.renderer.words.trouble.busy)
        self.conversations.close(kept.id, turn.id, reply)
        return self._patch(self.renderer.turn(Turn(turn.id, turn.question, reply)))

    def country(self, kept: Conversation | None, chosen: str | None, languages: str | None) -> str:
        """The country of a conversation."""
        known = {code for code, _ in self.bot.helpline_countries()}
        return choose(chosen or (kept.country if kept else None), languages, known, self.bot.default_country)

    def lines(self, country: str | None) -> tuple[HelplineView, ...]:
        """The helplines of a country."""
        return self.bot.helplines(country)

    def _screened(self, request: Request) -> Answer | None:
        """The safety reply; where screening itself breaks, the helplines, for they may be needed."""
        try:
            return self.bot.screen(request)
        except Exception:
            log.exception("screening failed; the helplines are shown instead of an answer")
            text = self.renderer.words.trouble.failed
            return self._trouble(request.text, "screening", text, self.bot.helplines(request.country))

    async def _parts(self, kept: Conversation, turn: Turn) -> AsyncIterator[str | Answer]:
        """What the bot says, in time; where it does not, the answer that says so."""
        words = self.renderer.words.trouble
        request = Request(
            id=turn.id,
            text=turn.question,
            history=kept.history(turn.id),
            conversation=kept.id,
            country=kept.country,
            helped=kept.helped(turn.id),
        )
        with self._place() as free:
            if not free:
                yield self._trouble(turn.question, "busy", words.busy)
                return
            parts, clock = self.bot.stream(request), asyncio.get_running_loop().time
            until = clock() + self.limits.seconds
            try:
                while True:
                    yield await asyncio.wait_for(anext(parts), until - clock())
            except StopAsyncIteration:
                return
            except TimeoutError:
                yield self._trouble(turn.question, "timeout", words.slow)
            except Exception:
                log.exception("answering failed")
                yield self._trouble(turn.question, "internal", words.failed)

    @contextmanager
    def _place(self) -> Iterator[bool]:
        """One of the places for questions that are answered at once, if there is one."""
        free = self._busy < self.limits.at_once
        self._busy += free
        try:
            yield free
        finally:
            self._busy -= free

    def _trouble(self, question: str, code: str, text: str, lines: tuple[HelplineView, ...] = ()) -> Answer:
        return Answer(
            id="",
            question=question,
            action=Action.ERROR,
            category="error",
            text=text,
            error=AnswerError(code=code, message=text),
            helplines=lines,
        )

    def _patch(self, *parts: str) -> str:
        return self.renderer.patch(*parts, number=next(self._numbers))


def _so_far(said: Sequence[str]) -> Answer:
    """Sentences that hold, shown before the answer is whole."""
    return Answer(id="", question="", action=Action.ANSWER, category="", text=" ".join(said))
