"""Figures of a sentence with their units, in one writing: “ten per cent”, “10%” and “a tenth” are the same; so are a day and 24 hours."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

SMALL = [
    "zero",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
]
TENS = ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]
WORDS = {word: float(n) for n, word in enumerate(SMALL)} | {word: 10.0 * n for n, word in enumerate(TENS, 2)}
FRACTIONS = {
    "half": 50.0,
    "third": 100 / 3,
    "thirds": 100 / 3,
    "quarter": 25.0,
    "quarters": 25.0,
    "fifth": 20.0,
    "fifths": 20.0,
    "tenth": 10.0,
}
SCALES = {"hundred": 100.0, "thousand": 1000.0, "million": 1e6}
#: One writing for each unit, and for times what it is in hours or months.
UNITS = {
    r"%|per ?cent(?:age)?\b(?! points?)": ("%", 1.0),
    r"percentage points?|points?": ("points", 1.0),
    r"mg ?(?:/|per) ?kg|milligrams? per (?:kg|kilogram)[\w ]{0,16}?": ("mg/kg", 1.0),
    r"mg|milligrams?": ("mg", 1.0),
    r"mcg|µg|micrograms?": ("mcg", 1.0),
    r"g|grams?": ("g", 1.0),
    r"minutes?|mins?": ("hours", 1 / 60),
    r"hours?|hrs?|h": ("hours", 1.0),
    r"days?|nights?": ("hours", 24.0),
    r"weeks?": ("hours", 168.0),
    r"months?": ("months", 1.0),
    r"years?(?! olds?)": ("months", 12.0),
    r"people|participants|patients|adults|volunteers|users|women|men|children|teenagers|adolescents|veterans|outpatients|persons": ("people", 1.0),
    r"infusions?|doses?|sessions?|treatments?|injections?": ("doses", 1.0),
    r"studies|trials?|reviews?|study": ("studies", 1.0),
    r"times|fold": ("times", 1.0),
}  # fmt: skip
UNIT = re.compile(
    r"[\s-]*(?:of (?:the )?)?(?:" + "|".join(f"(?P<u{n}>{p})" for n, p in enumerate(UNITS)) + r")(?![\w/])", re.I
)
#: What is measured and not counted.
MEASURED = ("%", "points", "hours", "months", "mg", "mg/kg")
#: “40 and 240 minutes”: the first has the unit of the second.
SHARED = re.compile(r"\s*(?:and|to|or|,|-|–)\s*\d+(?:\.\d+)?")
KINDS = tuple(UNITS.values())
MONEY = re.compile(r"[$£€]\s*$")
DIGITS = re.compile(r"(?<![\w.])\d+(?:,\d{3})*(?:\.\d+)?(?![\d])")
WORD = re.compile(
    rf"\b(?:(?P<tens>{'|'.join(TENS)})(?:[ -](?P<ones>{'|'.join(SMALL[1:10])}))?|(?P<small>{'|'.join(SMALL)}|an?)(?=[ -](?:hundred|thousand|million)\b)|(?P<plain>{'|'.join(SMALL)}))\b"
    r"(?:[ -](?P<scale>hundred|thousand|million)\b)?",
    re.I,
)
FRACTION = re.compile(rf"\b(?:(?P<times>an?|one|two|three|four)[ -])?(?P<part>{'|'.join(FRACTIONS)})\b(?! dose)", re.I)
TWICE = re.compile(r"\b(?:twice|doubled?|two ?fold|2 ?fold)\b", re.I)
SHARE = re.compile(
    r"\b(\d+|"
    + "|".join(SMALL[1:])
    + r")\s+(?:of(?: the)?|in|out of(?: the)?|from)\s+(?:every )?(\d+|"
    + "|".join(SMALL[1:])
    + r")\b",
    re.I,
)
COUNTED = {"a": 1.0, "an": 1.0, "one": 1.0, "two": 2.0, "three": 3.0, "four": 4.0}
#: “4 of 8” may be said of a half where the whole is small, or stands in the source.
SMALL_WHOLE = 10
#: A share in words stands for a percentage within so many points; “about a third” within more.
NEAR, ABOUT = 1.0, 5.0
HEDGE = re.compile(
    r"\b(?:about|around|roughly|nearly|almost|just (?:over|under)|close to|some|over|under|more than|fewer than)\s+(?:an?\s+)?$",
    re.I,
)


@dataclass(frozen=True)
class Figure:
    """A value, its unit in one writing (None: none was recognised), how it was written, and for a share in words how near a
    percentage must come to it."""

    value: float
    unit: str | None
    written: str
    near: float = 1e-6
    start: int = 0
    of: float = 0.0
    """For “4 of 8”: the 8."""


def figures(text: str) -> list[Figure]:
    """All figures of a text."""
    return [*_digits(text), *_words(text), *_fractions(text)]


def unsupported(sentence: str, source: str) -> str | None:
    """The first figure of a sentence, as written, that does not stand in its source with the same unit."""
    had = [*figures(source), *_shares(source)]
    whole = {figure.value for figure in had}
    free = [s for s in _shares(sentence) if _stands(s, had) and (s.of <= SMALL_WHOLE or s.of in whole)]
    said = [f for f in figures(sentence) if not any(s.start <= f.start < s.start + len(s.written) for s in free)]
    return next((figure.written for figure in said if not _stands(figure, had)), None)


def _stands(figure: Figure, had: Sequence[Figure]) -> bool:
    units = {
        o.unit for o in had if abs(o.value - figure.value) <= max(figure.near, o.near if figure.unit == "%" else 0.0)
    }
    return bool(units) and (figure.unit is None or None in units or figure.unit in units)


def _digits(text: str) -> Iterator[Figure]:
    for match in DIGITS.finditer(text):
        value = float(match[0].replace(",", ""))
        yield _with_unit(value, text, match.start(), match.end(), match[0])


def _words(text: str) -> Iterator[Figure]:
    for match in WORD.finditer(text):
        if match["tens"]:
            value = WORDS[match["tens"].lower()] + WORDS.get((match["ones"] or "zero").lower(), 0.0)
        else:
            word = (match["small"] or match["plain"]).lower()
            value = COUNTED.get(word, WORDS.get(word, 0.0))
        value *= SCALES.get((match["scale"] or "").lower(), 1.0)
        figure = _with_unit(value, text, match.start(), match.end(), match[0])
        if value > 2 or match["scale"] or figure.unit in MEASURED:  # “one” and “two” alone are mostly no figures
            yield figure


def _fractions(text: str) -> Iterator[Figure]:
    for match in FRACTION.finditer(text):
        times = COUNTED.get((match["times"] or "one").lower(), 1.0)
        yield Figure(times * FRACTIONS[match["part"].lower()], "%", match[0], _near(text, match.start()), match.start())
    for match in TWICE.finditer(text):
        yield Figure(2.0, "times", match[0], start=match.start())


def _shares(text: str) -> Iterator[Figure]:
    """“4 of 8” as a percentage."""
    for match in SHARE.finditer(text):
        part, whole = (float(n) if n.isdigit() else WORDS[n.lower()] for n in match.groups())
        if 0 < part <= whole:
            yield Figure(100 * part / whole, "%", match[0], _near(text, match.start()), match.start(), whole)


def _near(text: str, start: int) -> float:
    return ABOUT if HEDGE.search(text[:start]) else NEAR


def _with_unit(value: float, text: str, start: int, end: int, written: str) -> Figure:
    if MONEY.search(text[:start]):
        return Figure(value, "money", written, start=start)
    match = UNIT.match(text, end)
    if not match and (next_one := SHARED.match(text, end)):
        match = UNIT.match(text, next_one.end())
    if not match:
        return Figure(value, None, written, start=start)
    unit, factor = KINDS[int(str(match.lastgroup)[1:])]
    return Figure(round(value * factor, 4), unit, written, start=start)
