"""Fits the weights of `bot/write/relevance.py`: `python -m training.relevance GOLDEN UNANSWERABLE...` (half a minute).

GOLDEN is a golden set in the format of `eval answers`: a passage bears on a question where its document is gold or acceptable.
It also answers, as do the questions of UNANSWERABLE with `expected_action: abstain`, whether a question is covered. The
threshold is the one under which a set share of the questions that can be answered would fall, by tenfold cross-validation.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import yaml
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedKFold, cross_val_predict

from bot.answer import Request
from bot.chain import Steps
from bot.evaluate.report import read_jsonl
from bot.service import build
from bot.turn import Asked, Turn
from bot.write.relevance import Weights, passage_signs, question_signs
from index import Passage

SETTINGS = Path(__file__).parents[1] / "corpus" / "settings" / "relevance.yaml"
#: Documents further down are rarely said, and would only teach how a passage at the end looks.
DEPTH = 15
REFUSED = 0.035
STIFFNESS = 0.5
HEAD = """# Weights of two logistic sums (bot/write/relevance.py): whether a passage bears on a question, and whether a question can be
# answered. Fitted by training/relevance.py; not to be edited by hand, but for `answer_from`: lower answers more, and more wrongly.
"""


@dataclass(frozen=True)
class Row:
    """A question with what was found for it."""

    question: Mapping[str, Any]
    asked: Asked
    passages: Sequence[Passage]
    strange: bool

    def signs(self) -> Mapping[str, float]:
        """Those of the question."""
        return question_signs(self.passages, self.asked.text, self.strange)


def rows(steps: Steps, path: Path) -> list[Row]:
    """The questions of a file that reach retrieval, with what is found for the first part of each."""
    found = []
    for question in read_jsonl(path, ("question", "expected_action")):
        request = Request(text=str(question["question"]), history=tuple(question.get("history") or ()))
        verdict = steps.guard.screen(request.text, request.history)
        turn = steps.understand(Turn(request, "US", verdict=verdict))
        asked = next(iter(turn.understood.asked), None)
        if asked and not asked.about_practice:  # those are answered by rule
            with steps.index().reader() as reader:
                passages, strange = steps.search(asked, verdict.lang, reader)
            found.append(Row(question, asked, passages, strange))
    return found


def bears_on(found: Sequence[Row]) -> dict[str, float]:
    """Weights for: the document of a passage is gold or acceptable."""
    signs, right = [], []
    for row in found:
        if row.question["expected_action"] == "answer":
            good = {*row.question["gold_documents"], *(row.question.get("acceptable_documents") or ())}
            signs += passage_signs(row.passages)[:DEPTH]
            right += [p.chunk.document in good for p in row.passages[:DEPTH]]
    return _weights(signs, right)


def answerable(found: Sequence[Row]) -> tuple[dict[str, float], float]:
    """Weights for: the question can be answered; and the threshold."""
    signs = [row.signs() for row in found]
    right = np.array([row.question["expected_action"] == "answer" for row in found])
    folds = StratifiedKFold(10, shuffle=True, random_state=0)
    model, table = LogisticRegression(max_iter=3000), _table(signs)
    chances = cross_val_predict(model, table, right, cv=folds, method="predict_proba")[:, 1]
    threshold = float(np.quantile(chances[right], REFUSED))
    print(f"unanswerable ones refused at this threshold, cross-validated: {(chances[~right] < threshold).mean():.3f}")  # noqa: T201
    return _weights(signs, right, 1.0), round(threshold, 3)


def _weights(signs: Sequence[Mapping[str, float]], right: Any, stiffness: float = STIFFNESS) -> dict[str, float]:  # noqa: ANN401
    model = LogisticRegression(C=stiffness, max_iter=3000).fit(_table(signs), right)
    names = ["base", *signs[0]]
    return {name: round(float(w), 3) for name, w in zip(names, [model.intercept_[0], *model.coef_[0]], strict=True)}


def _table(signs: Sequence[Mapping[str, float]]) -> Any:  # noqa: ANN401
    return np.array([list(row.values()) for row in signs])


def main() -> None:
    """Fits and writes the file."""
    steps = build().steps
    golden, *others = map(Path, sys.argv[1:])
    known = rows(steps, golden)
    covered, threshold = answerable([*known, *(row for path in others for row in rows(steps, path))])
    found = {"bears_on": bears_on(known), "answerable": covered, "answer_from": threshold}
    Weights.model_validate(found)
    SETTINGS.write_text(HEAD + yaml.safe_dump(found, sort_keys=False), encoding="utf-8")


if __name__ == "__main__":
    main()
