"""Sentences that were true, made false by one change: a figure, a direction, a denial, a name, a time, a quantity."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Sequence

from bot.understand import Aspects

#: Pairs of opposites; each stands for the other.
OPPOSITES = (
    ("increased", "decreased"), ("increase", "decrease"), ("higher", "lower"), ("rose", "fell"), ("raised", "lowered"), ("more", "fewer"),
    ("more", "less"), ("better", "worse"), ("improved", "worsened"), ("improvement", "worsening"), ("greater", "smaller"),
    ("larger", "smaller"), ("longer", "shorter"), ("faster", "slower"), ("before", "after"), ("stronger", "weaker"), ("above", "below"),
    ("most", "few"), ("all", "some"), ("none", "most"), ("rarely", "often"), ("usually", "rarely"), ("up", "down"), ("at least", "at most"),
    ("reduced", "increased"), ("reduce", "increase"), ("dropped", "rose"), ("grew", "shrank"), ("early", "late"), ("safe", "unsafe"),
    ("common", "rare"), ("positive", "negative"), ("with", "without"), ("helped", "harmed"), ("first", "last"), ("over", "under"),
)  # fmt: skip
UNITS = (("hours", "days"), ("days", "weeks"), ("weeks", "months"), ("months", "years"), ("hour", "day"), ("day", "week"), ("week", "month"),
         ("month", "year"), ("minutes", "hours"), ("percent", "percentage points"))  # fmt: skip
STRONGER = (
    ("may", "will"), ("might", "does"), ("could", "will"), ("was linked with", "caused"), ("were linked with", "caused"),
    ("was associated with", "caused"), ("suggested", "proved"), ("suggests", "proves"), ("some", "all"), ("one study", "many studies"),
    ("a small study", "large studies"), ("in the study", "in everyone"), ("often", "always"), ("can", "always will"),
)  # fmt: skip
DENIED = (("did not ", ""), ("does not ", ""), ("was not ", "was "), ("were not ", "were "), ("is not ", "is "), ("are not ", "are "),
          ("no ", "a clear "), (" was ", " was not "), (" were ", " were not "), (" is ", " is not "), (" had ", " did not have "),
          (" can ", " cannot "), (" found ", " did not find "), (" helped ", " did not help "), (" did ", " did not "))  # fmt: skip
NUMBER = re.compile(r"\d+(?:\.\d+)?")


class Perturber:
    """Makes true sentences false."""

    def __init__(self, terms: Sequence[Aspects], rnd: random.Random) -> None:
        self._terms = terms
        self._random = rnd

    def made_false(self, sentence: str, source: str) -> str | None:
        """The sentence with one change that its source does not bear out; None where no change applies."""
        ways: list[Callable[[str, str], str | None]] = [
            self._figure,
            self._opposite,
            self._denial,
            self._term,
            self._unit,
            self._stronger,
        ]
        self._random.shuffle(ways)
        for way in ways:
            changed = way(sentence, source)
            if changed and changed != sentence:
                return changed
        return None

    def _figure(self, sentence: str, source: str) -> str | None:
        """Another figure of the source in a figure's place, else one near it."""
        found = list(NUMBER.finditer(sentence))
        if not found:
            return None
        match = self._random.choice(found)
        others = [n for n in NUMBER.findall(source) if n != match[0]]
        value = float(match[0])
        near = str(round(value * self._random.choice((0.5, 1.5, 2, 3)), 1)).removesuffix(".0")
        new = self._random.choice(others) if others and self._random.random() < 0.7 else near
        return sentence[: match.start()] + new + sentence[match.end() :]

    def _opposite(self, sentence: str, _: str) -> str | None:
        return self._exchanged(sentence, [*OPPOSITES, *((b, a) for a, b in OPPOSITES)])

    def _unit(self, sentence: str, _: str) -> str | None:
        return self._exchanged(sentence, [*UNITS, *((b, a) for a, b in UNITS)])

    def _stronger(self, sentence: str, _: str) -> str | None:
        return self._exchanged(sentence, STRONGER)

    def _denial(self, sentence: str, _: str) -> str | None:
        fitting = [(a, b) for a, b in DENIED if a in sentence]
        if not fitting:
            return None
        a, b = self._random.choice(fitting)
        return sentence.replace(a, b, 1)

    def _term(self, sentence: str, source: str) -> str | None:
        kinds = [
            (kind, name) for aspects in self._terms for kind in aspects.root.values() for name in kind.of(sentence)
        ]
        if not kinds:
            return None
        kind, name = self._random.choice(kinds)
        others = [value for other, value in kind.values.items() if other != name and not value.pattern.search(sentence)]
        if not others:
            return None
        return kind.values[name].pattern.sub(self._random.choice(others).name, sentence, count=1)

    def _exchanged(self, sentence: str, pairs: Sequence[tuple[str, str]]) -> str | None:
        fitting = [(a, b) for a, b in pairs if re.search(rf"\b{a}\b", sentence)]
        if not fitting:
            return None
        a, b = self._random.choice(fitting)
        return re.sub(rf"\b{a}\b", b, sentence, count=1)
