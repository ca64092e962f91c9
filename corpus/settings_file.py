"""Settings that people edit: one YAML file, checked against its type; what is wrong is said with file and key."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Annotated, Any, TypeVar

import yaml
from pydantic import AfterValidator, BaseModel, ValidationError

from corpus.errors import CorpusError

Model = TypeVar("Model", bound=BaseModel)
#: All scalars stay text until their type asks otherwise: “off” and “no” are words here.
LOADER: Any = getattr(yaml, "CBaseLoader", yaml.BaseLoader)


def _compiles(pattern: str) -> str:
    try:
        re.compile(pattern)
    except re.error as error:
        raise ValueError(f"“{pattern}” is not a regular expression ({error})") from error
    return pattern


#: A regular expression; one that cannot be compiled is refused when the file is read.
Pattern = Annotated[str, AfterValidator(_compiles)]


def read_yaml(path: Path) -> Any:  # noqa: ANN401
    """The file's content; a missing or broken one raises CorpusError."""
    try:
        return yaml.load(path.read_text(encoding="utf-8"), Loader=LOADER)
    except OSError as error:
        raise CorpusError("settings_missing", f"{path}: cannot be read ({error.strerror})") from error
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise CorpusError("settings_broken", f"{path}: is not valid YAML ({' '.join(str(error).split())})") from error


def read_settings(kind: type[Model], path: Path) -> Model:
    """The file as its type; a key that is missing, misspelt or wrong raises CorpusError that names it."""
    try:
        return kind.model_validate(read_yaml(path))
    except ValidationError as error:
        first = error.errors()[0]
        key = ".".join(str(part) for part in first["loc"]) or "the file"
        raise CorpusError("settings_invalid", f"{path}: {key}: {first['msg']}") from error
