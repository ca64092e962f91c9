"""Verification: what a claim says must stand in a passage that was retrieved and that it cites.

A claim is taken out where a citation was not retrieved; where a figure, a name or a term of the field does not stand in what it
cites; where the entailment model does not see it supported; or where it says what no answer may say (`output.py`). A claim that is a
passage's own whole sentences needs no model. The support score is the least of its parts.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from bot.answer import Claim, Removed
from bot.turn import Draft
from bot.understand import Aspects
from bot.verify.entail import Entailment, source_text
from bot.verify.figures import unsupported
from bot.verify.output import OutputGuard
from corpus.hostile import Hostile
from index import Passage

WORD = re.compile(r"[^\W\d_][\w'’-]*")
#: “The FDA's alert”: the name is FDA.
OWNER = re.compile(r"['’]s?$")
NAME = re.compile(r"(?<=[a-z,;] )[A-Z][\w-]+")
#: Before a sentence that was taken over whole: nothing, or the end of another; or the words that name the article, where our summary of
#: it is quoted with words of ours before it.
BEGINS = re.compile(r"(?:^|[.!?]\s|^The clinic's article says that )$")
#: How probable support must be: found on the development set of the verifier (README, docs/models.md).
LEAST = 0.6
WITHHELD = "[withheld]"


@dataclass(frozen=True)
class Checked:
    """The parts of a claim's support (0 to 1), and why it must not be shown, if so. `withheld`: not to staff either, for what
    is planted to be obeyed or followed has no place in any answer."""

    parts: dict[str, float]
    reason: str | None = None
    withheld: bool = False

    def removed(self, said: str) -> Removed:
        """The record of a claim that was taken out."""
        return Removed(text=WITHHELD if self.withheld else said, reason=str(self.reason))


@dataclass(frozen=True)
class Verifier:
    """Checks claims. `entailment` holds our own model and, where one is set, another: each must see `least` of support."""

    output: OutputGuard
    hostile: Hostile
    terms: tuple[Aspects, ...]
    entailment: tuple[Entailment, ...]
    least: float = LEAST

    def verify(self, draft: Draft) -> Draft:
        """The draft with only those claims that their passages support; what was taken out is kept with the reason."""
        kept: list[Claim] = []
        removed = list(draft.removed)
        for claim in draft.claims:
            if any(not 1 <= n <= len(draft.passages) for n in claim.citations):
                removed.append(Removed(text=claim.text, reason="it cites a passage that was not retrieved"))
                continue
            checked = self.check(claim.text, [draft.passages[n - 1] for n in claim.citations])
            if checked.reason:
                removed.append(checked.removed(claim.text))
            else:
                kept.append(
                    claim.model_copy(update={"support": min(checked.parts.values()), "support_parts": checked.parts})
                )
        return replace(draft, claims=tuple(kept), removed=tuple(removed))

    def check(self, said: str, cited: Sequence[Passage]) -> Checked:
        """Whether the cited passages support a sentence. Raises BotError or IndexingError where a model cannot be loaded."""
        kinds = {passage.document.get("kind") for passage in cited}
        if hostile := self.hostile.reason(said, *kinds if len(kinds) == 1 else ()):
            return Checked({}, hostile, withheld=True)
        if not cited:
            return Checked({}, "it cites nothing")
        if reason := self.output.reason(said):
            return Checked({}, reason)
        words = " ".join(passage.chunk.text for passage in cited)
        if _is_whole(said, words):
            return Checked({"numbers": 1.0, "terms": 1.0, "meaning": 1.0})
        source = source_text([(p.chunk.text, p.document) for p in cited])
        if figure := unsupported(said, words):
            return Checked({"numbers": 0.0}, f"the figure “{figure}” does not stand in the cited passage")
        if name := _strange_name(said, source):
            return Checked({"terms": 0.0}, f"the name “{name}” does not stand in the cited passage")
        if term := self._strange_term(said, source):
            return Checked({"terms": 0.0}, f"the cited passage says nothing of {term}")
        meaning = min(round(model.probability(source, said), 3) for model in self.entailment)
        parts = {"numbers": 1.0, "terms": 1.0, "meaning": meaning}
        return Checked(parts, None if meaning >= self.least else "the cited passage does not say so")

    def _strange_term(self, said: str, source: str) -> str | None:
        for aspects in self.terms:
            for kind in aspects.root.values():
                if added := kind.of(said) - kind.of(source):
                    return kind.named(added)
        return None


def _is_whole(said: str, source: str) -> bool:
    """Whether a sentence stands in its source word for word, and no part of a longer one."""
    said, source = " ".join(said.split()), " ".join(source.split())
    at = source.find(said)
    after = source[at + len(said) :]
    ends = not after or (said[-1:] in (".", "!", "?") and after.startswith(" "))
    return at >= 0 and bool(said) and bool(BEGINS.search(source[:at])) and ends


def _strange_name(said: str, source: str) -> str | None:
    known = {OWNER.sub("", word) for word in WORD.findall(source)}
    return next((name for name in NAME.findall(said) if OWNER.sub("", name) not in known), None)
