"""Weighs one message: every sentence against every rule, each match in the light of how its sentence is meant."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

from bot.guard.clauses import word_sentences
from bot.guard.disguise import hidden_texts, squeezed_phrases
from bot.guard.lexicon import Lexicon
from bot.guard.scripts import visible
from bot.guard.settings import Layers, Screening, Thresholds

STRONG = 0.95
TOPIC = "topic"
BODY_ACTIONS = ("emergency", "crisis", "concern_other")


@dataclass(frozen=True)
class Hit:
    """A rule that matched: what it speaks for, its weight (1 is enough by itself) and the words that it matched."""

    action: str
    category: str
    weight: float
    rule: str
    words: str
    sentence: int = 0
    span: tuple[int, int] = (0, 0)
    notes: tuple[str, ...] = ()

    def reason(self) -> str:
        """For people: the rule, what is left of its weight and why, and the matched words."""
        notes = f" [{', '.join(self.notes)}]" if self.notes else ""
        return f"{self.rule} ({self.weight:.2g}){notes}: “{self.words}”"

    def overlaps(self, other: Hit) -> bool:
        """Whether both rest on the same words."""
        return self.sentence == other.sentence and self.span[0] < other.span[1] and other.span[0] < self.span[1]


@dataclass(frozen=True)
class Sentence:
    """A sentence in normalised words, the same without idioms and denials, also without topics, and how it is meant."""

    words: str
    open_words: str
    topic_free: str
    masks: frozenset[str]
    markers: frozenset[str]

    @property
    def marks(self) -> frozenset[str]:
        """Masks and markers as signs for the weighted cues."""
        return frozenset({f"mask {name}" for name in self.masks} | {f"marker {name}" for name in self.markers})


@dataclass(frozen=True)
class Assessment:
    """One message, weighed: hits that rest on different words, strongest first, and what marks the message.

    `shares` (of actions) are what the cues and the classifier make of it, `kinds` (shares of categories) what the cues make
    of it; `layers` says which were there to judge, `lang` which language the classifier is sure of.
    """

    hits: tuple[Hit, ...] = ()
    markers: frozenset[str] = frozenset()
    masks: frozenset[str] = frozenset()
    sentences: tuple[str, ...] = ()
    marks: tuple[frozenset[str], ...] = ()
    shares: Mapping[str, float] = field(default_factory=dict)
    kinds: Mapping[str, float] = field(default_factory=dict)
    layers: Layers = "rules"
    lang: str | None = None

    def score(self, action: str, *, below: float = 9) -> float:
        """The summed weight for an action; with `below`, of weak hits only."""
        return sum(hit.weight for hit in self.hits if hit.action == action and hit.weight < below)

    def signs(self, start: int = -9, end: int = 10**9) -> Iterator[str]:
        """What rules saw (in a span of sentences), in a word each: groups that matched, masks and markers."""
        for hit in self.hits:
            if start <= hit.sentence < end:
                yield " ".join((hit.rule, *hit.notes))
                yield f"{hit.action} {'strong' if hit.weight >= STRONG else 'weak'}"
        yield from frozenset().union(*self.marks[max(start, 0) : end])

    def for_action(self, action: str) -> tuple[Hit, ...]:
        """The hits for an action, strongest first."""
        return tuple(hit for hit in self.hits if hit.action == action)


def assess(text: str, screening: Screening, lexicon: Lexicon) -> Assessment:
    """Weighs a message. Disguised texts inside it (base64, rot13, reversed) count as if they stood there in the open."""
    text = visible(text)
    main = _weigh(text, screening, lexicon)
    hits = list(main.hits)
    for name, hidden in hidden_texts(text, screening.spelling.knows):
        found = _weigh(hidden, screening, lexicon).hits
        hits += [
            replace(hit, sentence=-1, notes=(*hit.notes, name))
            for hit in found
            if hit.action in BODY_ACTIONS and hit.weight >= 1
        ]
    for phrase in squeezed_phrases(text, screening.squeezed, screening.spelling.knows):
        hits.append(Hit("crisis", "crisis_obfuscated", 1.0, "disguise/squeezed", phrase, -2))
    return replace(main, hits=_distinct(hits))


def _weigh(text: str, screening: Screening, lexicon: Lexicon) -> Assessment:
    rows = word_sentences(text, screening.spelling)
    read = {words: _read(words, screening) for words in dict.fromkeys(rows)}
    sentences = [read[words] for words in rows]
    markers = frozenset().union(*(s.markers for s in sentences))
    hits: list[Hit] = []
    for n, sentence in enumerate(sentences):
        meant = _meant(n, sentences, markers)
        hits += [_in_context(hit, meant, screening.thresholds) for hit in _match(sentence, n, screening, lexicon)]
    hits += [Hit("crisis", c, w, "lexicon", phrase, -3) for c, w, phrase in lexicon.unspaced(text)]
    masks = frozenset().union(*(s.masks for s in sentences))
    return Assessment(
        _distinct(hits), markers, masks, tuple(s.words for s in sentences), tuple(s.marks for s in sentences)
    )


def _read(words: str, screening: Screening) -> Sentence:
    open_words, used = words, set()
    for name in (*(name for name in screening.masks if name != TOPIC), TOPIC):
        masked, rules = screening.masks[name].mask(open_words)
        if rules:
            used.add(name)
        if name != TOPIC:
            open_words = masked
    markers = {name for name, index in screening.markers.items() if any(index.matches(words))}
    return Sentence(words, open_words, masked, frozenset(used), frozenset(markers))


def _match(sentence: Sentence, n: int, screening: Screening, lexicon: Lexicon) -> list[Hit]:
    found = [
        Hit(rule.action, rule.category, rule.weight, rule.source, match[0].strip(), n, match.span())
        for index, words in (
            (screening.rules, sentence.open_words),
            (screening.topic_rules, sentence.topic_free),
        )
        for rule, match in index.matches(words)
    ]
    found += [
        Hit("crisis", category, weight, "lexicon", phrase, n, span)
        for category, weight, phrase, span in lexicon.spaced(sentence.open_words)
    ]
    return found


def _meant(n: int, sentences: list[Sentence], message: frozenset[str]) -> frozenset[str]:
    """How a sentence is meant: by its own words, those of its neighbours and the whole message."""
    own = sentences[n].markers
    near = own | (sentences[n - 1].markers if n else own)
    past = "present" not in own and ("past" in near or "recovered" in message)
    fiction = "fiction" in message and "real" not in message
    return frozenset(
        name for name, holds in (("past", past), ("fiction", fiction), ("study", "study" in message)) if holds
    )


def _in_context(hit: Hit, meant: frozenset[str], limits: Thresholds) -> Hit:
    weight, notes = hit.weight, list(hit.notes)
    for name, left in (("past", limits.past), ("fiction", limits.fiction)):
        if hit.action in BODY_ACTIONS and name in meant:
            weight, notes = weight * left, [*notes, name]
    if hit.action == "refuse_and_redirect" and "study" in meant:
        weight, notes = weight * limits.study, [*notes, "study"]
    return replace(hit, weight=weight, notes=tuple(notes))


def _distinct(hits: list[Hit]) -> tuple[Hit, ...]:
    """The strongest hits of each action that rest on different words and rules."""
    kept: list[Hit] = []
    for hit in sorted(hits, key=lambda h: -h.weight):
        if not any(hit.action == k.action and (hit.overlaps(k) or hit.words == k.words) for k in kept[:60]):
            kept.append(hit)
    return tuple(kept[:60])
