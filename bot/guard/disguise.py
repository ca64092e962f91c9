"""Texts that hide in a text: base64, rot13, reversed, and phrases with their spaces in the wrong places."""

from __future__ import annotations

import base64
import binascii
import codecs
import re
from collections.abc import Callable, Iterator, Sequence

BASE64 = re.compile(r"(?<![A-Za-z0-9+/])[A-Za-z0-9+/]{12,4000}={0,2}")
LONGEST_HIDDEN = 20_000
LONGEST_SQUEEZED = 5_000
LEAST_READABLE = 0.9
LONG_PHRASE = 12
LEAST_SENSE = 0.7
BETTER_BY = 0.25
FEWEST_WORDS = 3
PIECE = re.compile(r"[^.:;?!\n]{6,2000}")
WORD = re.compile(r"[a-z]+")
NOT_LETTER = re.compile(r"[^a-z]")
BACKWARDS = re.compile(r"\b(?:backwards?|revers(?:e|ed)|right to left)\b", re.IGNORECASE)


def hidden_texts(text: str, knows: Callable[[str], bool]) -> Iterator[tuple[str, str]]:
    """Name and content of every other reading of the text that makes more sense than the plain one."""
    for found in list(BASE64.finditer(text))[:50]:
        if readable := _from_base64(found[0]):
            yield "base64", readable
    for piece in PIECE.findall(text[:LONGEST_HIDDEN]):
        plain = _sense(piece, knows)
        for name, hidden in (("rot13", codecs.encode(piece, "rot13")), ("reversed", piece[::-1])):
            if _sense(hidden, knows) >= max(LEAST_SENSE, plain + BETTER_BY):
                yield name, hidden
    if BACKWARDS.search(text[:LONGEST_HIDDEN]):
        yield "words reversed", " ".join(reversed(text[:LONGEST_HIDDEN].split()))


def squeezed_phrases(text: str, phrases: Sequence[str], knows: Callable[[str], bool]) -> list[str]:
    """Those of the phrases (written without spaces) that appear across words that are none."""
    text = text[:LONGEST_SQUEEZED].lower()
    places = [n for n, char in enumerate(text) if char.isalpha()]
    letters = "".join(text[n] for n in places)
    return [phrase for phrase in phrases if _across_odd_words(phrase, letters, places, text, knows)]


def _across_odd_words(phrase: str, letters: str, places: list[int], text: str, knows: Callable[[str], bool]) -> bool:
    start = letters.find(phrase)
    while start >= 0:
        first, last = places[start], places[start + len(phrase) - 1]
        ends_word = last + 1 >= len(text) or not text[last + 1].isalpha()
        tokens = text[text.rfind(" ", 0, first) + 1 : _end_of_word(text, last)].split()
        if any(not knows(NOT_LETTER.sub("", token)) for token in tokens) and (ends_word or len(phrase) >= LONG_PHRASE):
            return True
        start = letters.find(phrase, start + 1)
    return False


def _end_of_word(text: str, place: int) -> int:
    end = text.find(" ", place)
    return len(text) if end < 0 else end


def _sense(text: str, knows: Callable[[str], bool]) -> float:
    words = WORD.findall(text.lower())
    return sum(knows(word) for word in words) / len(words) if len(words) >= FEWEST_WORDS else 0.0


def _from_base64(chunk: str) -> str | None:
    padded = chunk.rstrip("=")
    try:
        data = base64.b64decode(padded + "=" * (-len(padded) % 4))
        text = data.decode("utf-8")
    except (binascii.Error, ValueError):
        return None
    readable = sum(char.isalnum() or char.isspace() or char in ".,!?'" for char in text)
    return text if len(text) >= 6 and readable >= LEAST_READABLE * len(text) else None
