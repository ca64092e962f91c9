"""What each stage of retrieval adds: `python -m benchmarks.retrieval BIOASQ [GOLDEN...]`.

BIOASQ is a BEIR-format folder: only its questions that the reranker was not trained on count (nDCG@10, recall@10, MRR, and the
gain over the fusion with a paired bootstrap's 95 % interval). GOLDEN are golden sets: how often a gold document is among the
first 1, 3 and 10.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import numpy as np

from bot.answer import Request
from bot.evaluate.report import read_jsonl, table
from bot.evaluate.retrieval import build_beir, read_qrels, score, store_of
from bot.service import Bot, build
from bot.turn import Turn
from index import LiveIndex, Passage
from index.rerank.blend import by_both
from training.reranker.groups import for_training

DEPTH = 30
ROUNDS = 5000
Order = Callable[[Sequence[Passage]], Sequence[Passage]]


def _by(value: Callable[[Passage], float]) -> Order:
    return lambda found: sorted(found, key=lambda p: -value(p))


STAGES: Mapping[str, Order] = {
    "vectors of statements": _by(lambda p: p.statement),
    "known questions": _by(lambda p: p.question),
    "keywords (BM25)": _by(lambda p: p.keywords),
    "fusion": _by(lambda p: p.score),
    "reranker alone": _by(lambda p: p.answers or 0),
    "fusion and reranker": by_both,
}


def documents(found: Sequence[Passage]) -> list[str]:
    """Their documents in order, each once."""
    return list(dict.fromkeys(p.chunk.document for p in found))


def on_beir(bot: Bot, folder: Path) -> str:
    """The table for the questions that the reranker has not seen."""
    store = store_of(bot, folder)
    if store.live is None:
        build_beir(bot, folder)
    judged = read_qrels(folder / "qrels" / "test.tsv")
    asked = [r for r in read_jsonl(folder / "queries.jsonl", ("_id", "text")) if r["_id"] in judged]
    asked = [r for r in asked if not for_training(str(r["_id"]))]
    index = LiveIndex(store, bot.live.embedder, reranker=bot.live.reranker)
    begun = time.perf_counter()
    found = [index.search(str(r["text"]), DEPTH) for r in asked]
    spent = (time.perf_counter() - begun) / len(asked) * 1000
    index.close()
    results = {
        name: [score(documents(order(hits)), judged[str(r["_id"])]) for r, hits in zip(asked, found, strict=True)]
        for name, order in STAGES.items()
        if name != "known questions"
    }
    base = np.array([s["ndcg@10"] for s in results["fusion"]])
    rows = []
    for name, scores in results.items():
        gain = np.array([s["ndcg@10"] for s in scores]) - base
        low, high = _interval(gain)
        means = [f"{np.mean([s[m] for s in scores]):.4f}" for m in ("ndcg@10", "recall@10", "mrr")]
        rows.append([name, *means, "-" if name == "fusion" else f"{gain.mean():+.4f} ({low:+.4f} to {high:+.4f})"])
    head = [f"first {DEPTH} of {len(asked)} questions", "ndcg@10", "recall@10", "mrr", "gain in ndcg@10 over fusion"]
    return f"{table(head, rows)}\n{spent:.0f} ms a search, with the reranker"


def on_golden(bot: Bot, path: Path) -> str:
    """How often a gold document is among the first."""
    rows = [r for r in read_jsonl(path, ("question", "expected_action")) if r["expected_action"] == "answer"]
    found = []
    for row in rows:
        request = Request(text=str(row["question"]), history=tuple(row.get("history") or ()))
        verdict = bot.guard.screen(request.text, request.history)
        understood = bot.steps.understand(Turn(request, "US", verdict=verdict)).understood
        with bot.live.reader() as reader:
            hits = bot.steps.search(understood.asked[0], verdict.lang, reader)[0] if understood.asked else ()
        found.append((set(row["gold_documents"]), hits))
    lines = []
    for name, order in STAGES.items():
        ranks = [_rank(documents(order(hits)), gold) for gold, hits in found]
        lines.append([name, *(f"{np.mean([r < k for r in ranks]):.3f}" for k in (1, 3, 10))])
    return table([f"{path.name}, {len(rows)} questions", "gold@1", "gold@3", "gold@10"], lines)


def _rank(ranked: Sequence[str], gold: set[str]) -> int:
    return next((n for n, document in enumerate(ranked) if document in gold), len(ranked) + DEPTH)


def _interval(gain: np.ndarray) -> tuple[float, float]:
    rng = np.random.default_rng(0)
    means = [gain[rng.integers(0, len(gain), len(gain))].mean() for _ in range(ROUNDS)]
    low, high = np.percentile(means, [2.5, 97.5])
    return float(low), float(high)


def main() -> None:
    """Prints the tables."""
    bot = build()
    bot.ensure_index()
    print(on_beir(bot, Path(sys.argv[1])))
    for path in sys.argv[2:]:
        print("\n" + on_golden(bot, Path(path)))


if __name__ == "__main__":
    main()
