"""The writer with a language model: its sentences are checked one by one, and shown only when they hold.

What does not hold is taken out and kept for staff. Where too little is left, or the model fails, the extractive answer stands in its
place and says so.
"""

from __future__ import annotations

import logging
import secrets
from collections.abc import Callable, Generator, Iterator, Sequence
from dataclasses import dataclass, field, replace

from bot.answer import Claim, Removed, Usage
from bot.model import Caller, ModelFailed
from bot.turn import Draft, Turn
from bot.understand import Aspects
from bot.verify import Checked, Verifier
from bot.write.cache import Cache, Entry, Key, digest
from bot.write.extractive import CONTRARY, Chosen
from bot.write.marked import Sentence, sentences
from bot.write.prompt import Prompt, names_for
from bot.write.structured import SCHEMA, claims_of
from index import Passage
from index.embed.base import Vectors

log = logging.getLogger(__name__)
#: Passages that are shown to the model, claims that are kept, and sentences that are looked at.
MOST_PASSAGES, MOST_CLAIMS, MOST_SENTENCES = 8, 6, 14
#: Tokens of one answer, and characters of one sentence.
MOST_TOKENS, LONGEST = 700, 400
#: What an answer says before anything else, and never in the model's words.
FIRST = ("first", "article")
#: Whose words are quoted, and never retold as if they were evidence.
QUOTED = ("article", "about")


@dataclass
class _Kept:
    """What held and what did not, what the call took, and whether the model came to its end."""

    claims: list[Claim] = field(default_factory=list)
    removed: list[Removed] = field(default_factory=list)
    usage: Usage | None = None
    whole: bool = False


@dataclass(frozen=True)
class ModelWriter:
    """Writes with a model. `embed` is what the cache compares questions by; `secret` makes the passages' ids."""

    caller: Caller
    prompt: Prompt
    verifier: Verifier
    aspects: Aspects
    cache: Cache
    embed: Callable[[str], Vectors]
    elsewhere: Callable[[str], str]
    """The words before a finding on another form of the drug, by language: a format of `found` and `asked`."""
    secret: bytes = field(default_factory=lambda: secrets.token_bytes(16))

    def write(self, turn: Turn, chosen: Sequence[Chosen], plain: Draft) -> Draft:
        """The draft of the model, or `plain`, the extractive one, with the reason why it stands. Never raises."""
        kept = _Kept()
        try:
            return self._written(turn, chosen, plain, kept)
        except ModelFailed as error:
            why = error.why
        except Exception as error:  # whatever a provider or a model file does, the sources can still answer
            log.error("the writer with a model broke: %s", type(error).__name__)
            why = "broken"
        log.warning("the extractive answer stands: %s", why)
        return replace(plain, removed=tuple(kept.removed), usage=kept.usage, fallback=why)

    def _written(self, turn: Turn, chosen: Sequence[Chosen], plain: Draft, kept: _Kept) -> Draft:
        offered = self._offered(turn, chosen)
        if not offered:
            return plain
        said = turn.request.history[turn.request.helped :]  # what was met with a safety reply is told to nobody
        frames = tuple((one.passage.chunk.id, one.frame) for one in chosen)
        key = Key(digest(*said), turn.version or "", self.caller.name, self.prompt.version, turn.verdict.lang, frames)
        question = turn.request.text
        vector = self.embed(question)
        entry = self.cache.get(key, question, vector)
        if entry and (passages := _by_id(offered, plain, entry.passages)):
            return replace(plain, claims=entry.claims, passages=passages, model=self.caller.name)
        self._ask(turn, said, offered, kept)
        if not _holds(kept, chosen, offered):
            raise ModelFailed("unsupported", "too little of what it wrote is supported")
        draft = _completed(kept.claims, offered, chosen, plain)
        if kept.whole:
            self.cache.put(key, question, vector, Entry(draft.claims, tuple(p.chunk.id for p in draft.passages)))
        indirect = any(claim.frame for claim in kept.claims)
        return replace(draft, removed=tuple(kept.removed), model=self.caller.name, usage=kept.usage, indirect=indirect)

    def _offered(self, turn: Turn, chosen: Sequence[Chosen]) -> tuple[Passage, ...]:
        """What the extractive writer chose, then what else was found for each question, best first; nothing that is to be quoted only."""
        rows = [one.passage for one in chosen if one.frame not in FIRST]
        rows += [p for n in range(MOST_PASSAGES) for group in turn.found for p in group[n : n + 1]]
        known = {p.chunk.id: p for p in reversed(rows) if p.document.get("kind") not in QUOTED}
        order = [name for name in dict.fromkeys(p.chunk.id for p in rows) if name in known]
        return tuple(known[name] for name in order[:MOST_PASSAGES])

    def _ask(self, turn: Turn, said: Sequence[str], offered: tuple[Passage, ...], kept: _Kept) -> None:
        """Fills in what held. Raises ModelFailed where there is nothing to go on with."""
        named = names_for(turn.request.text, offered, self.secret)
        places = {name: n for n, name in enumerate(named, 1)}
        limits, begun = self.caller.limits, self.caller.clock()

        def seconds_left() -> float:
            if turn.gone and turn.gone():
                return 0.0
            most = limits.whole if kept.claims else min(limits.first, limits.whole)
            return most - (self.caller.clock() - begun)

        def book(usage: Usage) -> None:
            kept.usage = usage

        schema = SCHEMA if self.caller.structured else None
        stream = self.caller.stream(self.prompt.answer(turn.request.text, said, named), seconds_left, book, schema)
        try:
            self._read(stream, claims_of(stream) if schema else sentences(stream), places, offered, kept, turn)
        except ModelFailed as error:
            if not kept.claims or error.why not in ("slow", "broken"):
                raise
        finally:
            stream.close()

    def _read(
        self,
        stream: Generator[str],
        read: Iterator[Sentence],
        places: dict[str, int],
        offered: Sequence[Passage],
        kept: _Kept,
        turn: Turn,
    ) -> None:
        for n, sentence in enumerate(read, 1):
            if self.prompt.cannot.lower() in sentence.text.lower():
                raise ModelFailed("cannot", "the model says that the passages do not answer")
            self._look_at(sentence, places, offered, kept, turn)
            if len(kept.claims) == MOST_CLAIMS or n == MOST_SENTENCES:
                stream.close()
                break
        kept.whole = True

    def _look_at(
        self, sentence: Sentence, places: dict[str, int], offered: Sequence[Passage], kept: _Kept, turn: Turn
    ) -> None:
        if any(sentence.text == claim.text for claim in kept.claims):
            return
        numbers = tuple(dict.fromkeys(places.get(name.lower(), 0) for name in sentence.ids))
        cited = [offered[n - 1] for n in numbers if n]
        if len(sentence.text) > LONGEST:
            checked = Checked({}, "it is too long to be one claim", withheld=True)
        else:
            checked = self.verifier.check(sentence.text, cited)
        if 0 in numbers and not checked.withheld:
            checked = Checked({}, "it cites a passage that was not retrieved")
        if checked.reason:
            kept.removed.append(checked.removed(sentence.text))
            return
        claim = Claim(
            text=sentence.text,
            frame=self._frame(sentence.text, cited, turn),
            citations=numbers,
            support=min(checked.parts.values()),
            support_parts=checked.parts,
        )
        kept.claims.append(claim)
        if turn.show:
            turn.show(f"{claim.frame}{claim.text}")

    def _frame(self, said: str, cited: Sequence[Passage], turn: Turn) -> str:
        """The words before a finding on another form of the drug than was asked about, where the sentence does not say so itself."""
        asked = " ".join(one.within.question for one in turn.understood.asked)
        for passage in cited:
            about = str(passage.document.get("intervention") or "")
            if not self.aspects.says_form(said) and (other := self.aspects.elsewhere(asked, about)):
                return self.elsewhere(turn.verdict.lang).format(found=other[0], asked=other[1])
        return ""


