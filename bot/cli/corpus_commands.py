"""`evidence-bot corpus ...`: add, list, show, remove and check sources."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Annotated

import typer

from bot.cli.show import say
from bot.errors import BotError
from bot.service import build, today
from corpus.card import Card
from corpus.check import check as check_corpus
from corpus.errors import CorpusError
from corpus.read import read_file

app = typer.Typer(no_args_is_help=True, help="Sources: add, list, show, remove, check.")
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]


@app.command()
def add(
    files: Annotated[list[Path], typer.Argument(help="Cards, records YAML, Markdown or plain text.")],
    as_id: Annotated[
        str | None, typer.Option("--as", help="The id of the document, in place of that of the file.")
    ] = None,
    questions: Annotated[
        list[Path] | None, typer.Option(help="JSON Lines with the questions that records answer.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Add sources; they are used from the next `index build --promote` on."""
    bot = build()
    added: list[Card] = []
    refused: list[CorpusError] = []
    if as_id and len(files) > 1:
        raise BotError("usage", "--as names one document: give one file with it")
    for path in files:
        try:
            reading = read_file(path, questions or (), as_id)
            cards = [
                _in_place(bot.library.get(c.id), c) if _is_known_article(bot.library.cards(), c) else c
                for c in reading.cards
            ]
            refused += reading.refused
            for card in cards:
                if reason := bot.hostile.reason_of_card(card):
                    raise CorpusError(
                        "planted", f"{path}: {card.id}: planted text: {reason}; take it out and add the card again"
                    )
            bot.library.add(cards)
            added += cards
        except CorpusError as error:
            refused.append(error)
    if as_json:
        say(json.dumps({"added": [c.id for c in added], "refused": [e.message for e in refused]}, ensure_ascii=False))
    else:
        for card in added:
            say(f"added {card.id}: {card.title} ({len(card.spans)} passages)")
        if added:
            say("Now run `evidence-bot index build --promote` to use it.")
    for problem in refused:
        sys.stderr.write(f"error: {problem.message}\n")
    if refused:
        raise typer.Exit(1)


def _is_known_article(known: dict[str, Card], card: Card) -> bool:
    return (
        card.kind == "article"
        and card.design is None
        and card.id in known
        and known[card.id].restated
        and not card.topics
    )


def _in_place(old: Card, new: Card) -> Card:
    """A clinic's own text takes the place of our summary: its words, the summary's bibliography."""
    return old.model_copy(
        update={"title": new.title, "checked": new.checked, "restated": False, "questions": (), "text": new.text}
    )


@app.command("list")
def list_documents(as_json: AsJson = False) -> None:
    """All documents."""
    library = build().library
    cards = library.cards().values()
    if as_json:
        keys = ("id", "title", "year", "kind", "design", "status", "direction", "checked")
        say(json.dumps([{k: getattr(c, k) for k in keys} for c in cards], ensure_ascii=False))
    else:
        for card in cards:
            say(f"{card.id:45} {card.year or '----'} {card.kind:20} {card.title[:80]}")
    for error in library.refused:
        sys.stderr.write(f"error: {error.message}\n")


@app.command()
def show(document: Annotated[str, typer.Argument(help="The document's id.")], as_json: AsJson = False) -> None:
    """One document: its bibliography and its text, to which all character ranges refer."""
    library = build().library
    card = library.get(document)
    if as_json:
        row = card.model_dump(mode="json", exclude={"text"})
        say(
            json.dumps(
                {**row, "withdrawn": library.denied().get(document), "document_text": card.text}, ensure_ascii=False
            )
        )
        return
    say(f"{card.title}\n{', '.join(card.authors)}. {card.year or ''} {card.journal or ''}")
    say(
        f"{card.kind}, {card.design or 'no design'}; {card.status}; checked {card.checked or 'never'}; {card.doi or card.url or ''}\n"
    )
    say(card.text)


@app.command()
def remove(
    document: Annotated[str, typer.Argument(help="The document's id.")],
    why: Annotated[str, typer.Option(help="Why it is withdrawn.")] = "withdrawn by a maintainer",
) -> None:
    """Withdraw a document: it is never cited again from the next message on."""
    build().library.remove(document, why)
    say(f"withdrew {document}: it is not cited any more (`corpus add` brings it back)")


@app.command()
def check(as_json: AsJson = False) -> None:
    """What is wrong with documents and helplines; exit status 1 where there are errors."""
    bot = build()
    found = check_corpus(bot.library, bot.all_helplines, bot.hostile, today(), bot.settings.max_check_age_days)
    errors = [f for f in found if f.severity == "error"]
    if as_json:
        say(
            json.dumps(
                [{"severity": f.severity, "where": f.where, "message": f.message} for f in found], ensure_ascii=False
            )
        )
    else:
        for finding in found:
            say(f"{finding.severity}: {finding.where}: {finding.message}")
        say(f"{len(errors)} errors, {len(found) - len(errors)} notices")
    if errors:
        raise typer.Exit(1)
