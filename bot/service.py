"""One bot for every front: the command line, the pages and the API ask this object and nothing else."""

from __future__ import annotations

import asyncio
import datetime
import logging
import threading
import uuid
from collections.abc import AsyncIterator, Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

from bot.answer import Action, Answer, AnswerError, HelplineView, Request
from bot.errors import BotError
from bot.guard import Guard
from bot.guard.lines import as_view
from bot.settings import Settings, load_settings
from corpus.errors import CorpusError
from corpus.helplines import Helpline
from corpus.library import Library
from index.embed.base import Progress
from index.errors import IndexingError

if TYPE_CHECKING:
    from langchain_core.runnables import Runnable

    from bot.chain import Steps
    from bot.turn import Turn
    from bot.understand import Vocabulary
    from bot.understand.rewrite import Rewriter
    from bot.verify import Verifier
    from bot.write.model import ModelWriter
    from bot.write.wording import Wording
    from corpus.hostile import Hostile
    from index import LiveIndex
    from index.embed.base import Embedder
    from index.version import Manifest, VersionStore

log = logging.getLogger(__name__)
#: Messages answered at once; a slow language model holds a place for as long as it is waited for.
AT_ONCE = 64


@dataclass(frozen=True)
class DocumentView:
    """A source as its page shows it."""

    id: str
    title: str
    authors: tuple[str, ...]
    year: int | None
    journal: str | None
    doi: str | None
    url: str | None
    kind: str
    design: str | None
    people: int | None
    funding: str | None
    direction: str | None
    status: str
    checked: str | None
    text: str


