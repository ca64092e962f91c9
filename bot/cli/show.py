"""How things look on a terminal, and plain when they are piped."""

from __future__ import annotations

import re
import sys
import textwrap
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from bot.answer import Answer, Citation
from bot.service import Bot

LINK = re.compile(r"\[([^\]]+)\]\((?:tel|sms|https?|mailto):([^)]*)\)")
WIDTH = 100


def say(text: str = "") -> None:
    """One line on standard output."""
    sys.stdout.write(text + "\n")


def answer_text(answer: Answer) -> str:
    """An answer with its sources, as plain text."""
    parts = [_wrap(_plain(answer.text))]
    if answer.evidence:
        parts.append(_wrap(answer.evidence.why))
    parts += [_wrap(_plain(n.text)) for n in answer.notices]
    if answer.citations:
        parts.append("Sources\n" + "\n".join(_source(c) for c in answer.citations))
    if answer.suggestions:
        parts.append("You could also ask\n" + "\n".join(f"  - {q}" for q in answer.suggestions))
    if answer.error:
        parts.append(f"({answer.error.message})")
    return "\n\n".join(parts)


def _plain(text: str) -> str:
    """Markdown for a terminal: a link that only repeats its number becomes the number."""
    text = LINK.sub(
        lambda m: m[1] if m[2].split("?")[0] in m[1].replace(" ", "") or m[0].count("://") == 0 else f"{m[1]} ({m[2]})",
        text,
    )
    return text.replace("**", "")


def _source(c: Citation) -> str:
    who = (c.authors[0] if c.authors else "").removesuffix(",")
    where = ", ".join(str(x) for x in (who, c.year, c.journal) if x)
    link = f"https://doi.org/{c.doi}" if c.doi else (c.url or "")
    return textwrap.fill(
        f"[{c.n}] {c.title}. {where}. {link}".strip(), WIDTH, initial_indent="  ", subsequent_indent="      "
    )


def _wrap(text: str) -> str:
    return "\n".join(textwrap.fill(line, WIDTH) for line in text.split("\n"))


@contextmanager
def progress(what: str) -> Iterator[Callable[[int, int], None]]:
    """A progress bar on standard error where that is a terminal, else nothing."""
    if not sys.stderr.isatty():
        yield lambda done, total: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True)) as bar:
        task = bar.add_task(what, total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)


def ensure_index(bot: Bot) -> None:
    """Build the index where there is none yet, saying so."""
    if bot.versions.live is None:
        sys.stderr.write("No index yet: building it (once, about a minute) ...\n")
        with progress("Embedding passages") as report:
            bot.ensure_index(report)
