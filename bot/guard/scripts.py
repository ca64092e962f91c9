"""Scripts: letters of one that pose as another, invisible characters, and the languages that a script points to."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter

INVISIBLE = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff"
    "\U000e0000-\U000e0fff]"
)
CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff]")
POSING = dict(
    zip(
        "аеорсухіѕјԁһӏԛԝвнкмтгпзбиАВЕКМНОРСТУХІЅЈԌαβεικνορτυχηωγΑΒΕΖΗΙΚΜΝΟΡΤΥΧɑɡıℓⅰⅼոսցօհ",
        "aeopcyxisjdhlqwbhkmtrnz6nABEKMHOPCTYXISJGabeiknoptuxnwyABEZHIKMNOPTYXagillinsgoh",
        strict=True,
    )
)
LOOKALIKES = str.maketrans(POSING)
WORD = re.compile(r"\w+")
SCRIPT_LANGUAGES = (
    ("HIRAGANA", "ja"),
    ("KATAKANA", "ja"),
    ("HANGUL", "ko"),
    ("CJK", "zh"),
    ("ARABIC", "ar"),
    ("HEBREW", "he"),
    ("DEVANAGARI", "hi-Deva"),
    ("BENGALI", "bn"),
    ("GURMUKHI", "pa"),
    ("GREEK", "el"),
    ("CYRILLIC", "ru"),
    ("THAI", "th"),
)


def visible(text: str) -> str:
    """The text without invisible and control characters and lone surrogates."""
    return CONTROL.sub(" ", INVISIBLE.sub("", text))


def fold(text: str) -> str:
    """Letters of other scripts that pose as Latin become Latin: in a word that mixes them, or in an all-posing text."""
    if text.isascii():
        return text
    latin = _mostly_latin(text)
    return WORD.sub(lambda found: _fold_word(found[0], latin), text)


def script_language(text: str) -> str | None:
    """The language that the script of most letters points to; none for Latin letters."""
    sample = text[:2000]
    counts = Counter(lang for char in sample if (lang := _language_of(char)))
    if counts["ja"]:  # kana stand among Chinese characters
        return "ja"
    latin = sum(char.isascii() and char.isalpha() for char in sample)
    best = max(counts, key=lambda lang: counts[lang], default=None)
    return best if best and counts[best] * 2 > latin else None


def _language_of(char: str) -> str | None:
    if char.isascii() or not char.isalpha():
        return None
    name = unicodedata.name(char, "")
    return next((lang for start, lang in SCRIPT_LANGUAGES if name.startswith(start)), None)


def _mostly_latin(text: str) -> bool:
    sample = [char for char in text[:500] if char.isalpha()]
    return sum(char < "\u0250" or char in POSING for char in sample) > 0.95 * len(sample)


def _fold_word(word: str, latin_text: bool) -> str:
    if word.isascii():
        return word
    mixed = any("a" <= char.lower() <= "z" for char in word)
    posing = all(char in POSING or char < "\u0250" for char in word)
    return word.translate(LOOKALIKES) if (mixed and posing) or (posing and latin_text) else word
