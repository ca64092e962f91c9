"""Retrieval on BEIR-format folders: nDCG@10, recall@10, MRR. Their index lies apart from the live corpus."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot.errors import BotError
from bot.evaluate import report
from bot.service import Bot
from index import LiveIndex, Source, VersionStore, build
from index.chunk import Chunk
from index.embed.base import Progress
from index.embed.cache import CachedEmbedder
from index.version import Manifest

K = 10
MEASURES = ("ndcg@10", "recall@10", "mrr")


@dataclass(frozen=True)
class Results:
    """The measures of every query that has relevant documents."""

    queries: list[dict[str, Any]]

    def mean(self, measure: str) -> float:
        """The mean over all queries."""
        return round(sum(float(q[measure]) for q in self.queries) / len(self.queries), 4)

    def to_json(self, worst: int) -> dict[str, Any]:
        """The measures by their standard names."""
        low = sorted(self.queries, key=lambda q: float(q["ndcg@10"]))[:worst]
        return {
            **{m: self.mean(m) for m in MEASURES},
            "n": len(self.queries),
            "worst": [{"id": q["id"], "text": q["text"]} for q in low],
        }


def store_of(bot: Bot, folder: Path) -> VersionStore:
    """The index of a BEIR-format folder, apart from the live corpus."""
    name = hashlib.sha256(str(folder.resolve()).encode()).hexdigest()[:12]
    return VersionStore(bot.settings.home / "beir" / name)


def build_beir(bot: Bot, folder: Path, progress: Progress | None = None) -> Manifest:
    """Index a BEIR-format `corpus.jsonl`, one passage a document."""
    rows = report.read_jsonl(folder / "corpus.jsonl", ("_id", "text"))
    chunks = [
        Chunk(
            str(r["_id"]), str(r["_id"]), "text", 0, 0, len(str(r["text"])), str(r["text"]), str(r.get("title") or "")
        )
        for r in rows
    ]
    documents = {c.document: {"id": c.document, "title": c.header, "kind": "study"} for c in chunks}
    if len(documents) != len(chunks):
        raise BotError("file", f"{folder / 'corpus.jsonl'}: an _id stands twice")
    store = store_of(bot, folder)
    cached = CachedEmbedder(bot.live.embedder, bot.settings.home / "cache" / "embeddings.sqlite")
    manifest = build(store, Source(chunks, documents), cached, progress)
    store.promote(manifest.version)
    return manifest


def evaluate(bot: Bot, folder: Path, progress: Progress | None = None) -> Results:
    """Search for every query with relevance judgements; the index is built first where there is none."""
    qrels = read_qrels(folder / "qrels" / "test.tsv")
    queries = [q for q in report.read_jsonl(folder / "queries.jsonl", ("_id", "text")) if str(q["_id"]) in qrels]
    if not queries:
        raise BotError("file", f"{folder}: no query has a relevance judgement")
    store = store_of(bot, folder)
    if store.live is None:
        build_beir(bot, folder, progress)
    index = LiveIndex(store, bot.live.embedder, reranker=bot.live.reranker)
    found = []
    for n, query in enumerate(queries, 1):
        ranked = [p.chunk.document for p in index.search(str(query["text"]), K)]
        found.append({"id": query["_id"], "text": query["text"], **score(ranked, qrels[str(query["_id"])])})
        if progress:
            progress(n, len(queries))
    index.close()
    return Results(found)


def read_qrels(path: Path) -> dict[str, dict[str, int]]:
    """Relevant documents by query, from a tab-separated file with a header."""
    try:
        lines = path.read_text(encoding="utf-8").splitlines()[1:]
    except OSError as error:
        raise BotError("file", f"{path}: cannot be read: {error.strerror}") from error
    found: dict[str, dict[str, int]] = {}
    for number, line in enumerate(lines, 2):
        try:
            query, document, grade = line.split("\t")
            if int(grade) > 0:
                found.setdefault(query, {})[document] = int(grade)
        except ValueError as error:
            raise BotError("file", f"{path}:{number}: expected query, document and score with tabs between") from error
    return found


def score(ranked: Sequence[str], relevant: Mapping[str, int]) -> dict[str, float]:
    """nDCG@10 (linear gain), recall@10 and reciprocal rank of one ranking."""
    gains = [relevant.get(d, 0) for d in ranked[:K]]
    best = sorted(relevant.values(), reverse=True)[:K]
    first = next((i for i, g in enumerate(gains, 1) if g), None)
    return {
        "ndcg@10": _dcg(gains) / _dcg(best),
        "recall@10": sum(g > 0 for g in gains) / len(relevant),
        "mrr": 1 / first if first else 0.0,
    }


def _dcg(gains: Sequence[int]) -> float:
    return sum(g / math.log2(i + 1) for i, g in enumerate(gains, 1))


def table(results: Results, worst: int) -> str:
    """The three measures and n, then the worst queries."""
    lines = [
        report.table(["n", *MEASURES], [[str(len(results.queries)), *(f"{results.mean(m):.4f}" for m in MEASURES)]])
    ]
    lines += [
        f"{q['id']}: nDCG@10 {q['ndcg@10']:.2f}: {q['text']}"
        for q in sorted(results.queries, key=lambda q: float(q["ndcg@10"]))[:worst]
    ]
    return "\n".join(lines)
