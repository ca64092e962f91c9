"""`evidence-bot index ...`: build, status, versions, promote and rollback."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from bot.cli.show import progress, say
from bot.service import build as build_bot

app = typer.Typer(no_args_is_help=True, help="Versions of the index: build, status, versions, promote, rollback.")
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]


@app.command()
def build(
    promote: Annotated[bool, typer.Option("--promote", help="Make the new version live.")] = False,
    beir: Annotated[
        Path | None, typer.Option(help="Index a BEIR-format folder instead, apart from the live corpus.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """A new version: a candidate, until it is promoted; the first one goes live by itself."""
    bot = build_bot()
    with progress("Embedding passages") as report:
        if beir is not None:
            from bot.evaluate.retrieval import build_beir

            manifest, live = build_beir(bot, beir, report), False
        else:
            manifest = bot.build(report, promote)
            live = bot.versions.live == manifest.version
    row = {**manifest.model_dump(include={"version", "chunks", "questions", "model"}), "live": live}
    if as_json:
        say(json.dumps({**row, "documents": len(manifest.documents)}))
    else:
        say(
            f"built {manifest.version}: {len(manifest.documents)} documents, {manifest.chunks} passages, {manifest.questions} questions"
        )
        if beir is None:
            say("it is live" if live else f"a candidate; `evidence-bot index promote {manifest.version}` makes it live")


@app.command()
def status(as_json: AsJson = False) -> None:
    """The live version, and whether the documents have changed since it was built."""
    bot = build_bot()
    live = bot.versions.live
    if live is None:
        say(json.dumps({"live": None}) if as_json else "no index yet; `evidence-bot index build` makes one")
        return
    manifest = bot.versions.manifest(live)
    now = set(bot.library.cards())
    then = set(manifest.documents)
    row = {
        "live": live, "created": manifest.created, "model": manifest.model, "documents": len(then),
        "chunks": manifest.chunks, "added": sorted(now - then), "gone": sorted(then - now),
    }  # fmt: skip
    if as_json:
        say(json.dumps(row))
        return
    say(f"live: {live} ({manifest.created}), {len(then)} documents, {manifest.chunks} passages, {manifest.model}")
    for word, ids in (("not indexed yet", now - then), ("indexed, but gone", then - now)):
        if ids:
            say(f"{word}: {', '.join(sorted(ids))}")


@app.command()
def versions(as_json: AsJson = False) -> None:
    """All versions, oldest first."""
    bot = build_bot()
    live = bot.versions.live
    rows = [bot.versions.manifest(v) for v in bot.versions.versions()]
    if as_json:
        say(
            json.dumps(
                [
                    {"version": m.version, "created": m.created, "chunks": m.chunks, "live": m.version == live}
                    for m in rows
                ]
            )
        )
        return
    for m in rows:
        say(
            f"{'*' if m.version == live else ' '} {m.version}  {m.created}  {len(m.documents)} documents, {m.chunks} passages"
        )


@app.command()
def promote(version: Annotated[str, typer.Argument(help="The version's id.")]) -> None:
    """Make a version live."""
    build_bot().versions.promote(version)
    say(f"{version} is live")


@app.command()
def rollback() -> None:
    """Make the version that was live before live again."""
    say(f"{build_bot().versions.rollback()} is live")
