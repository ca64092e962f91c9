"""One call of the model, as a stream of text that ends in time whatever the other side does."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import queue
import threading
import time
from collections.abc import Callable, Generator, Mapping, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

import pybreaker
from langchain_core.exceptions import ContextOverflowError, ModelError, ModelInvalidRequestError
from langchain_core.language_models import BaseChatModel
from langchain_core.messages import AIMessageChunk, BaseMessage
from langchain_core.messages.ai import UsageMetadata
from langchain_core.runnables import Runnable, RunnableSequence

from bot.answer import Usage
from bot.model.spending import Spending

log = logging.getLogger(__name__)
#: Where a provider does not say how many tokens a call took: characters a token, roughly.
CHARS_A_TOKEN = 4
PAUSE_BEFORE_RETRY = 0.3
SLOW = TimeoutError()


class ModelFailed(Exception):
    """The model gave nothing that can be used. `why` is one word for the record: busy, slow, budget, refused, broken, empty."""

    def __init__(self, why: str, message: str) -> None:
        super().__init__(message)
        self.why = why


@dataclass(frozen=True)
class Limits:
    """Seconds until the first sentence that holds and in all; attempts; characters; failures in a row after which the model
    rests, and for how many seconds; calls at once."""

    first: float = 8.0
    whole: float = 20.0
    attempts: int = 2
    chars: int = 6000
    failures: int = 3
    rest: float = 60.0
    at_once: int = 16


@dataclass
class _Gathered:
    """What a call has brought so far."""

    pieces: queue.Queue[str | BaseException | None] = field(default_factory=queue.Queue)
    begun: bool = False
    read: int = 0
    written: int = 0
    reported: bool = False
    chars: int = 0


class Caller:
    """Calls a model, on an event loop of its own, so that a call that is given up is cancelled and its connection closed."""

    def __init__(
        self, model: BaseChatModel, name: str, spending: Spending, limits: Limits | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:  # fmt: skip
        self.model = model
        self.name = name
        self.limits = limits or Limits()
        self.clock = clock
        self._spending = spending
        self._breaker = pybreaker.CircuitBreaker(
            self.limits.failures,
            self.limits.rest,
            exclude=[_no_fault_of_the_model],
            throw_new_error_on_trip=False,
        )
        self._places = threading.BoundedSemaphore(self.limits.at_once)
        self._loop = _loop()

    @property
    def structured(self) -> bool:
        """Whether the provider says that the model keeps to a schema."""
        return bool((self.model.profile or {}).get("structured_output"))

    def stream(
        self,
        messages: Sequence[BaseMessage],
        seconds_left: Callable[[], float],
        book: Callable[[Usage], None],
        schema: Mapping[str, Any] | None = None,
    ) -> Generator[str]:
        """The pieces of the answer as they come, with a schema those of its JSON. `seconds_left` is asked before each wait; `book` is
        told what the call took.

        Raises ModelFailed where the model is resting, the budget is spent, the time is up, or the provider fails for good.
        """
        if not self._spending.left():
            raise ModelFailed("budget", "the day's budget of tokens is spent")
        if not self._places.acquire(blocking=False):
            raise ModelFailed("busy", "too many questions are with the model")
        try:
            with self._breaker.calling():
                yield from self._streamed(messages, seconds_left, book, schema)
        except pybreaker.CircuitBreakerError as error:
            raise ModelFailed("busy", "the model failed several times and is left alone for a while") from error
        finally:
            self._places.release()

    def text(self, messages: Sequence[BaseMessage], seconds: float) -> tuple[str, Usage | None]:
        """A short answer as one piece, within so many seconds, and what it took. A call that is late here says nothing about longer
        ones, so it does not count as a failure. Raises ModelFailed."""
        if not self._spending.left() or self._breaker.current_state == pybreaker.STATE_OPEN:
            raise ModelFailed("busy", "the model is not to be asked now")
        until = self.clock() + seconds
        taken: list[Usage] = []
        said = "".join(self._streamed(messages, lambda: until - self.clock(), taken.append, None))
        return said, taken[0] if taken else None

    def _streamed(
        self,
        messages: Sequence[BaseMessage],
        seconds_left: Callable[[], float],
        book: Callable[[Usage], None],
        schema: Mapping[str, Any] | None,
    ) -> Generator[str]:
        gathered = _Gathered()
        running = asyncio.run_coroutine_threadsafe(self._run(messages, gathered, schema), self._loop)
        try:
            yield from self._pieces(gathered, seconds_left)
        finally:
            _give_up(running)
            if gathered.begun:
                book(self._booked(messages, gathered))

    def _pieces(self, gathered: _Gathered, seconds_left: Callable[[], float]) -> Generator[str]:
        while True:
            left = seconds_left()
            try:
                piece = gathered.pieces.get(timeout=left) if left > 0 else SLOW
            except queue.Empty:
                piece = SLOW
            if piece is SLOW:
                raise ModelFailed("slow", "the model took too long")
            if piece is None:
                break
            if isinstance(piece, BaseException):
                raise ModelFailed("refused" if not _again(piece) else "broken", _first_line(piece)) from piece
            gathered.chars += len(piece)
            yield piece
            if gathered.chars >= self.limits.chars:
                return
        if not gathered.chars:
            raise ModelFailed("empty", "the model gave no text")

    async def _run(
        self, messages: Sequence[BaseMessage], gathered: _Gathered, schema: Mapping[str, Any] | None
    ) -> None:
        for attempt in range(1, self.limits.attempts + 1):
            begun = False
            try:
                async for chunk in self._bound(schema).astream(list(messages)):
                    gathered.begun = True
                    _count(chunk, gathered)
                    if text := _text(chunk):
                        begun = True
                        gathered.pieces.put(text)
                gathered.pieces.put(None)
                return
            except asyncio.CancelledError:
                raise
            except Exception as error:  # the provider's own classes: told apart by `_again`
                log.warning("call %d of the model failed: %s", attempt, type(error).__name__)
                if begun or attempt == self.limits.attempts or not _again(error):
                    gathered.pieces.put(error)
                    return
                await asyncio.sleep(PAUSE_BEFORE_RETRY)

    def _bound(self, schema: Mapping[str, Any] | None) -> Runnable[Any, Any]:
        """The model, or the model told to keep to a schema, without LangChain's parser behind it, which waits for the whole."""
        if schema is None:
            return self.model
        told = self.model.with_structured_output(dict(schema))
        return told.first if isinstance(told, RunnableSequence) else told

    def _booked(self, messages: Sequence[BaseMessage], gathered: _Gathered) -> Usage:
        read, written = gathered.read, gathered.written
        if not gathered.reported:
            read = sum(len(str(message.text)) for message in messages) // CHARS_A_TOKEN
            written = gathered.chars // CHARS_A_TOKEN
        return self._spending.add(read, written, not gathered.reported)


