"""Which country's helplines a person sees: the chosen one, else that of the browser's language, else the setting."""

from __future__ import annotations

import re
from collections.abc import Collection

REGION = re.compile(r"^\s*[a-z]{2,3}(?:-[a-z]{4})?-([a-z]{2})\b", re.IGNORECASE)


def from_languages(header: str | None, known: Collection[str]) -> str | None:
    """The first region that `Accept-Language` names and that has helplines."""
    for language in (header or "")[:500].split(","):
        found = REGION.match(language)
        if found and found[1].upper() in known:
            return found[1].upper()
    return None


def choose(chosen: str | None, languages: str | None, known: Collection[str], default: str) -> str:
    """The country to use; a chosen one that has no lines counts as not chosen."""
    code = (chosen or "").strip().upper()
    return code if code in known else from_languages(languages, known) or default
