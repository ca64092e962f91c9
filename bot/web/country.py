"""Which country's helplines a person sees: the chosen one, else that of the browser's time zone, which says where the
person is, else that of its language, else the setting.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from functools import cache
from importlib.resources import files

ZONE = "tz:"
REGION = re.compile(r"^\s*[a-z]{2,3}(?:-[a-z]{4})?-([a-z]{2})\b", re.IGNORECASE)


def from_languages(header: str | None, known: Collection[str]) -> str | None:
    """The first region that `Accept-Language` names and that has helplines."""
    for language in (header or "")[:500].split(","):
        found = REGION.match(language)
        if found and found[1].upper() in known:
            return found[1].upper()
    return None


def from_zone(zone: str, known: Collection[str]) -> str | None:
    """The country of a time zone such as `Europe/Berlin`, if it has helplines."""
    code = _zones().get(zone)
    return code if code in known else None


@cache
def _zones() -> Mapping[str, str]:
    """Country by time zone, old names of zones too, from the package of the IANA time zone database."""
    tables = files("tzdata") / "zoneinfo"
    found = {}
    for line in (tables / "zone.tab").read_text(encoding="utf-8").splitlines():
        if not line.startswith("#"):
            code, _, zone = line.split("\t")[:3]
            found[zone] = code
    for line in (tables / "tzdata.zi").read_text(encoding="utf-8").splitlines():
        if line.startswith("L "):
            _, zone, old = line.split()
            if zone in found:
                found.setdefault(old, found[zone])
    return found


def choose(chosen: str | None, languages: str | None, known: Collection[str], default: str) -> str:
    """The country to use. `chosen` is a code or, as long as nobody chose, `tz:` and the browser's time zone."""
    chosen = (chosen or "")[:100].strip()
    if chosen.startswith(ZONE):
        return from_zone(chosen.removeprefix(ZONE), known) or from_languages(languages, known) or default
    code = chosen.upper()
    return code if code in known else from_languages(languages, known) or default
