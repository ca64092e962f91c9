"""Words the safety replies: fixed text by people, chosen by code, with numbers of the helplines file and no others."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field

from bot.answer import Action, HelplineView
from bot.guard.lines import LineWords, as_markdown, as_view
from bot.guard.verdict import SafetyReply, Verdict
from corpus.errors import CorpusError
from corpus.helplines import Helpline, HelplineBook, Kind
from corpus.settings_file import read_settings

PLACEHOLDER = re.compile(r"\{(emergency|lines|poison|crisis)\}")
LINE_BREAK = re.compile(r"(?<=\S)\n(?=\S)")  # two spaces and a newline: a line break in Markdown
ENGLISH = "en"
CRISIS_LINES = 2
MATCHED_LINES = 2
VARIANTS = {"es-en": "es", "hi-en": "hi", "fr-en": "fr", "de-en": "de", "pt-en": "pt", "pt-br": "pt"}


class _Strict(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class ReplyText(_Strict):
    """One reply: interchangeable `variants`, the `kinds` of helpline it names, and questions to go on with."""

    variants: tuple[str, ...] = Field(min_length=1)
    kinds: tuple[Kind, ...] = ()
    suggestions: tuple[str, ...] = ()


class ReplyFile(_Strict):
    """Everything that is said in one language. Keys of `replies` are `action` or `action.category`."""

    words: LineWords
    gentle: str
    replies: dict[str, ReplyText]


@dataclass(frozen=True)
class Shown:
    """The lines that one reply may name, by placeholder."""

    emergency: tuple[Helpline, ...]
    lines: tuple[Helpline, ...]
    poison: tuple[Helpline, ...]
    crisis: tuple[Helpline, ...]


class Replies:
    """The reply files of all languages, and the helplines whose numbers they carry."""

    def __init__(self, files: dict[str, ReplyFile], book: HelplineBook) -> None:
        if ENGLISH not in files or any(action.value not in files[ENGLISH].replies for action in _ACTIONS):
            raise CorpusError("replies_incomplete", f"en.yaml needs a reply for each of {[a.value for a in _ACTIONS]}")
        self.files = files
        self.book = book

    @classmethod
    def load(cls, folder: Path, book: HelplineBook) -> Replies:
        """Reads every `<language>.yaml` of the folder."""
        return cls({path.stem: read_settings(ReplyFile, path) for path in sorted(folder.glob("*.yaml"))}, book)

    def reply(self, verdict: Verdict, country: str | None, turn: int = 0) -> SafetyReply:
        """The reply for a verdict, in its language where there is one, else short and in English."""
        text, words = self._text(verdict)
        shown = self._shown(text.kinds, country)
        variant = text.variants[turn % len(text.variants)]
        asked = (verdict.ordinary,) if verdict.ordinary else ()
        lines = tuple(as_view(line) for line in _used(variant, shown))
        return SafetyReply(_render(variant, shown, words), lines, (*asked, *text.suggestions)[:3])

    def gentle(self, lang: str, country: str | None) -> tuple[str, tuple[HelplineView, ...]]:
        """The line that stands beside an answer, and the crisis lines it names."""
        file = self.files.get(_language(lang), self.files[ENGLISH])
        shown = self._shown((), country)
        shown = replace(shown, crisis=shown.crisis[:1])
        return _render(file.gentle, shown, file.words), tuple(as_view(line) for line in _used(file.gentle, shown))

    def _text(self, verdict: Verdict) -> tuple[ReplyText, LineWords]:
        lang = _language(verdict.lang)
        keys = (f"{verdict.action.value}.{verdict.category}", verdict.action.value)
        if lang in self.files:
            file = self.files[lang]
            for key in keys:
                if key in file.replies:
                    return file.replies[key], file.words
        english = self.files[ENGLISH]
        short = () if lang in self.files else (f"{verdict.action.value}.other_language",)
        key = next(key for key in (*short, *keys) if key in english.replies)
        return english.replies[key], english.words

    def _shown(self, kinds: tuple[Kind, ...], country: str | None) -> Shown:
        code = country if self.book.knows(country) else None
        emergency = self.book.emergency(code)
        crisis = self.book.for_kind(code, "suicide_crisis")[:CRISIS_LINES] or self.book.directory()[:1]
        matched = [line for kind in kinds for line in self.book.for_kind(code, kind)[:MATCHED_LINES]]
        return Shown(
            emergency=(emergency,) if emergency else (),
            lines=tuple(matched[: MATCHED_LINES + 1] or crisis),
            poison=tuple(self.book.for_kind(code, "poison")[:1]),
            crisis=tuple(crisis),
        )


_ACTIONS = (
    Action.CRISIS,
    Action.EMERGENCY,
    Action.CONCERN_OTHER,
    Action.REFUSE_AND_REDIRECT,
    Action.DECLINE_OFFTOPIC,
)


def _language(lang: str) -> str:
    lang = lang.lower()
    return VARIANTS.get(lang, lang.split("-")[0] if lang != "hi-deva" else lang)


def _render(variant: str, shown: Shown, words: LineWords) -> str:
    """The text with its numbers. A line of text whose placeholder has nothing to show is left out."""
    lines = []
    for line in variant.strip().splitlines():
        names = PLACEHOLDER.findall(line)
        if all(name == "emergency" or getattr(shown, name) for name in names):
            lines.append(PLACEHOLDER.sub(lambda found: as_markdown(found[1], getattr(shown, found[1]), words), line))
    return LINE_BREAK.sub("  \n", "\n".join(lines))


def _used(variant: str, shown: Shown) -> tuple[Helpline, ...]:
    lines = [line for name in PLACEHOLDER.findall(variant) for line in getattr(shown, name)]
    return tuple(dict.fromkeys(lines))
