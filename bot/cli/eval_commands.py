"""`evidence-bot eval ...`: golden questions, retrieval, safety messages, the verifier."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from bot.cli.show import ensure_index, progress, say
from bot.errors import BotError
from bot.service import build

app = typer.Typer(no_args_is_help=True, help="Measure answers, retrieval, safety and the verifier.")
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]
TRAINING = Path("training") / "screening"
Worst = Annotated[int, typer.Option(min=0, help="Also show the N worst items with reasons.")]


@app.command()
def answers(
    file: Annotated[Path, typer.Argument(help="A golden set, JSON Lines.")], as_json: AsJson = False, worst: Worst = 5
) -> None:
    """Answer a golden set and score the answers."""
    from bot.evaluate.answers import evaluate, table

    bot = build()
    ensure_index(bot)
    with progress("Answering") as report:
        results = evaluate(bot, file, report)
    say(json.dumps(results.to_json(worst), ensure_ascii=False) if as_json else table(results, worst))


@app.command()
def safety(
    file: Annotated[Path, typer.Argument(help="Labelled messages, JSON Lines.")],
    as_json: AsJson = False,
    worst: Worst = 5,
    perturb: Annotated[bool, typer.Option("--perturb", help="Also type the messages otherwise and compare.")] = False,
    explain: Annotated[bool, typer.Option("--explain", help="Say of each error which layer failed.")] = False,
    training: Annotated[Path, typer.Option(help="Labelled messages to show the nearest of.")] = TRAINING,
) -> None:
    """Screen a labelled message set and score the actions."""
    from bot.evaluate.perturb import PERTURBATIONS
    from bot.evaluate.safety import evaluate, kept_under, table

    bot = build()
    with progress("Screening") as report:
        results = evaluate(bot, file, report)
    changed = {name: evaluate(bot, file, change=change) for name, change in PERTURBATIONS.items()} if perturb else {}
    if as_json:
        kept = {name: kept_under(results, other) for name, other in changed.items()}
        say(json.dumps({**results.to_json(worst), "same_action": kept}, ensure_ascii=False))
        return
    say(table(results, 0 if explain else worst, changed))
    if explain:
        from bot.evaluate.explain import Training
        from bot.evaluate.explain import explain as explained

        with progress("Reading the training messages"):
            known = Training.read(training, bot.cached_embedder)
        say("\n" + explained(results, bot.guard, known))


@app.command()
def verifier(
    file: Annotated[Path, typer.Argument(help="Labelled sentences, JSON Lines.")],
    as_json: AsJson = False,
    worst: Worst = 5,
) -> None:
    """Check sentences that are known to be supported or not."""
    from bot.evaluate.verifier import evaluate, table

    bot = build()
    documents = {name: card.model_dump(mode="json") for name, card in bot.library.cards().items()}
    with progress("Checking") as report:
        results = evaluate(bot.verifier, documents, file, report)
    say(json.dumps(results.to_json(worst), ensure_ascii=False) if as_json else table(results, worst))


@app.command()
def retrieval(
    beir: Annotated[Path | None, typer.Option(help="A BEIR-format folder.")] = None,
    as_json: AsJson = False,
    worst: Worst = 5,
) -> None:
    """nDCG@10, recall@10 and MRR on a BEIR-format folder."""
    from bot.evaluate.retrieval import evaluate, table

    if beir is None:
        raise BotError(
            "usage", "eval retrieval needs --beir DIR, a folder with corpus.jsonl, queries.jsonl and qrels/test.tsv"
        )
    with progress("Retrieving") as report:
        results = evaluate(build(), beir, report)
    say(json.dumps(results.to_json(worst)) if as_json else table(results, worst))