def _by_id(offered: Sequence[Passage], plain: Draft, ids: Sequence[str]) -> tuple[Passage, ...] | None:
    """The passages of these ids, if all were found again."""
    known = {p.chunk.id: p for p in (*offered, *plain.passages)}
    return tuple(known[name] for name in ids) if all(name in known for name in ids) else None


def _holds(kept: _Kept, chosen: Sequence[Chosen], offered: Sequence[Passage]) -> bool:
    """Whether what is left answers: most of what was written held, in two sentences at least, and it rests on what answers best."""
    cited = {offered[n - 1].chunk.id for claim in kept.claims for n in claim.citations}
    best = next((one.passage.chunk.id for one in chosen if one.frame not in FIRST), None)
    return len(kept.claims) > 1 and len(kept.claims) >= len(kept.removed) and (best is None or best in cited)


def _completed(claims: Sequence[Claim], offered: tuple[Passage, ...], chosen: Sequence[Chosen], plain: Draft) -> Draft:
    """With what must not be left out, in the sources' words: a premise put right, the article's own claim and what this service
    says of itself first; a contrary finding last."""
    passages = tuple({p.chunk.id: p for p in (*offered, *plain.passages)}.values())
    place = {p.chunk.id: n for n, p in enumerate(passages, 1)}

    def own(claim: Claim) -> Claim:
        ids = [plain.passages[n - 1].chunk.id for n in claim.citations]
        return claim.model_copy(update={"citations": tuple(place[name] for name in ids)})

    pairs = list(zip(plain.claims, chosen, strict=True))
    first = [own(claim) for claim, one in pairs if one.frame in FIRST or one.passage.document.get("kind") in QUOTED]
    cited = {n for claim in (*first, *claims) for n in claim.citations}
    contrary = (
        [] if any(_contrary(passages[n - 1]) for n in cited) else [c for c, one in pairs if _contrary(one.passage)][:1]
    )
    return replace(plain, claims=(*first, *claims, *map(own, contrary)), passages=passages)


def _contrary(passage: Passage) -> bool:
    return passage.document.get("direction") in CONTRARY
