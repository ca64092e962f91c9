"""A document card: one source, its bibliography and its statements.

`text` is the document text (NFC, LF): all character ranges of chunks and citations refer to it.
"""

from __future__ import annotations

import datetime
from functools import cached_property
from typing import Annotated, Any

from pydantic import AliasChoices, BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints, model_validator

from corpus.kinds import KIND_OF_DESIGN, Design, Direction, Kind, Status
from corpus.text import Span, blocks, one_line


def _as_text(value: Any) -> Any:  # noqa: ANN401 - YAML reads a date or a number where the card means text
    if isinstance(value, datetime.date):
        return value.isoformat()
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else value


def _as_tuple(value: Any) -> Any:  # noqa: ANN401 - null means that there are none
    return () if value is None else value


Text = Annotated[str, BeforeValidator(_as_text), StringConstraints(strip_whitespace=True, min_length=1)]
Day = Annotated[Text, StringConstraints(pattern=r"^\d{4}-\d{2}-\d{2}$")]
Texts = Annotated[tuple[Text, ...], BeforeValidator(_as_tuple)]


class Asked(BaseModel):
    """Questions in patients' words that one statement answers; tied to the statement's text."""

    model_config = ConfigDict(frozen=True)

    statement: Text
    ask: Texts


class Card(BaseModel):
    """One document. None means "not reported"; keys that it does not know are ignored."""

    model_config = ConfigDict(frozen=True, extra="ignore", populate_by_name=True)

    id: Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9-]{0,99}$")]
    title: Text
    authors: Texts = ()
    year: Annotated[int, Field(ge=1800, le=2200)] | None = None
    journal: Text | None = None
    doi: Annotated[Text, StringConstraints(pattern=r"^10\.\d{4,9}/\S+$")] | None = None
    pmid: Text | None = None
    pmcid: Text | None = None
    url: Annotated[Text, StringConstraints(pattern=r"^https?://\S+$")] | None = None
    licence: Text | None = None
    kind: Kind
    design: Design | None = None
    status: Status = "current"
    n: Annotated[int, Field(ge=0)] | None = None
    n_studies: Annotated[int, Field(ge=0)] | None = None
    population: Text | None = None
    intervention: Text | None = None
    comparator: Text | None = None
    follow_up: Text | None = None
    funding_conflicts: Text | None = None
    direction: Direction | None = None
    topics: Annotated[Texts, Field(validation_alias=AliasChoices("topics", "article_claims"))] = ()
    sources: Texts = ()
    checked: Day | None = None
    reviewed_by: Text | None = None
    reviewed_on: Day | None = None
    restated: bool = False
    """True where the body is our summary of a source, not its own words."""
    curator_notes: Texts = ()
    questions: Annotated[tuple[Asked, ...], BeforeValidator(_as_tuple)] = ()
    text: Annotated[str, StringConstraints(min_length=1)]

    @model_validator(mode="before")
    @classmethod
    def _kind_follows_from_design(cls, data: Any) -> Any:  # noqa: ANN401 - whatever the file holds
        if isinstance(data, dict) and not data.get("kind") and (kind := KIND_OF_DESIGN.get(str(data.get("design")))):
            return {**data, "kind": kind}
        return data

    @model_validator(mode="after")
    def _questions_belong_to_statements(self) -> Card:
        known = {one_line(self.text[s.start : s.end]) for s in self.spans}
        for asked in self.questions:
            if one_line(asked.statement) not in known:
                raise ValueError(
                    f"questions: no statement of the body reads {asked.statement[:60]!r}: change both or none"
                )
        return self

    @cached_property
    def spans(self) -> list[Span]:
        """Where the statements and paragraphs stand in `text`."""
        return blocks(self.text)

    def questions_of(self, span: Span) -> tuple[str, ...]:
        """The questions that the statement at this place answers."""
        text = one_line(self.text[span.start : span.end])
        return tuple(q for asked in self.questions if one_line(asked.statement) == text for q in asked.ask)