@lru_cache(maxsize=1)
def _loop() -> asyncio.AbstractEventLoop:
    """One loop for all calls of a process, in one thread: providers share their connections among models, and these belong to a loop."""
    loop = asyncio.new_event_loop()
    threading.Thread(target=loop.run_forever, name="model", daemon=True).start()
    return loop


def _text(chunk: BaseMessage) -> str:
    """The text of a piece, or the JSON where the provider sends the answer as the arguments of a tool."""
    tools = chunk.tool_call_chunks if isinstance(chunk, AIMessageChunk) else []
    return str(chunk.text) or "".join(tool["args"] or "" for tool in tools)


def _count(chunk: AIMessageChunk | BaseMessage, gathered: _Gathered) -> None:
    usage: UsageMetadata | None = getattr(chunk, "usage_metadata", None)
    if usage:
        gathered.read += usage["input_tokens"]
        gathered.written += usage["output_tokens"]
        gathered.reported = True


def _again(error: BaseException) -> bool:
    """Whether the same request may succeed: what LangChain says; a connection that broke off in the middle may too."""
    return error.is_retryable if isinstance(error, ModelError) else True


def _no_fault_of_the_model(error: BaseException) -> bool:
    """Whether we closed the stream, having enough, or a failure lies in the message and says nothing about the next one."""
    of_message = (ModelInvalidRequestError, ContextOverflowError)
    return isinstance(error, GeneratorExit) or isinstance(error.__cause__, of_message)


def _first_line(error: BaseException) -> str:
    lines = str(error).strip().splitlines()
    return f"{type(error).__name__}: {lines[0][:160] if lines else 'no message'}"


def _give_up(running: Future[Any]) -> None:
    with contextlib.suppress(Exception):
        running.cancel()
