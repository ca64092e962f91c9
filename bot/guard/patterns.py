"""The small language that rules are written in, and an index that finds the few rules worth trying on a sentence.

A pattern is a row of words, matched against the normalised words of a sentence:

    word          this word              a|b|c     one of these (an underscore joins words: kill_myself)
    word*         words that begin so    word?     may be absent (also a|b?)
    .. to three words      ...       up to eight words
    <name>        one entry of the word list `name`
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property

MASK = "~"
COMMON_WORDS = """
    i me my you your it its is am are was be been to the a an and or of in on for with at not no do does did have
    has had this that what how can could will would should if so just he she him her his they them we us our get
    got take took want going go all any up out about from by as but more when there one some been
"""
COMMON = frozenset(COMMON_WORDS.split())
GAPS = {
    "..": rf"(?:[^\s{MASK}]+ ){{0,3}}?",
    "...": rf"(?:[^\s{MASK}]+ ){{0,8}}?",
    "....": rf"(?:[^\s{MASK}]+ ){{0,15}}",
}
STEM = 3
LONGEST_STEM = 14


@dataclass(frozen=True)
class Rule:
    """One pattern, what it speaks for and how strongly; `source` names it in a verdict's reasons."""

    pattern: str
    action: str
    category: str
    weight: float
    source: str
    lists: Mapping[str, tuple[str, ...]] = field(repr=False, hash=False, compare=False)
    topic: bool = False

    @cached_property
    def regex(self) -> re.Pattern[str]:
        """Compiled when first needed: most rules never are in one message."""
        return re.compile("(?<= )" + "".join(_piece(token, self.lists) for token in self.pattern.split()))

    @property
    def words(self) -> Iterator[str]:
        """Every word that the pattern spells out."""
        for token in self.pattern.split():
            if token not in GAPS:
                for choice in _choices(token, self.lists):
                    yield from (word for word in choice.replace("_", " ").split() if not word.endswith("*"))

    def anchors(self) -> frozenset[str]:
        """Words of which one must stand in a sentence for the pattern to match: the rarest obligatory position."""
        groups = [_keys(t, self.lists) for t in self.pattern.split() if t not in GAPS and not t.endswith("?")]
        return min(groups, key=_commonness) if groups else frozenset()


class RuleIndex:
    """Rules, found by the words that they cannot do without."""

    def __init__(self, rules: Iterable[Rule]) -> None:
        self.rules = tuple(rules)
        self._by_key: dict[str, list[int]] = {}
        for n, rule in enumerate(self.rules):
            for key in rule.anchors():
                self._by_key.setdefault(key, []).append(n)

    def matches(self, sentence: str) -> Iterator[tuple[Rule, re.Match[str]]]:
        """All rules that match the sentence (words divided and framed by single spaces), in file order."""
        for n in sorted(self._candidates(sentence)):
            if found := self.rules[n].regex.search(sentence):
                yield self.rules[n], found

    def mask(self, sentence: str) -> tuple[str, tuple[Rule, ...]]:
        """The sentence with every match blanked out, and the rules that did so."""
        used = []
        for n in sorted(self._candidates(sentence)):
            blanked, count = self.rules[n].regex.subn(f"{MASK} ", sentence)
            if count:
                sentence = blanked
                used.append(self.rules[n])
        return sentence, tuple(used)

    def _candidates(self, sentence: str) -> set[int]:
        found: set[int] = set()
        for word in set(sentence.split()):
            for key in (word, *(f"{word[:n]}*" for n in range(STEM, min(len(word), LONGEST_STEM) + 1))):
                if key in self._by_key:
                    found.update(self._by_key[key])
        return found


def _choices(token: str, lists: Mapping[str, tuple[str, ...]]) -> tuple[str, ...]:
    token = token.rstrip("?")
    found: list[str] = []
    for choice in token.split("|"):
        if choice.startswith("<"):
            found += [entry.replace(" ", "_") for entry in lists[choice.strip("<>")]]
        else:
            found.append(choice)
    return tuple(found)


def _piece(token: str, lists: Mapping[str, tuple[str, ...]]) -> str:
    if token in GAPS:
        return GAPS[token]
    words = sorted(_choices(token, lists), key=len, reverse=True)
    body = "|".join(" ".join(_word(word) for word in choice.split("_")) for choice in words)
    return f"(?:(?:{body}) )" + ("?" if token.endswith("?") else "")


def _word(word: str) -> str:
    return re.escape(word[:-1]) + r"[^\s~]*" if word.endswith("*") else re.escape(word)


def _keys(token: str, lists: Mapping[str, tuple[str, ...]]) -> frozenset[str]:
    return frozenset(min(choice.split("_"), key=_weight) for choice in _choices(token, lists))


def _weight(word: str) -> int:
    return 50 if word in COMMON else 1


def _commonness(keys: frozenset[str]) -> int:
    return sum(_weight(key) for key in keys)
