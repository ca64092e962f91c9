"""Where rules understand little, a language model may put a message as one English question: a follow-up that leans on the
conversation, a language without a word table. What it adds is not used, and without it the rules' reading stands."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from bot.answer import Usage
from bot.turn import Search, Understood
from bot.understand.aspects import Aspects
from bot.understand.vocabulary import Vocabulary
from corpus.hostile import Hostile

if TYPE_CHECKING:
    from bot.model import Caller
    from bot.write.prompt import Prompt

log = logging.getLogger(__name__)
SECONDS = 3.0
FEWEST, MOST = 3, 40


@dataclass(frozen=True)
class Rewriter:
    """Asks the model, within three seconds."""

    caller: Caller
    prompt: Prompt
    terms: tuple[Aspects, ...]
    hostile: Hostile
    vocabulary: Vocabulary

    def improved(
        self, understood: Understood, text: str, history: Sequence[str], lang: str
    ) -> tuple[Understood, Usage | None]:
        """The same with another reading to search for, where there is one that can be trusted, and what the model took. Never raises."""
        if len(understood.asked) != 1 or not self._helps(understood, lang):
            return understood, None
        question, usage = self._rewritten(text, history)
        if question is None or (lang == "en" and self._adds(question, " ".join((*history, text)))):
            return understood, usage
        asked = replace(understood.asked[0], alone=Search(question, self.vocabulary.in_field_words(question)))
        return replace(understood, asked=(asked,)), usage

    def _helps(self, understood: Understood, lang: str) -> bool:
        only = understood.asked[0]
        foreign = lang != "en" and lang not in self.vocabulary.languages
        return foreign or (lang == "en" and only.within.question != only.text)

    def _rewritten(self, text: str, history: Sequence[str]) -> tuple[str | None, Usage | None]:
        try:
            said, usage = self.caller.text(self.prompt.rewriting(text, history), SECONDS)
        except Exception as error:  # whatever the provider does, the rules' reading stands
            log.warning("the question is searched for as the rules read it: %s", type(error).__name__)
            return None, None
        line = next(iter(said.strip().splitlines()), "").strip().strip('"“”')
        sound = FEWEST <= len(line.split()) <= MOST and not self.hostile.reason_of_question(line)
        return line if sound else None, usage

    def _adds(self, question: str, said: str) -> bool:
        """Whether a question names a drug, a condition or people that nobody spoke of."""
        known = f"{said} {self.vocabulary.in_field_words(said)}"
        return any(kind.of(question) - kind.of(known) for aspects in self.terms for kind in aspects.root.values())
