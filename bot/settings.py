"""All settings, in one place: `EVIDENCE_BOT_*` environment variables or a `.env` file; unknown keys are refused."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

import platformdirs
from pydantic import Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

import corpus
from bot.errors import BotError

PREFIX = "EVIDENCE_BOT_"


class Settings(BaseSettings):
    """One tree; every number is bounded, so that a typing error fails at start and says where."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, env_file=".env", extra="forbid", frozen=True)

    home: Annotated[Path, Field(description="Folder of all state: index, added documents, caches")] = Path(
        platformdirs.user_data_dir("evidence-bot", appauthor=False)
    )
    corpus: Annotated[Path, Field(description="Folder that holds documents/ and settings/")] = Path(
        corpus.__file__
    ).parent
    country: Annotated[str, Field(pattern="^[A-Z]{2}$", description="Whose helplines are shown where nobody chose")] = (
        "US"
    )
    embedder: Annotated[
        str | None, Field(description="A sentence-transformers model by name or path; empty: the default")
    ] = None
    reranker: Annotated[
        str | None,
        Field(description="A cross-encoder of sentence-transformers by name or path; empty: our own; off: none"),
    ] = None
    model: Annotated[
        str | None,
        Field(
            min_length=3,
            description="A chat model that may write: provider:name (openai:…, anthropic:…, ollama:…) or an OpenAI-compatible base URL (http://…/v1#name); empty: none",
        ),
    ] = None
    model_key: Annotated[
        SecretStr | None, Field(description="The model's key, where its provider's own variable is not set")
    ] = None
    model_first_seconds: Annotated[
        float,
        Field(gt=0, le=40, description="Within so many seconds the model's first sentence that holds must be there"),
    ] = 8.0
    model_seconds: Annotated[float, Field(gt=0, le=40, description="Seconds that the model may take in all")] = 20.0
    model_second_opinion: Annotated[
        bool,
        Field(
            description="Ask the model beside everything else whether a message shows a danger that screening did not see"
        ),
    ] = False
    model_tokens_a_day: Annotated[
        int | None,
        Field(ge=1, description="Tokens that the model may take a day (UTC), read and written; empty: no limit"),
    ] = None
    model_price_read: Annotated[
        float | None, Field(ge=0, description="Price of a million tokens that the model reads, for the account")
    ] = None
    model_price_written: Annotated[
        float | None, Field(ge=0, description="Price of a million tokens that the model writes, for the account")
    ] = None
    entailment: Annotated[
        str | None,
        Field(description="A cross-encoder for entailment by name or path, beside our own; empty: our own alone"),
    ] = None
    host: Annotated[str, Field(description="Address that the web app listens on")] = "127.0.0.1"
    port: Annotated[int, Field(ge=0, le=65535, description="Port of the web app")] = 7860
    max_chars: Annotated[
        int, Field(ge=100, le=100_000, description="Longest message that is answered; all are screened whole")
    ] = 4000
    max_check_age_days: Annotated[
        int, Field(ge=1, le=3650, description="`corpus check` fails on helplines checked longer ago")
    ] = 90

    @property
    def documents(self) -> Path:
        """The cards that ship with the project."""
        return self.corpus / "documents"

    @property
    def words(self) -> Path:
        """The settings that a clinician can read: helplines, replies, word lists."""
        return self.corpus / "settings"

    @property
    def versions(self) -> Path:
        """The versions of the index."""
        return self.home / "index"

    @property
    def spending(self) -> Path:
        """What the language model took, by day."""
        return self.home / "spending.sqlite"

    @property
    def withdrawn(self) -> Path:
        """The deny list, read at answer time."""
        return self.home / "withdrawn.json"


def load_settings() -> Settings:
    """The settings of this process; raises BotError that names the key."""
    known = {PREFIX + name.upper() for name in Settings.model_fields}
    unknown = sorted(k for k in os.environ if k.upper().startswith(PREFIX) and k.upper() not in known)
    if unknown:
        raise BotError(
            "settings", f"unknown setting {unknown[0]}; `evidence-bot settings` lists all (unset it to go on)"
        )
    try:
        return Settings()
    except ValidationError as error:
        first = error.errors()[0]
        key = PREFIX + str(first["loc"][0]).upper().removeprefix(PREFIX)
        raise BotError("settings", f"{key}: {first['msg']} (found {first['input']!r:.60})") from error
