"""Labelled sentences against the verifier: what it takes out, and what it leaves."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot.evaluate import report
from bot.verify import Checked, Verifier
from index import Passage
from index.chunk import Chunk
from index.embed.base import Progress


@dataclass(frozen=True)
class Item:
    """A sentence with its label, and what the verifier said."""

    row: dict[str, Any]
    checked: Checked

    @property
    def taken_out(self) -> bool:
        """Whether it would not be shown."""
        return self.checked.reason is not None

    @property
    def right(self) -> bool:
        """Whether a supported sentence stays and an unsupported one goes."""
        return self.taken_out is not bool(self.row["supported"])


@dataclass(frozen=True)
class Results:
    """All sentences of a set."""

    items: list[Item]

    def measures(self) -> dict[str, list[float]]:
        """What is counted, as values of 0 and 1."""
        wrong = [i for i in self.items if not i.row["supported"]]
        return {
            "unsupported taken out (recall)": [float(i.taken_out) for i in wrong],
            "of what is taken out, unsupported (precision)": [
                float(not i.row["supported"]) for i in self.items if i.taken_out
            ],
            "supported kept": [float(not i.taken_out) for i in self.items if i.row["supported"]],
            "of what is kept, supported": [float(bool(i.row["supported"])) for i in self.items if not i.taken_out],
        }

    def by_kind(self) -> dict[str, list[Item]]:
        """The sentences by kind, the supported first."""
        groups: dict[str, list[Item]] = defaultdict(list)
        for item in sorted(self.items, key=lambda i: (not i.row["supported"], str(i.row.get("kind")))):
            groups[f"{'supported' if item.row['supported'] else 'unsupported'} / {item.row.get('kind', '-')}"].append(
                item
            )
        return groups

    def to_json(self, worst: int) -> dict[str, Any]:
        """Rates with intervals, by kind too, and sentences that were judged wrongly."""
        return {
            "groups": {name: report.rate(values) for name, values in self.measures().items()},
            "kinds": {name: report.rate(float(i.right) for i in items) for name, items in self.by_kind().items()},
            "worst": [
                {"sentence": i.row["sentence"], "passage": i.row["passage"], "supported": i.row["supported"], "reason": i.checked.reason}
                for i in self.items
                if not i.right
            ][:worst],
        }  # fmt: skip


def evaluate(
    verifier: Verifier, documents: Mapping[str, Mapping[str, Any]], path: Path, progress: Progress | None = None
) -> Results:
    """Check every sentence of a file (`document`, `passage`, `sentence`, `supported`, `kind`, on demand `more` passages)."""
    rows = report.read_jsonl(path, ("document", "passage", "sentence", "supported"))
    items = []
    for n, row in enumerate(rows, 1):
        cited = [_passage(part, documents) for part in (row, *(row.get("more") or ()))]
        items.append(Item(row, verifier.check(str(row["sentence"]), cited)))
        if progress:
            progress(n, len(rows))
    return Results(items)


def _passage(part: Mapping[str, Any], documents: Mapping[str, Mapping[str, Any]]) -> Passage:
    text, name = str(part["passage"]), str(part["document"])
    return Passage(Chunk(name, name, "", 0, 0, len(text), text, ""), documents.get(name, {}), 1.0)


def table(results: Results, worst: int) -> str:
    """Rates (Wilson interval, n), by kind too, then what was judged wrongly."""
    rows = [[name, report.cell(values)] for name, values in results.measures().items()]
    kinds = [[name, report.cell(float(i.right) for i in items)] for name, items in results.by_kind().items()]
    lines = [report.table(["measure", "all"], rows), "", report.table(["kind", "judged rightly"], kinds)]
    wrong: Sequence[Item] = [i for i in results.items if not i.right][:worst]
    for item in wrong:
        said = item.checked.reason or f"kept, {item.checked.parts.get('meaning')}"
        lines.append(f"\n{item.row.get('kind', '-')} ({said}): {item.row['sentence']}\n  {item.row['passage']}")
    return "\n".join(lines)
