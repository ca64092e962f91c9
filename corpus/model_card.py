"""The card beside a model file that ships: what is needed to run it, and the hash by which a damaged file is refused."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from corpus.errors import CorpusError


def read_model_card(path: Path, model: Path, keys: Iterable[str]) -> dict[str, Any]:
    """The card at a path; raises CorpusError where it or the model cannot be read, lacks a key, or does not fit the model."""
    try:
        card: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        digest = hashlib.sha256(model.read_bytes()).hexdigest()
    except (OSError, ValueError) as error:
        raise CorpusError("model", f"{path}: the model cannot be read ({error}); install again") from error
    if missing := sorted({"sha256", *keys} - card.keys()):
        raise CorpusError("model", f"{path}: the key {missing[0]} is missing; install again")
    if digest != card["sha256"]:
        raise CorpusError("model", f"{model}: is damaged: its hash is not the one of {path.name}; install again")
    return card
