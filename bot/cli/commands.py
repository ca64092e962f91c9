"""The commands. Each loads only what it needs, so that a safety reply never waits for a model."""

from __future__ import annotations

import contextlib
import json
import sys
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Annotated, Any

import typer

from bot.answer import SAFETY_ACTIONS, Action, Answer, AnswerError, Request
from bot.cli import corpus_commands, eval_commands, index_commands
from bot.cli.show import answer_text, ensure_index, say
from bot.errors import BotError
from bot.service import Bot, build
from bot.settings import PREFIX, Settings, load_settings
from corpus.errors import CorpusError
from index.errors import IndexingError

app = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False, help=(
    "Answers questions on ketamine-assisted therapy from cited evidence; refers a person in crisis to a hotline at once."
))  # fmt: skip
app.add_typer(corpus_commands.app, name="corpus")
app.add_typer(index_commands.app, name="index")
app.add_typer(eval_commands.app, name="eval")

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]
AsJsonl = Annotated[bool, typer.Option("--jsonl", help="One JSON object a line in, one out, in the same order.")]
Country = Annotated[str | None, typer.Option(help="Whose helplines are shown: a two-letter code.")]
Version = Annotated[str | None, typer.Option("--index", help="Answer from this version of the index.")]


@app.command()
def ask(
    question: Annotated[str | None, typer.Argument(help="The question.")] = None,
    as_json: AsJson = False,
    jsonl: AsJsonl = False,
    country: Country = None,
    index: Version = None,
) -> None:
    """One answer with its sources; with --jsonl, one a line."""
    bot = build(index_version=index)
    if jsonl:
        for answer in _answers(bot, country):
            say(answer.to_json())
            sys.stdout.flush()
        return
    if question is None:
        raise BotError("usage", 'ask what? `evidence-bot ask "How fast does it work?"`')
    request = Request(text=question, country=_country(bot, country))
    answer = _answer(bot, request)
    say(answer.to_json() if as_json else answer_text(answer))
    if answer.action is Action.ERROR and answer.error and answer.error.code not in ("empty", "too_long"):
        raise BotError(answer.error.code, answer.error.message)


def _answer(bot: Bot, request: Request) -> Answer:
    """The answer to one request; the index is built first where it is needed and missing."""
    if safety := bot.screen(request):
        return safety
    with contextlib.suppress(IndexingError, CorpusError):  # the chain says what is wrong, in an answer
        ensure_index(bot)
    return bot.answer(request)


def _country(bot: Bot, country: str | None) -> str | None:
    if country is None:
        return None
    if len(country) == 2 and country.isalpha() and country.isascii():
        return country.upper()
    known = ", ".join(code for code, _ in bot.helpline_countries())
    raise BotError("country", f"unknown country {country!r}; give a two-letter code, for example one of {known}")


def _answers(bot: Bot, country: str | None) -> Iterator[Answer]:
    default = _country(bot, country)
    for number, line in enumerate(sys.stdin.buffer, 1):
        if not line.strip():
            continue
        try:
            row = _row(line)
        except ValueError as error:
            yield Answer(
                id="", question="", action=Action.ERROR, category="error", text="This line could not be read.",
                error=AnswerError(code="line", message=str(error), line=number),
            )  # fmt: skip
            continue
        wanted = row.get("country")
        request = Request(
            id=str(row.get("id", "")),
            text=row["text"],
            history=tuple(str(m) for m in row.get("history") or ()),
            country=wanted.upper() if isinstance(wanted, str) and len(wanted) == 2 else default,
            lang=row["lang"] if isinstance(row.get("lang"), str) and 2 <= len(row["lang"]) <= 8 else None,
            conversation=str(row.get("conversation") or ""),
        )
        yield _answer(bot, request)


def _row(line: bytes) -> dict[str, Any]:
    try:
        row = json.loads(line.decode("utf-8", errors="replace"))
    except (ValueError, RecursionError) as error:
        raise ValueError(f"not valid JSON: {error}") from error
    if not isinstance(row, dict):
        raise ValueError("expected a JSON object")
    text = row.get("text", row.get("question"))
    if not isinstance(text, str):
        raise ValueError("expected the key 'text' with the message")
    if not isinstance(row.get("history") or [], list):
        raise ValueError("expected 'history' to be a list of messages")
    return {**row, "text": text}