class Bot:
    """Answers messages. Only the guard is loaded at once; index, model and chain load when a question needs them."""

    def __init__(self, settings: Settings, index_version: str | None = None) -> None:
        self.settings = settings
        self._pinned = index_version
        self._guard = Guard.load(settings.words)
        self._lock = threading.Lock()
        self._threads = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="answer")

    @property
    def guard(self) -> Guard:
        """Screening."""
        return self._guard

    @property
    def degraded(self) -> str | None:
        """Why screening does without its classifier, if it was asked and could not be loaded."""
        return self._guard.degraded

    @cached_property
    def cached_embedder(self) -> Embedder:
        """The embedder that keeps what it has embedded once."""
        from index.embed.cache import CachedEmbedder

        return CachedEmbedder(self.live.embedder, self.settings.home / "cache" / "embeddings.sqlite")

    @property
    def default_country(self) -> str:
        """Whose helplines are shown where nobody chose."""
        return self.settings.country

    @property
    def max_chars(self) -> int:
        """The longest message that is answered."""
        return self.settings.max_chars

    @cached_property
    def library(self) -> Library:
        """The documents."""
        return Library(self.settings.documents, self.settings.home / "documents", self.settings.withdrawn)

    @cached_property
    def versions(self) -> VersionStore:
        """The versions of the index."""
        from index.version import VersionStore

        return VersionStore(self.settings.versions)

    @cached_property
    def wording(self) -> Wording:
        """Fixed words and topics."""
        from bot.write.wording import Wording

        return Wording.load(self.settings.words)

    @cached_property
    def live(self) -> LiveIndex:
        """The live version of the index."""
        from index import LiveIndex
        from index.embed import load_embedder
        from index.rerank import load_reranker

        embedder, reranker = load_embedder(self.settings.embedder), load_reranker(self.settings.reranker)
        return LiveIndex(self.versions, embedder, self._pinned, reranker)

    @cached_property
    def steps(self) -> Steps:
        """The steps of the chain with what they need."""
        from bot.chain import Steps
        from bot.understand import Aspects, Premises
        from bot.write.relevance import Weights

        words = self.settings.words
        return Steps(
            guard=self._guard,
            index=lambda: self.live,
            wording=self.wording,
            vocabulary=self.vocabulary,
            premises=Premises.load(words / "premises.yaml"),
            aspects=Aspects.load(words / "aspects.yaml"),
            weights=Weights.load(words / "relevance.yaml"),
            withdrawn=self.settings.withdrawn,
            verifier=self.verifier,
            model=self.model_writer,
            rewriter=self._rewriter(),
            opinion=self._opinion(),
        )

    @cached_property
    def vocabulary(self) -> Vocabulary:
        """People's words and the field's."""
        from bot.understand import Vocabulary

        return Vocabulary.load(self.settings.words / "vocabulary.yaml")

    def _opinion(self) -> Callable[[Request], Future[bool]] | None:
        writer = self.model_writer
        if writer is None or not self.settings.model_second_opinion:
            return None
        from bot.model.opinion import SecondOpinion

        second, prompt = SecondOpinion(writer.caller), writer.prompt
        return lambda request: second.ask(prompt.second_opinion(request.text, request.history[request.helped :]))

    def _rewriter(self) -> Rewriter | None:
        from bot.understand.rewrite import Rewriter

        writer = self.model_writer
        if writer is None:
            return None
        return Rewriter(writer.caller, writer.prompt, self.verifier.terms, self.verifier.hostile, self.vocabulary)

    @cached_property
    def hostile(self) -> Hostile:
        """What no honest source says."""
        from corpus.hostile import Hostile

        return Hostile.load(self.settings.words / "hostile.yaml")

    @cached_property
    def verifier(self) -> Verifier:
        """What checks every claim."""
        from bot.understand import Aspects
        from bot.verify import Entailment, NamedEntailment, OutputGuard, OwnEntailment, Verifier

        words, named = self.settings.words, self.settings.entailment
        models: tuple[Entailment, ...] = (OwnEntailment(), NamedEntailment(named)) if named else (OwnEntailment(),)
        terms = tuple(Aspects.load(words / name) for name in ("aspects.yaml", "terms.yaml"))
        return Verifier(OutputGuard.load(words / "output.yaml"), self.hostile, terms, models)

    @cached_property
    def model_writer(self) -> ModelWriter | None:
        """The writer with a language model, where one is set. Raises BotError where it cannot be loaded."""
        settings = self.settings
        if settings.model is None:
            return None
        from bot.model import Caller, Limits, Spending, load_model, name_of
        from bot.write.cache import Cache
        from bot.write.model import MOST_TOKENS, ModelWriter
        from bot.write.prompt import Prompt

        read, written = settings.model_price_read, settings.model_price_written
        prices = (read or 0.0, written or 0.0) if read is not None or written is not None else None
        model = load_model(settings.model, settings.model_key, settings.model_seconds, MOST_TOKENS)
        limits = Limits(first=settings.model_first_seconds, whole=settings.model_seconds)
        return ModelWriter(
            Caller(
                model, name_of(settings.model), Spending(settings.spending, settings.model_tokens_a_day, prices), limits
            ),
            Prompt.load(settings.words / "prompts" / "answer.yaml"),
            self.verifier,
            self.verifier.terms[0],
            Cache(self.verifier.terms),
            self.live.embed,
            lambda lang: self.wording.phrases(lang).elsewhere,
        )

    def check_entailment(self) -> None:
        """Loads what checks a model's sentences. Raises BotError, CorpusError or IndexingError where it cannot be loaded."""
        for model in self.verifier.entailment:
            model.probability("Ready.", "Ready.")

    @cached_property
    def chain(self) -> Runnable[Turn, Turn]:
        """The chain of steps."""
        from bot.chain import build_chain

        return build_chain(self.steps)

    @cached_property
    def examples(self) -> tuple[tuple[str, tuple[str, ...]], ...]:
        """Example questions by subject."""
        return tuple((t.name, t.examples) for t in self.wording.topics)

    def screen(self, request: Request) -> Answer | None:
        """The safety reply to a message, or None where it is an ordinary one. Needs neither index nor model."""
        from bot.safety import safety_answer

        turn = self._turn(request)
        turn = replace(turn, verdict=self._guard.screen(request.text, request.history, request.lang, request.helped))
        return None if turn.verdict.action is Action.ANSWER else safety_answer(turn, self._guard)

    async def ask(self, request: Request) -> Answer:
        """One answer. Never raises: what goes wrong is an answer with the action `error` and one clear sentence."""
        return await asyncio.get_running_loop().run_in_executor(self._threads, self.answer, request)

    async def stream(self, request: Request) -> AsyncIterator[str | Answer]:
        """Each sentence of a language model as soon as it was checked, and at last the answer, which counts."""
        loop = asyncio.get_running_loop()
        parts: asyncio.Queue[str | None] = asyncio.Queue()
        gone = threading.Event()
        answering = loop.run_in_executor(
            self._threads,
            self.answer,
            request,
            lambda text: loop.call_soon_threadsafe(parts.put_nowait, text),
            gone.is_set,
        )
        answering.add_done_callback(lambda _: parts.put_nowait(None))
        try:
            while (part := await parts.get()) is not None:
                yield part
            yield answering.result()
        finally:
            gone.set()

    def answer(
        self,
        request: Request,
        show: Callable[[str], object] | None = None,
        gone: Callable[[], bool] | None = None,
    ) -> Answer:
        """`ask`, for callers that do not wait on an event loop; `show` is told each sentence of a language model that holds, `gone`
        says whether nobody waits any more."""
        turn = replace(self._turn(request), show=show, gone=gone)
        try:
            if refused := self._refused(turn):
                return refused
            with self._lock:
                chain = self.chain
            done = chain.invoke(turn)
            if done.answer is None:
                raise BotError("internal", "no step gave an answer")
            return done.answer.model_copy(update={"timings_ms": done.timings, "version": done.version})
        except (BotError, IndexingError, CorpusError) as error:
            return self._safety(request) or self._error(turn, error.code, error.message)
        except Exception:  # whatever fails, a person gets a sentence and not a traceback
            log.exception("a message could not be answered")
            return self._safety(request) or self._error(
                turn, "internal", "something went wrong inside; the log says what"
            )

    def _safety(self, request: Request) -> Answer | None:
        """The safety reply to a message that the chain broke on, or could not be built for; None where it is an ordinary one."""
        try:
            return self.screen(request)
        except Exception:
            log.exception("screening failed")
            return None

    def _refused(self, turn: Turn) -> Answer | None:
        """Blank and over-long messages are refused, but only once they were screened whole."""
        text = turn.request.text
        if any(c.isalnum() for c in text) and len(text) <= self.max_chars:
            return None
        if safety := self.screen(turn.request):
            return safety
        phrases = self.wording.phrases(turn.request.lang or turn.verdict.lang)
        if not any(c.isalnum() for c in text):
            return self._error(turn, "empty", "the message holds no words", phrases.empty)
        said = phrases.too_long.format(most=self.max_chars)
        return self._error(
            turn, "too_long", f"the message has {len(text)} characters, more than {self.max_chars}", said
        )

    def _turn(self, request: Request) -> Turn:
        from bot.turn import Turn

        country = (request.country or self.settings.country).upper()
        return Turn(request if request.id else request.model_copy(update={"id": uuid.uuid4().hex}), country)

    def _error(self, turn: Turn, code: str, message: str, said: str | None = None) -> Answer:
        request = turn.request
        return Answer(
            id=request.id,
            conversation=request.conversation,
            question=request.text,
            country=turn.country,
            action=Action.ERROR,
            category="error",
            text=said or self.wording.phrases(turn.request.lang or turn.verdict.lang).trouble,
            error=AnswerError(code=code, message=message),
        )

    def ensure_index(self, progress: Progress | None = None) -> None:
        """Build the first version where there is none yet."""
        if self._pinned is None and self.versions.live is None:
            self.build(progress)

    def build(self, progress: Progress | None = None, promote: bool = False) -> Manifest:
        """A new version of all documents; the first one goes live by itself."""
        from index.version import Source, build

        manifest = build(self.versions, Source.of_cards(self.library.cards()), self.cached_embedder, progress)
        if promote or self.versions.live is None:
            self.versions.promote(manifest.version)
        return manifest

    def document(self, document_id: str) -> DocumentView | None:
        """A source by its id, as the live version has it."""
        try:
            with self.live.reader() as reader:
                row = reader.documents.get(document_id)
        except (IndexingError, CorpusError):
            return None
        if row is None:
            return None
        status = "withdrawn" if document_id in self.library.denied() else str(row.get("status", "current"))
        return DocumentView(
            id=document_id,
            title=str(row["title"]),
            authors=tuple(row.get("authors") or ()),
            year=row.get("year"),
            journal=row.get("journal"),
            doi=row.get("doi"),
            url=row.get("url"),
            kind=str(row["kind"]),
            design=row.get("design"),
            people=row.get("n"),
            funding=row.get("funding_conflicts"),
            direction=row.get("direction"),
            status=status,
            checked=row.get("checked"),
            text=str(row["text"]),
        )

    def helpline_countries(self) -> list[tuple[str, str]]:
        """Code and name of every country with helplines."""
        return [(c.code, c.name) for c in self._guard.helplines.countries()]

    def helplines(self, country: str | None) -> tuple[HelplineView, ...]:
        """The lines of a country, the emergency number first; the directory where there is none."""
        return tuple(as_view(line) for line in self._guard.helplines.for_country(country or self.default_country))

    @property
    def all_helplines(self) -> tuple[Helpline, ...]:
        """Every line that may be shown."""
        book = self._guard.helplines
        return tuple(line for c in book.countries() for line in book.for_country(c.code))


def build(settings: Settings | None = None, index_version: str | None = None) -> Bot:
    """The bot of this process."""
    return Bot(settings or load_settings(), index_version)


def today() -> datetime.date:
    """The date, for checks of age."""
    return datetime.datetime.now(datetime.UTC).date()
