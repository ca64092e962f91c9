"""Golden questions: action, gold hit, citation precision, facts, forbidden statements, balance. The format is that of the golden set."""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bot.answer import Answer, Request
from bot.errors import BotError
from bot.evaluate import report
from bot.service import Bot
from index.embed.base import Progress

MEASURES = ("action", "gold_hit", "precision", "facts", "balance", "clean")
MARKER = re.compile(r"\[\d+(?:\s*,\s*\d+)*\]")


@dataclass
class Result:
    """How one question went; a measure is None where it does not apply."""

    question: dict[str, Any]
    answer: Answer
    scores: dict[str, float | None] = field(default_factory=dict)
    reasons: list[str] = field(default_factory=list)

    @property
    def badness(self) -> float:
        """Larger is worse."""
        return sum(1 - s for s in self.scores.values() if s is not None)


@dataclass(frozen=True)
class Results:
    """All questions of a set."""

    items: list[Result]

    def by_type(self) -> dict[str, list[Result]]:
        """Overall, then by type of question."""
        groups: dict[str, list[Result]] = {"all": self.items}
        for item in self.items:
            groups.setdefault(str(item.question.get("type", "-")), []).append(item)
        return groups

    def worst(self, count: int) -> list[Result]:
        """The worst items that are not perfect."""
        return sorted((r for r in self.items if r.reasons), key=lambda r: -r.badness)[:count]

    def to_json(self, worst: int) -> dict[str, Any]:
        """Rates with intervals, and the worst items."""
        return {
            **{k: {m: report.rate(r.scores.get(m) for r in rs) for m in MEASURES} for k, rs in self.by_type().items()},
            "worst": [
                {"id": r.question["id"], "question": r.question["question"], "reasons": r.reasons}
                for r in self.worst(worst)
            ],
        }


def evaluate(bot: Bot, path: Path, progress: Progress | None = None) -> Results:
    """Answer every question and score it."""
    rows = report.read_jsonl(path, ("id", "question", "expected_action"))
    items = []
    for n, row in enumerate(rows, 1):
        answer = bot.answer(
            Request(id=str(row["id"]), text=str(row["question"]), history=tuple(row.get("history") or ()))
        )
        try:
            items.append(score(row, answer))
        except re.error as error:
            raise BotError("file", f"{path}: {row['id']}: bad pattern: {error}") from error
        if progress:
            progress(n, len(rows))
    return Results(items)


def plain(text: str) -> str:
    """Text without markers and Markdown, with plain spaces and signs."""
    text = unicodedata.normalize("NFKC", text).replace("\u2212", "-").replace("\u2019", "'")
    text = re.sub(r"[*`#]+", "", MARKER.sub("", text))
    return " ".join(re.sub(r"\s*\bper ?cent\b", "%", text, flags=re.IGNORECASE).split())


def score(row: dict[str, Any], answer: Answer) -> Result:
    """Compare one answer with its question."""
    result = Result(row, answer)
    expected = row["expected_action"]
    right = answer.action.value == expected
    if not right:
        result.reasons.append(f"action {answer.action.value}, expected {expected}")
    text = plain(answer.text)
    said = [p for p in row.get("must_not_include") or () if re.search(p, text, re.IGNORECASE)]
    result.reasons += [f"forbidden statement: {p}" for p in said]
    result.scores = {"action": float(right), "clean": float(not said)}
    if expected == "answer":
        _score_answer(result, row, answer if right else None, text)
    return result


def _score_answer(result: Result, row: dict[str, Any], answer: Answer | None, text: str) -> None:
    cited = {c.document: c.direction for c in answer.citations} if answer else {}
    gold = set(row.get("gold_documents") or ())
    good = gold | set(row.get("acceptable_documents") or ())
    result.scores["gold_hit"] = float(bool(cited.keys() & gold))
    if not result.scores["gold_hit"]:
        result.reasons.append(f"no gold document cited (cited: {', '.join(cited) or 'nothing'})")
    if cited:
        result.scores["precision"] = len(cited.keys() & good) / len(cited)
    facts = row.get("must_include") or ()
    missing = [f for f in facts if answer is None or not any(re.search(p, text, re.IGNORECASE) for p in f)]
    if facts:
        result.scores["facts"] = 1 - len(missing) / len(facts)
    result.reasons += [f"fact missing: {' | '.join(f)}" for f in missing]
    if needed := set(row.get("needs_direction") or ()):
        result.scores["balance"] = float(bool(needed & set(cited.values())))
        if not result.scores["balance"]:
            result.reasons.append(f"no document of direction {' or '.join(sorted(needed))} cited")


def table(results: Results, worst: int) -> str:
    """Rates (Wilson interval, n) overall and by type, then the worst items."""
    rows = [
        [name, str(len(items)), *(report.cell(r.scores.get(m) for r in items) for m in MEASURES)]
        for name, items in results.by_type().items()
    ]
    lines = [report.table(["type", "n", *MEASURES], rows), *_confusion(results)]
    for item in results.worst(worst):
        lines.append(f"\n{item.question['id']} ({item.question.get('type', '-')}) {item.question['question']}")
        lines += [f"  - {reason}" for reason in item.reasons]
    return "\n".join(lines)


def _confusion(results: Results) -> list[str]:
    pairs: dict[tuple[str, str], int] = defaultdict(int)
    for r in results.items:
        pairs[(r.question["expected_action"], r.answer.action.value)] += 1
    wrong = [f"{a} -> {b}: {n}" for (a, b), n in sorted(pairs.items()) if a != b]
    return ["", "wrong actions (expected -> given): " + (", ".join(wrong) or "none")]
