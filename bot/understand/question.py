"""A message becomes a question that stands alone. Rules only: no model, no index."""

from __future__ import annotations

import re
from collections.abc import Sequence

from bot.turn import Understood
from bot.understand.vocabulary import Vocabulary

POINTING = re.compile(
    r"\b(it|its|it's|they|them|their|that|those|these|this|he|him|his|she|her|there|one|ones|the two|either|both|same)\b",
    re.I,
)
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


def understand(text: str, history: Sequence[str], vocabulary: Vocabulary, lang: str = "en") -> Understood:
    """The question of a message. A follow-up takes the person's last messages with it; `search` says it in the field's words."""
    plain = " ".join(text.split())
    if GREETING.match(plain):
        return Understood(plain, small_talk="greeting")
    if THANKS.match(plain) and "?" not in plain:
        return Understood(plain, small_talk="thanks")
    query, alone = plain, None
    if history and _leans_on_history(plain, vocabulary):
        before = " ".join(" ".join(m.split())[:LONGEST_CONTEXT] for m in history[-2:])
        query = f"{before} {plain}"
        if vocabulary.has_words_of(plain, lang) and not POINTING.search(plain):
            alone = vocabulary.in_field_words(plain, lang)
    return Understood(
        query,
        search=vocabulary.in_field_words(query, lang),
        alone=alone,
        about_article=bool(ARTICLE.search(plain)),
        about_practice=bool(PRACTICE.search(plain)),
    )


def _leans_on_history(text: str, vocabulary: Vocabulary) -> bool:
    """Whether a message cannot be understood alone: it begins like an answer, points back, or names no subject and is short."""
    words = text.split()
    named = vocabulary.names_subject(text)
    if JOINING.match(text) and len(words) <= 2 * SHORT:
        return True
    return not named and (len(words) <= SHORT or (POINTING.search(text) is not None and len(words) <= 2 * SHORT))
