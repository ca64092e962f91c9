"""Helplines: a typed, checked file, of which only entries that somebody may rely on are ever handed out."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Literal, NamedTuple, get_args

import yaml
from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError, field_validator, model_validator

from corpus.errors import CorpusError

INTERNATIONAL = "INT"
Kind = Literal[
    "emergency",
    "suicide_crisis",
    "veterans",
    "poison",
    "alcohol_drugs",
    "domestic_violence",
    "sexual_assault",
    "child_abuse",
    "youth",
    "perinatal",
    "eating_disorder",
    "lgbtq",
    "medical_advice",
    "directory",
]
PhoneNumber = Annotated[str, StringConstraints(pattern=r"^\+?[0-9][0-9 ]*$")]
CountryCode = Annotated[str, StringConstraints(pattern=r"^[A-Z]{2,3}$")]
WebAddress = Annotated[str, StringConstraints(pattern=r"^https?://[^\s()<>\"]+$")]
NAMES = {
    "AT": "Austria",
    "AU": "Australia",
    "BE": "Belgium",
    "BR": "Brazil",
    "CA": "Canada",
    "CH": "Switzerland",
    "DE": "Germany",
    "DK": "Denmark",
    "ES": "Spain",
    "FI": "Finland",
    "FR": "France",
    "GB": "United Kingdom",
    "HK": "Hong Kong",
    "IE": "Ireland",
    "IL": "Israel",
    "IN": "India",
    "INT": "Another country",
    "IT": "Italy",
    "JP": "Japan",
    "KR": "South Korea",
    "MX": "Mexico",
    "NL": "Netherlands",
    "NO": "Norway",
    "NZ": "New Zealand",
    "PH": "Philippines",
    "PL": "Poland",
    "PT": "Portugal",
    "SE": "Sweden",
    "SG": "Singapore",
    "US": "United States",
    "ZA": "South Africa",
}


class _Entry(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class DialLine(_Entry):
    """A number as dialled inside the country; `label` says what to press or whom the row is for."""

    number: PhoneNumber
    label: str | None = None


class SmsLine(_Entry):
    """A number to text; `body` is the word to send, null when any message will do."""

    number: PhoneNumber
    body: str | None = None


class Helpline(_Entry):
    """One entry of the helplines file."""

    id: Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9-]*$")]
    country: CountryCode
    name: Annotated[str, StringConstraints(min_length=2)]
    kind: Kind
    priority: Annotated[int, Field(ge=1, le=99)]
    confidence: Literal["high", "low"]
    phone: str | None = None
    dial: tuple[DialLine, ...] = ()
    text: str | None = None
    sms: SmsLine | None = None
    whatsapp: PhoneNumber | None = None
    chat_url: WebAddress | None = None
    hours: str | None = None
    languages: tuple[str, ...] = ()
    who_for: str | None = None
    sources: Annotated[tuple[str, ...], Field(min_length=1)]
    checked: str
    reviewed_by: str | None = None
    reviewed_on: str | None = None
    notes: str | None = None

    @field_validator("checked", "reviewed_on")
    @classmethod
    def _is_a_date(cls, value: str | None) -> str | None:
        if value is not None:
            datetime.date.fromisoformat(value)
        return value

    @model_validator(mode="after")
    def _can_be_reached(self) -> Helpline:
        if not (self.dial or self.sms or self.whatsapp or self.chat_url):
            raise ValueError("has neither dial, sms, whatsapp nor chat_url")
        return self

    @property
    def may_be_shown(self) -> bool:
        """Seen on several pages or an official one, or confirmed by a person."""
        return self.confidence == "high" or bool(self.reviewed_by)


class Country(NamedTuple):
    """A country that has at least one helpline to show; `emergency` is its first emergency number."""

    code: str
    name: str
    emergency: str | None


@dataclass(frozen=True)
class HelplineBook:
    """All helplines. `lines` holds hidden ones too, for checks and staff; methods return only those that may be shown."""

    lines: tuple[Helpline, ...]

    @classmethod
    def load(cls, path: Path) -> HelplineBook:
        """Reads and checks the file; a bad one raises CorpusError with the entry and the key."""
        lines = tuple(_parse(entry, n, path) for n, entry in enumerate(_read(path), start=1))
        _refuse_duplicates(lines, path)
        book = cls(lines)
        if not book.for_kind(INTERNATIONAL, "directory"):
            raise CorpusError(
                "helplines_incomplete", f"{path}: no international directory (country INT) that may be shown"
            )
        return book

    def knows(self, country: str | None) -> bool:
        """Whether the country has lines of its own."""
        return bool(self._of(_code(country)))

    def countries(self) -> list[Country]:
        """Every country with lines, by name, `INT` last."""
        codes = {line.country for line in self.lines if line.may_be_shown}
        rows = [Country(code, NAMES.get(code, code), self._first_number(code)) for code in codes]
        return sorted(rows, key=lambda row: (row.code == INTERNATIONAL, row.name))

    def for_kind(self, country: str | None, *kinds: str) -> list[Helpline]:
        """Lines of these kinds: in the order of the kinds, then by priority. An unknown country has none."""
        found = [line for line in self._of(_code(country)) if line.kind in kinds]
        return sorted(found, key=lambda line: (kinds.index(line.kind), line.priority, line.id))

    def for_country(self, country: str | None) -> list[Helpline]:
        """Everything to show for a country, the most urgent first; an unknown one gets the international directory."""
        code = _code(country)
        if not self._of(code):
            return self.directory()
        order = get_args(Kind)
        return sorted(self._of(code), key=lambda line: (order.index(line.kind), line.priority, line.id))

    def emergency(self, country: str | None) -> Helpline | None:
        """The emergency number; none for a country that is not listed, for a wrong number is worse than none."""
        return next(iter(self.for_kind(country, "emergency")), None) if _code(country) != INTERNATIONAL else None

    def directory(self) -> list[Helpline]:
        """Where to find a line in any country."""
        return self.for_kind(INTERNATIONAL, "directory")

    def _of(self, code: str) -> list[Helpline]:
        return [line for line in self.lines if line.country == code and line.may_be_shown]

    def _first_number(self, code: str) -> str | None:
        line = self.emergency(code)
        return line.dial[0].number if line and line.dial else None


def _code(country: str | None) -> str:
    code = (country or "").strip().upper()
    return {"UK": "GB"}.get(code, code)


def _read(path: Path) -> list[Any]:
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    try:
        entries = yaml.load(path.read_text(encoding="utf-8"), Loader=loader)
    except OSError as error:
        raise CorpusError("helplines_missing", f"{path}: cannot be read ({error.strerror})") from error
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise CorpusError("helplines_broken", f"{path}: is not valid YAML ({' '.join(str(error).split())})") from error
    if not isinstance(entries, list) or not entries:
        raise CorpusError("helplines_broken", f"{path}: must be a list of helplines")
    return entries


def _parse(entry: object, number: int, path: Path) -> Helpline:
    where = entry.get("id", f"entry {number}") if isinstance(entry, dict) else f"entry {number}"
    try:
        return Helpline.model_validate(entry)
    except ValidationError as error:
        first = error.errors()[0]
        key = ".".join(str(part) for part in first["loc"]) or "entry"
        raise CorpusError("helpline_invalid", f"{path}: {where}: {key}: {first['msg']}") from error


def _refuse_duplicates(lines: Iterable[Helpline], path: Path) -> None:
    seen: set[str] = set()
    for line in lines:
        if line.id in seen:
            raise CorpusError("helpline_invalid", f"{path}: the id {line.id} stands twice")
        seen.add(line.id)