@app.command()
def chat(country: Country = None) -> None:
    """A conversation on the terminal; an empty line or Ctrl-D ends it."""
    bot = build()
    here = _country(bot, country)
    say("An information program, not a clinician and not emergency care. An empty line ends the conversation.")
    history: list[str] = []
    helped = 0
    while True:
        try:
            text = input("\n> ")
        except (EOFError, KeyboardInterrupt):
            break
        if not text.strip():
            break
        answer = _answer(bot, Request(text=text, history=tuple(history), country=here, helped=helped))
        say("\n" + answer_text(answer))
        history.append(text)
        helped = len(history) if answer.action in SAFETY_ACTIONS else helped
    say("\nGoodbye.")


@app.command()
def serve(
    host: Annotated[str | None, typer.Option(help="Address to listen on.")] = None,
    port: Annotated[int | None, typer.Option(min=0, max=65535, help="Port to listen on.")] = None,
) -> None:
    """The web app."""
    from bot.web import serve as serve_page

    bot = build()
    ensure_index(bot)
    if bot.model_writer:  # what cannot be loaded is said now, to who can mend it, and not to a patient
        bot.check_entailment()
    settings = bot.settings
    serve_page(bot, host or settings.host, settings.port if port is None else port, clinic=_clinic(settings))


def _clinic(settings: Settings) -> str | None:
    import yaml

    try:
        found = yaml.safe_load((settings.words / "clinic.yaml").read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None
    except (OSError, yaml.YAMLError) as error:
        raise BotError("settings", f"clinic.yaml cannot be read: {error}") from error
    return str(found["name"]) if isinstance(found, dict) and found.get("name") else None


@app.command()
def search(
    query: Annotated[str | None, typer.Argument(help="What to look for.")] = None,
    k: Annotated[int, typer.Option("-k", min=1, max=100, help="How many passages.")] = 10,
    as_json: AsJson = False,
    jsonl: AsJsonl = False,
    index: Version = None,
) -> None:
    """Retrieval alone."""
    bot = build(index_version=index)
    ensure_index(bot)
    if jsonl:
        for number, line in enumerate(sys.stdin.buffer, 1):
            if not line.strip():
                continue
            try:
                row = _row(line)
                say(json.dumps({"id": row.get("id", ""), "hits": _hits(bot, row["text"], k)}, ensure_ascii=False))
            except ValueError as error:
                say(
                    json.dumps({"id": "", "hits": [], "error": {"code": "line", "message": str(error), "line": number}})
                )
        return
    if not query:
        raise BotError("usage", 'search for what? `evidence-bot search "bladder"`')
    hits = _hits(bot, query, k)
    if as_json:
        say(json.dumps({"id": "", "hits": hits}, ensure_ascii=False))
        return
    for hit in hits:
        say(f"{hit['score']:.3f}  {hit['document']} ({hit['section']})\n       {' '.join(hit['text'].split())}")


def _hits(bot: Bot, query: str, k: int) -> list[dict[str, Any]]:
    return [
        {
            "document": p.chunk.document, "section": p.chunk.section, "start": p.chunk.start, "end": p.chunk.end,
            "score": round(p.score, 5), "text": p.chunk.text,
        }
        for p in islice(bot.live.search(query, k), k)
    ]  # fmt: skip


@app.command()
def doctor(as_json: AsJson = False) -> None:
    """Try every part once and say what is wrong and what to do."""
    from bot.doctor import examine

    findings = list(examine(build()))
    if as_json:
        say(json.dumps([{"part": f.part, "well": f.well, "text": f.text} for f in findings], ensure_ascii=False))
    else:
        for finding in findings:
            say(f"{'ok  ' if finding.well else 'BAD '} {finding.part}: {finding.text}")
    if not all(f.well for f in findings):
        raise typer.Exit(1)


@app.command()
def settings(as_json: AsJson = False) -> None:
    """All settings, what they are now, and what they are for."""
    now = load_settings()
    rows = {
        PREFIX + name.upper(): (getattr(now, name), field.description or "")
        for name, field in Settings.model_fields.items()
    }
    if as_json:
        say(json.dumps({key: str(value) if isinstance(value, Path) else value for key, (value, _) in rows.items()}))
        return
    for key, (value, meaning) in rows.items():
        say(f"{key} = {value}\n    {meaning}")
