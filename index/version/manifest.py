"""What a version of the index is made of, kept beside it."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict


class Manifest(BaseModel):
    """The documents (id -> hash), model, counts and date of one version."""

    model_config = ConfigDict(frozen=True)

    version: str
    created: str
    model: str
    model_sha256: str
    dimension: int
    chunks: int
    questions: int
    documents: dict[str, str]
    settings: dict[str, str | int | float]
