"""First-person crisis phrases in many languages, in spaced and unspaced scripts, and a guess at the language."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from bot.guard.normalise import Spelling, strip_marks
from bot.guard.scripts import script_language
from bot.guard.settings import LexiconFile

UNSPACED = frozenset({"ja", "zh", "th", "ko"})
NOT_LETTERS = re.compile(r"[\W_]+")
LEAST_EVIDENCE = 2
MIXED = {"es-en": "es", "hi-en": "hi"}


class Lexicon:
    """The phrases of `lexicon.yaml`."""

    def __init__(self, data: LexiconFile, spelling: Spelling) -> None:
        self._spaced: dict[str, list[tuple[str, str, float]]] = {}
        self._lang_of: dict[str, list[tuple[str, str]]] = {}
        self._unspaced: list[tuple[str, str, float]] = []
        self._function_words = {lang: frozenset(words) for lang, words in data.function_words.items()}
        for lang, category, strength, phrase in _rows(data):
            weight = data.weights[strength]
            if lang in UNSPACED:
                self._unspaced.append((_squeeze(phrase), category, weight))
                continue
            words = _plain(phrase)
            self._spaced.setdefault(words.split()[0], []).append((f" {words} ", category, weight))
            self._lang_of.setdefault(words.split()[0], []).append((f" {words} ", lang))

    def spaced(self, sentence: str) -> Iterator[tuple[str, float, str, tuple[int, int]]]:
        """Category, weight, phrase and place of every phrase in a sentence of normalised words."""
        for word in dict.fromkeys(sentence.split()):
            for phrase, category, weight in self._spaced.get(word, ()):
                if (at := sentence.find(phrase)) >= 0:
                    yield category, weight, phrase.strip(), (at + 1, at + len(phrase))

    def unspaced(self, text: str) -> Iterator[tuple[str, float, str]]:
        """The same for scripts that put no spaces between words."""
        if text.isascii():
            return
        letters = _squeeze(text)
        for phrase, category, weight in self._unspaced:
            if phrase in letters:
                yield category, weight, phrase

    def language(self, text: str) -> str:
        """The language of the words, by script and by its commonest words; English when nothing points elsewhere."""
        if found := script_language(text):
            return "uk" if found == "ru" and re.search("[іїєґ]", text) else found
        words = [strip_marks(word) for word in re.findall(r"[^\W\d_]+", text[:4000].lower())]
        counts = {lang: sum(word in known for word in words) for lang, known in self._function_words.items()}
        best = max(counts, key=lambda lang: (counts[lang], lang == "en"), default="en")
        if counts.get(best, 0) >= LEAST_EVIDENCE:
            return best
        return self._phrase_language(f" {' '.join(words)} ") or best

    def _phrase_language(self, sentence: str) -> str | None:
        """For short messages: the language of a crisis phrase that stands in it."""
        found = [
            lang for words in sentence.split() for phrase, lang in self._lang_of.get(words, ()) if phrase in sentence
        ]
        return found[0] if found else None


def _rows(data: LexiconFile) -> Iterator[tuple[str, str, str, str]]:
    for lang, categories in data.languages.items():
        for category, strengths in categories.items():
            for strength, phrases in strengths.items():
                for phrase in phrases:
                    yield lang, category, strength, phrase


def _squeeze(text: str) -> str:
    return NOT_LETTERS.sub("", unicodedata.normalize("NFKC", text).lower())


def _plain(phrase: str) -> str:
    return " ".join(strip_marks(NOT_LETTERS.sub(" ", phrase.lower().replace("'", "").replace("’", ""))).split())
