"""YAML with the line of every key, so that an error can name its place."""

from __future__ import annotations

from typing import Any

import yaml

from corpus.errors import CorpusError

Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def load(text: str, where: str, first_line: int = 1) -> tuple[Any, yaml.Node | None]:
    """The value and its node tree; raises CorpusError with file and line for malformed YAML."""
    try:
        if any(isinstance(event, yaml.AliasEvent) for event in yaml.parse(text, Loader=Loader)):
            raise CorpusError("yaml", f"{where}: YAML aliases (*name) are not allowed; write the value out")
        node = yaml.compose(text, Loader=Loader)
        return yaml.load(text, Loader=Loader), node
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = first_line + (mark.line if mark else 0)
        raise CorpusError("yaml", f"{where}:{line}: not valid YAML: {error.problem or error.context}") from error
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        detail = str(error).splitlines()[0] if str(error) else type(error).__name__
        raise CorpusError("yaml", f"{where}: not valid YAML: {detail}") from error


def key_lines(node: yaml.Node | None, first_line: int = 1) -> dict[str, int]:
    """The line of each key of a mapping."""
    if not isinstance(node, yaml.MappingNode):
        return {}
    return {str(key.value): first_line + key.start_mark.line for key, _ in node.value}


def duplicate_key(node: yaml.Node | None) -> str | None:
    """A key that a mapping holds twice, or None."""
    if isinstance(node, yaml.MappingNode):
        seen: set[str] = set()
        for key, _ in node.value:
            if key.value in seen:
                return str(key.value)
            seen.add(key.value)
    return None
