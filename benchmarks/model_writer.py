"""A language model against the extractive writer, on golden questions: `python -m benchmarks.model_writer GOLDEN [MODEL] [--every N]`.

MODEL is what EVIDENCE_BOT_MODEL would hold; without one, SmolLM2-135M is served from its package on loopback. Both writers answer the
same questions in one run; what is shown, taken out, given up, and how fast is printed side by side.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from bot.answer import Action, Request
from bot.evaluate.answers import score
from bot.evaluate.report import read_jsonl
from bot.service import Bot
from bot.settings import Settings

MEASURES = ("action", "gold_hit", "precision", "facts", "balance", "clean")


def main() -> None:
    """Print the table."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("golden", type=Path)
    options.add_argument("model", nargs="?")
    options.add_argument("--every", type=int, default=1, help="only every Nth question")
    given = options.parse_args()
    rows = read_jsonl(given.golden, ("id", "question", "expected_action"))[:: given.every]
    home = Path(os.environ.get("EVIDENCE_BOT_HOME") or tempfile.mkdtemp())
    extractive = Bot(Settings(home=home))
    extractive.ensure_index()
    server = None if given.model else _smollm2()
    assert server is None or server.stdout is not None
    name = given.model or f"{server.stdout.readline().strip()}/v1#smollm2"
    written = Bot(Settings(home=home, model=name))
    written.__dict__["live"] = extractive.live
    plain, model = [_answered(bot, rows) for bot in (extractive, written)]
    print(f"{os.cpu_count()} cores; {len(rows)} questions of {given.golden.name}; model: {name.rsplit('#', 1)[-1]}\n")
    print(f"{'measure':34}{'extractive':>12}{'model':>12}")
    for measure in MEASURES:
        means = [
            statistics.mean(s for r, *_ in run if (s := r.scores.get(measure)) is not None) for run in (plain, model)
        ]
        print(f"{measure:34}{means[0]:12.3f}{means[1]:12.3f}")
    answers = [r.answer for r, *_ in model if r.answer.action is Action.ANSWER]
    own = [a for a in answers if a.model != "extractive"]
    share = f"{len(own)} of {len(answers)}"
    print(f"{'in the words of the model':34}{'':12}{share:>12}")
    print(f"{'sentences of the model kept':34}{'':12}{sum(len(a.claims) for a in own):12}")
    print(f"{'sentences taken out':34}{'':12}{sum(len(a.removed) for a in answers):12}")
    waits = [first for *_, first in model if first is not None]
    print(f"{'seconds to the first sentence':34}{'':12}{statistics.median(waits) if waits else float('nan'):12.2f}")
    for label, run in (("extractive", plain), ("model", model)):
        print(f"seconds an answer, {label}: {statistics.median(spent for _, spent, _ in run):.2f} median")
    for answer in own:
        for claim in answer.claims:
            print(f"\n[{claim.support:.2f}] {claim.text}")
            print("   " + " / ".join(c.passage for c in answer.citations if c.n in claim.citations))
    if server and server.stdin:
        server.stdin.close()


def _answered(bot: Bot, rows: list[dict]) -> list[tuple]:
    out = []
    for row in rows:
        begun, first = time.perf_counter(), []
        request = Request(id=str(row["id"]), text=str(row["question"]), history=tuple(row.get("history") or ()))
        answer = bot.answer(request, lambda _, first=first, begun=begun: first.append(time.perf_counter() - begun))
        out.append((score(row, answer), time.perf_counter() - begun, first[0] if first else None))
    return out


def _smollm2() -> subprocess.Popen:
    return subprocess.Popen(
        [sys.executable, "-m", "tests.model.smollm2"],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
    )  # fmt: skip


if __name__ == "__main__":
    main()
