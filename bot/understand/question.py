"""A message becomes a question that stands alone. Rules only: no model, no index."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Protocol

from bot.turn import Asked, Search, Understood
from bot.understand.aspects import Aspects
from bot.understand.parts import FEWEST_WORDS, questions
from bot.understand.vocabulary import Vocabulary

POINTING = re.compile(
    r"\b(it|its|it's|they|them|their|that|those|these|this|he|him|his|she|her|there|one|ones|the two|either|both|same)\b",
    re.I,
)
#: “It” alone means the treatment, where no other one was named.
IT = re.compile(r"\b(it|its|it's)\b", re.I)
JOINING = re.compile(r"^\W*(and|but|so|or|also|then|what about|how about|what if|ok|okay|which of|why)\b", re.I)
ARTICLE = re.compile(
    r"\b(article|blog|write-?up|your (web)?(page|site|text|post)|this (web)?(page|site)|the (web)?(page|site)|clinic'?s own text"
    r"|it says here|you (write|claim|say)\b)",
    re.I,
)
PRACTICE = re.compile(
    r"\b(your|ur) (own )?(\w+ )?(practice|clinic|patients?|doctors?|nurses?|therapists?|staff|team|office|location|prices?|fees?)\b",
    re.I,
)
GREETING = re.compile(
    r"^\W*(hi|hello|hey|hiya|good (morning|afternoon|evening)|hola|bonjour|hallo)( there| all)?\W*$", re.I
)
THANKS = re.compile(
    r"^\W*((ok(ay)?|great|cool|perfect)\W+)?(thanks?|thank you|thx|ty|cheers|gracias|merci|danke)\b.{0,40}$", re.I
)
SHORT = 9
LONGEST_CONTEXT = 400


class Words(Protocol):
    """What mends typing errors."""

    def corrected(self, text: str) -> str: ...  # noqa: D102


def understand(
    text: str,
    history: Sequence[str],
    vocabulary: Vocabulary,
    aspects: Aspects,
    lang: str = "en",
    spelling: Words | None = None,
) -> Understood:
    """The questions of a message, in English search words where it is in another language. A follow-up takes the person's last
    messages with it."""
    plain = " ".join(text.split())
    if GREETING.match(plain):
        return Understood(small_talk="greeting")
    if THANKS.match(plain) and "?" not in plain:
        return Understood(small_talk="thanks")
    if spelling and lang == "en":
        plain = spelling.corrected(plain)
    history = [vocabulary.in_english(message, lang) for message in history]
    parts = questions(plain) if lang == "en" else (vocabulary.in_english(plain, lang),)
    before, rest = tuple(history), _rest(plain, parts) if len(parts) > 1 else ""
    asked = []
    for part in parts:
        asked.append(_asked(part, rest, before, vocabulary, aspects))
        if vocabulary.names_subject(part):
            before = (*before, part)
    return Understood(tuple(asked))


def _rest(plain: str, parts: Sequence[str]) -> str:
    """What a message says besides its questions; nothing where that is a word or two."""
    for part in parts:
        plain = plain.replace(part, " ")
    words = plain.split()
    return " ".join(words) if len(words) > FEWEST_WORDS else ""


def _asked(text: str, rest: str, history: Sequence[str], vocabulary: Vocabulary, aspects: Aspects) -> Asked:
    query, alone = f"{rest} {text}".strip(), None
    if history and not rest and _leans_on_history(text, vocabulary):
        said = " ".join(" ".join(m.split())[:LONGEST_CONTEXT] for m in history[-2:])
        before = aspects.replaced(said, text)
        query = f"{before} {text}"
        points = POINTING.sub("", text) != IT.sub("", text) or vocabulary.names_other_treatment(said)
        if before == said and vocabulary.has_words_of(text) and not (POINTING.search(text) and points):
            alone = Search(text, vocabulary.in_field_words(text))
    return Asked(
        text,
        Search(query, vocabulary.in_field_words(query)),
        alone,
        about_article=bool(ARTICLE.search(text)),
        about_practice=bool(PRACTICE.search(text)),
    )


def _leans_on_history(text: str, vocabulary: Vocabulary) -> bool:
    """Whether a message cannot be understood alone: it begins like an answer, points back, or names no subject and is short."""
    words = text.split()
    if vocabulary.asks_about_service(text):
        return False
    named = vocabulary.names_subject(text)
    if JOINING.match(text) and len(words) <= 2 * SHORT:
        return True
    return not named and (len(words) <= SHORT or (POINTING.search(text) is not None and len(words) <= 2 * SHORT))
