"""What the model's calls cost: tokens by day in one small SQLite file, and whether the day's budget is spent."""

from __future__ import annotations

import contextlib
import datetime
import logging
import sqlite3
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from bot.answer import Usage

log = logging.getLogger(__name__)
TABLE = "CREATE TABLE IF NOT EXISTS spent (day TEXT PRIMARY KEY, calls INTEGER, input INTEGER, output INTEGER)"
ADD = (
    "INSERT INTO spent VALUES (?, 1, ?, ?) ON CONFLICT (day) DO UPDATE SET "
    "calls = calls + 1, input = input + excluded.input, output = output + excluded.output"
)
MILLION = 1_000_000


def _today() -> datetime.date:
    return datetime.datetime.now(datetime.UTC).date()


@dataclass(frozen=True)
class Spending:
    """The account of a folder. `most` is the budget in tokens a day (UTC; None: none), `prices` are per million tokens read and
    written, in the currency of whoever set them (None: unknown)."""

    path: Path
    most: int | None = None
    prices: tuple[float, float] | None = None
    today: Callable[[], datetime.date] = _today

    def left(self) -> bool:
        """Whether the day's budget allows another call. An account that cannot be read counts as spent where there is a budget."""
        if self.most is None:
            return True
        try:
            _, read, written = self.of_day()
        except (sqlite3.Error, OSError) as error:
            log.error("the model's account %s cannot be read (%s): no call today", self.path, error)
            return False
        return read + written < self.most

    def add(self, read: int, written: int, estimated: bool) -> Usage:
        """Books a call; a disk that fails is logged, and the answer stands."""
        try:
            with self._open() as account:
                account.execute(ADD, (self.today().isoformat(), read, written))
        except (sqlite3.Error, OSError) as error:
            log.error("a call of the model could not be booked in %s: %s", self.path, error)
        cost = None if self.prices is None else (read * self.prices[0] + written * self.prices[1]) / MILLION
        return Usage(input_tokens=read, output_tokens=written, estimated=estimated, cost=cost)

    def of_day(self) -> tuple[int, int, int]:
        """Calls, tokens read, tokens written today. Raises sqlite3.Error."""
        with self._open() as account:
            row = account.execute("SELECT calls, input, output FROM spent WHERE day = ?", (self.today().isoformat(),))
            found: tuple[int, int, int] = row.fetchone() or (0, 0, 0)
            return found

    @contextlib.contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        with contextlib.closing(sqlite3.connect(self.path, timeout=5)) as account, account:
            account.execute(TABLE)
            yield account
