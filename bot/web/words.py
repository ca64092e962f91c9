"""The wording of the page: `corpus/settings/page/<language>.yaml`, checked when it is loaded."""

from __future__ import annotations

from pathlib import Path

from pydantic import BaseModel, ConfigDict

import corpus
from corpus.settings_file import read_settings

FOLDER = Path(corpus.__file__).parent / "settings" / "page"


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class ServiceWords(_Part):
    """The service's name and title."""

    name: str
    title: str
    skip: str


class WelcomeWords(_Part):
    """The first screen."""

    heading: str
    lead: str
    what_heading: str
    what: tuple[str, ...]
    no_clinic: str
    clinic: str
    examples_heading: str


class AskWords(_Part):
    """The input."""

    label: str
    placeholder: str
    send: str
    empty: str
    needs_script: str


class TurnWords(_Part):
    """A question, its answer and its sources."""

    log: str
    reminder: str
    you: str
    answer: str
    working: str
    sources: str
    read: str
    new_tab: str
    back: str
    passage: str
    authors: str
    published: str
    kind: str
    people: str
    direction: str
    funding: str
    checked: str
    doi: str
    status: str
    unknown: str
    suggestions: str
    again: str
    source_label: str
    lines: str
    same: str


class TroubleWords(_Part):
    """What the page says where something fails, always with a way on."""

    failed: str
    slow: str
    busy: str
    lost: str
    help: str


class HelpWords(_Part):
    """The helplines."""

    open: str
    heading: str
    lead: str
    danger: str
    country: str
    show: str
    more: str
    back: str
    bar: str
    none: str
    call: str
    text: str
    text_word: str
    whatsapp: str
    chat: str
    always: str
    checked: str
    kinds: dict[str, str]


class FailureWords(_Part):
    """The page that is shown where the chat cannot be."""

    title: str
    lead: str
    retry: str


class DocumentWords(_Part):
    """The page of one source."""

    title: str
    passage_note: str
    jump: str
    missing_title: str
    missing: str
    restated: str


class Words(_Part):
    """All fixed text of the page in one language."""

    lang: str
    service: ServiceWords
    welcome: WelcomeWords
    ask: AskWords
    turn: TurnWords
    trouble: TroubleWords
    help: HelpWords
    failure: FailureWords
    document: DocumentWords
    strength: dict[str, str]
    direction: dict[str, str]
    kind: dict[str, str]
    design: dict[str, str]
    status: dict[str, str]


def load_words(lang: str = "en", folder: Path = FOLDER) -> Words:
    """The wording of a language; raises CorpusError with file and key where one is missing or misspelt."""
    return read_settings(Words, folder / f"{lang}.yaml")
