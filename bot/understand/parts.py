"""Several questions in one message, each by itself."""

from __future__ import annotations

import re

#: A sentence of a message, with the mark that ends it; the rest without a mark is one too.
SENTENCE = re.compile(r"[^?!.\n]+(?:[.](?=\w)[^?!.\n]*)*[?!.]*")
#: Where a second question begins in the same sentence: “… and how long …”.
AND_ASKS = re.compile(
    r"[,;]?\s+(?:and|also|plus|or)\s+(?=(?:also\s+)?(?:how|what|which|who|why|when|where|does|do|did|is|are|was|can|could|will|would|should|has|have)\b)",
    re.IGNORECASE,
)
ASKS = re.compile(
    r"\s*(?:(?:and|also|so|but|ok|okay|then)\W+)*(?:how|what|which|who|why|when|where|does|do|did|is|are|was|can|could|will|would|should|has|have)\b",
    re.IGNORECASE,
)
FEWEST_WORDS = 3
MOST_PARTS = 3


def questions(text: str) -> tuple[str, ...]:
    """The questions of a message in their order; the whole message where it asks one or none.

    A question of two words ("Any risks?") goes with the one before it.
    """
    asked: list[str] = []
    for sentence in SENTENCE.findall(text):
        if not (sentence.rstrip().endswith("?") or ASKS.match(sentence)):
            continue
        for part in AND_ASKS.split(sentence):
            if asked and len(part.split()) < FEWEST_WORDS:
                asked[-1] = f"{asked[-1]} {part.strip()}"
            else:
                asked.append(part.strip())
    return tuple(asked[:MOST_PARTS]) if len(asked) > 1 else (text,)
