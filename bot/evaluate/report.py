"""Rates with Wilson intervals, JSON Lines with their line numbers, and tables."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from bot.errors import BotError

Z = 1.959963985


def wilson(hits: float, n: int) -> tuple[float, float]:
    """The 95 % interval of a share (Wilson 1927); (0, 1) for n = 0."""
    if n == 0:
        return 0.0, 1.0
    share = hits / n
    middle = share + Z * Z / (2 * n)
    half = Z * math.sqrt(share * (1 - share) / n + Z * Z / (4 * n * n))
    return max(0.0, (middle - half) / (1 + Z * Z / n)), min(1.0, (middle + half) / (1 + Z * Z / n))


def rate(values: Iterable[float | None]) -> dict[str, float | int | None]:
    """The mean of what applies, its n and its interval."""
    known = [v for v in values if v is not None]
    if not known:
        return {"n": 0, "value": None, "low": None, "high": None}
    low, high = wilson(sum(known), len(known))
    return {"n": len(known), "value": round(sum(known) / len(known), 4), "low": round(low, 4), "high": round(high, 4)}


def cell(values: Iterable[float | None]) -> str:
    """A rate for a table."""
    found = rate(values)
    return (
        "-"
        if found["value"] is None
        else f"{found['value']:.3f} ({found['low']:.2f}-{found['high']:.2f}, {found['n']})"
    )


def table(header: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Columns of one width."""
    widths = [max(len(r[i]) for r in (header, *rows)) for i in range(len(header))]
    lines = ["  ".join(c.ljust(w) for c, w in zip(r, widths, strict=True)).rstrip() for r in (header, *rows)]
    return "\n".join([lines[0], "-" * len(lines[0]), *lines[1:]])


def read_jsonl(path: Path, needed: Sequence[str]) -> list[dict[str, Any]]:
    """The objects of a file; raises BotError that names the line."""
    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise BotError("file", f"{path}: cannot be read: {error}") from error
    rows = []
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
        except ValueError as error:
            raise BotError("file", f"{path}:{number}: not valid JSON: {error}") from error
        if not isinstance(row, dict) or (missing := [k for k in needed if k not in row]):
            raise BotError(
                "file",
                f"{path}:{number}: expected an object with {', '.join(needed)}"
                + (f" (no {missing[0]})" if isinstance(row, dict) else ""),
            )
        rows.append(row)
    if not rows:
        raise BotError("file", f"{path}: holds no lines")
    return rows
