"""Undoes disguise: look-alike and spaced letters, leetspeak, emoji, elongation, short forms, small typing errors."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from bot.guard.scripts import fold

TOKEN = re.compile(r"[^\s,;:()\[\]{}\"“”«»<>…。、，！？!?।]+")
SPACED = re.compile(r"(?<![^\W_])(?:[^\W\d_][ .\-_*/|]{1,3}){2,}[^\W\d_](?![^\W_])")
ELONGATED = re.compile(r"([a-z])\1{2,}")
EDGES = ".'-_*/|~^=+&#%`´’‘"
INNER = re.compile(r"(?<=\w)[.\-_*/|+~'](?=\w)")
INNER_I = re.compile(r"(?<=[a-z])!(?=[a-z])")
LONGEST_WORD = 40
SHORTEST_CORRECTED = 5


@dataclass(frozen=True)
class Spelling:
    """The tables of `spelling.yaml`, and the words that rules know (`vocabulary`) or that are ordinary (`known`)."""

    short_forms: Mapping[str, str]
    code_words: Mapping[str, str]
    emoji: Mapping[str, str]
    leet: Mapping[str, str]
    vocabulary: frozenset[str]
    known: frozenset[str]
    near: Mapping[str, str]

    @classmethod
    def make(cls, tables: Mapping[str, Mapping[str, str]], vocabulary: Iterable[str], known: Iterable[str]) -> Spelling:
        """With an index of the rules' words by what is left when one letter is missing."""
        words = frozenset(vocabulary)
        near: dict[str, str] = {}
        for word in sorted(w for w in words if len(w) >= SHORTEST_CORRECTED and w.isascii()):
            for form in _deletes(word):
                near.setdefault(form, word)
        return cls(
            tables["short_forms"], tables["code_words"], tables["emoji"], tables["leet"], words, frozenset(known), near
        )

    def knows(self, word: str) -> bool:
        """Whether rules or ordinary language have this word."""
        return word in self.vocabulary or word in self.known or word in self.short_forms

    def words(self, text: str) -> str:
        """The text as plain words, divided and framed by single spaces."""
        return f" {self._plain(text, self._word)} "

    def readable(self, text: str) -> str:
        """The same for a reader that copes with typing errors and accents: only disguise and short forms are undone."""
        return self._plain(text, self._undisguised)

    def _plain(self, text: str, word: Callable[[str], str]) -> str:
        text = self._emoji(fold(unicodedata.normalize("NFKC", text)).lower())
        text = SPACED.sub(_join_letters, INNER_I.sub("i", text))
        found = " ".join(word(token) for token in TOKEN.findall(text))
        return self._code_words(" ".join(found.split()))

    def _emoji(self, text: str) -> str:
        if text.isascii():
            return text
        return "".join(f" {self.emoji[char]} " if char in self.emoji else char for char in text)

    def _word(self, token: str) -> str:
        plain = self._undisguised(token)
        if not plain.isascii():
            return strip_marks(plain)
        return " ".join(part if self.knows(part) else self._nearest(part) for part in plain.split(" "))

    def _undisguised(self, token: str) -> str:
        token = token.strip(EDGES).replace("’", "'").replace("‘", "'")
        plain = token.replace("'", "")
        if plain in self.short_forms:
            return self.short_forms[plain]
        if len(plain) > LONGEST_WORD or plain in self.known or plain in self.vocabulary or not plain.isascii():
            return plain
        return self._repair(plain)

    def _repair(self, token: str) -> str:
        """A word that nobody knows, without leetspeak, dots and elongation."""
        for guess in self._guesses(token):
            if self.knows(guess):
                return self.short_forms.get(guess, guess)
        parts = INNER.sub(" ", token)
        if " " in parts:
            return " ".join(self._undisguised(part) for part in parts.split())
        return ELONGATED.sub(r"\1", token)

    def _guesses(self, token: str) -> Iterable[str]:
        joined = INNER.sub("", token)
        yield joined
        yield ELONGATED.sub(r"\1\1", joined)
        yield ELONGATED.sub(r"\1", joined)
        if joined.endswith("in"):
            yield joined + "g"
        if any(char in self.leet for char in token) and any(char.isalpha() for char in token):
            for one in ("i", "l"):
                plain = "".join(one if char in "1|" else self.leet.get(char, char) for char in joined)
                yield plain
                yield plain + "g"

    def _nearest(self, word: str) -> str:
        if len(word) < SHORTEST_CORRECTED or not word.isalpha():
            return word
        for form in (word, *_deletes(word)):
            if form in self.near and abs(len(self.near[form]) - len(word)) <= 1:
                return self.near[form]
            if form in self.vocabulary and len(form) >= SHORTEST_CORRECTED:
                return form
        return word

    def _code_words(self, words: str) -> str:
        for code, plain in self.code_words.items():
            if code in words:
                words = re.sub(rf"(?<!\S){re.escape(code)}(?!\S)", plain, words)
        return words


def strip_marks(text: str) -> str:
    """Latin letters without accents; other scripts as they are, without vowel points."""
    marks = (c for c in unicodedata.normalize("NFD", text) if not unicodedata.combining(c))
    return unicodedata.normalize("NFC", "".join(marks))


def _deletes(word: str) -> list[str]:
    return [word[:n] + word[n + 1 :] for n in range(len(word))]


def _join_letters(found: re.Match[str]) -> str:
    letters = re.split(r" {2,}", found[0])
    return " ".join(re.sub(r"[ .\-_*/|]", "", part) for part in letters)
