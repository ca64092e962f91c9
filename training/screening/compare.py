"""Compares classifiers by nested cross-validation: `python -m training.screening.compare [MOST]`, a table in Markdown.

Three outer folds measure, three inner folds within each choose the strength of regularisation or the size. Reported for
messages of the outer folds: recall of crisis and emergency at the threshold that lets 4 % of harmless messages through,
in English and in other languages, the accuracy over six actions, and the spread over the folds. A fixed random part of MOST messages
(6,000) is compared: all of them take hours. The fine-tuned model that ships is measured on the held-back set instead.
"""

from __future__ import annotations

import random
import sys
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix, hstack
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GridSearchCV, StratifiedKFold
from sklearn.neighbors import NearestCentroid
from sklearn.neural_network import MLPClassifier

from bot.guard.reading import reading
from bot.guard.settings import Screening
from index.embed import load_embedder
from training.screening.examples import Message, read_messages
from training.screening.fit import ACTIONS, SETTINGS

FOLDS = 3
MOST = 6000
FALSE_ALARMS = 0.04
STEEP = 12.0
Floats = NDArray[np.float32]
Fit = Callable[[Sequence[int], Sequence[int]], Floats]


def main(arguments: Sequence[str]) -> None:
    """Prints the table."""
    spelling = Screening.load(SETTINGS).spelling
    most = int(arguments[0]) if arguments else MOST
    everything = read_messages()
    messages = random.Random(0).sample(everything, min(most, len(everything)))
    texts = [reading(m.text, m.history, spelling) for m in messages]
    vectors = load_embedder(None).embed(texts)
    labels = np.array([ACTIONS.index(m.action) for m in messages])
    models: dict[str, Fit] = {
        "nearest prototypes on MiniLM": lambda one, two: _prototypes(vectors, labels, one, two),
        "linear on MiniLM": lambda one, two: _linear(csr_matrix(vectors * 3), labels, one, two),
        "small network on MiniLM": lambda one, two: _network(vectors, labels, one, two),
        "linear on character and word n-grams": lambda one, two: _grams(texts, None, labels, one, two),
        "linear on MiniLM and n-grams": lambda one, two: _grams(texts, vectors, labels, one, two),
    }
    folds = list(StratifiedKFold(FOLDS, shuffle=True, random_state=0).split(texts, labels))
    print(f"n = {len(messages)}\n\n| model | recall at 4 % false alarms | other languages | accuracy, six actions |")  # noqa: T201
    print("|---|---|---|---|", flush=True)  # noqa: T201
    for name, predict in models.items():
        rows = [_measures(predict(learn, test), [messages[n] for n in test], labels[test]) for learn, test in folds]
        cells = [f"{np.mean(column):.3f} ± {np.std(column):.3f}" for column in zip(*rows, strict=True)]
        print(f"| {name} | {' | '.join(cells)} |", flush=True)  # noqa: T201


def _measures(shares: Floats, messages: Sequence[Message], labels: NDArray[np.int64]) -> tuple[float, float, float]:
    danger = shares[:, ACTIONS.index("crisis")] + shares[:, ACTIONS.index("emergency")]
    risky = np.isin(labels, (ACTIONS.index("crisis"), ACTIONS.index("emergency")))
    english = np.array([m.lang == "en" for m in messages])
    found = []
    for part in (english, ~english):
        line = np.quantile(danger[part & (labels == ACTIONS.index("answer"))], 1 - FALSE_ALARMS)
        found.append(float((danger[part & risky] > line).mean()))
    return found[0], found[1], float((shares.argmax(1) == labels).mean())


def _linear(table: csr_matrix, labels: NDArray[np.int64], learn: Sequence[int], test: Sequence[int]) -> Floats:
    search = GridSearchCV(
        LogisticRegression(max_iter=400, class_weight="balanced"), {"C": [1, 4, 16]}, cv=FOLDS, scoring="neg_log_loss"
    )
    return _probabilities(search.fit(table[learn], labels[learn]), table[test])


def _network(vectors: Floats, labels: NDArray[np.int64], learn: Sequence[int], test: Sequence[int]) -> Floats:
    search = GridSearchCV(
        MLPClassifier(max_iter=60, early_stopping=True, random_state=0),
        {"hidden_layer_sizes": [(64,), (256,)], "alpha": [1e-3, 1e-1]},
        cv=FOLDS,
        scoring="neg_log_loss",
    )
    return _probabilities(search.fit(vectors[learn] * 3, labels[learn]), vectors[test] * 3)


def _prototypes(vectors: Floats, labels: NDArray[np.int64], learn: Sequence[int], test: Sequence[int]) -> Floats:
    centres = NearestCentroid().fit(vectors[learn], labels[learn]).centroids_
    centres = centres / np.linalg.norm(centres, axis=1, keepdims=True)
    powers = np.exp(STEEP * vectors[test] @ centres.T)
    shares: Floats = powers / powers.sum(1, keepdims=True)
    return shares


def _grams(
    texts: Sequence[str],
    vectors: Floats | None,
    labels: NDArray[np.int64],
    learn: Sequence[int],
    test: Sequence[int],
) -> Floats:
    parts = TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 5), sublinear_tf=True, min_df=3)
    words = TfidfVectorizer(ngram_range=(1, 3), sublinear_tf=True, min_df=2, token_pattern=r"\w+")
    parts.fit(texts[n] for n in learn)
    words.fit(texts[n] for n in learn)
    columns = [parts.transform(texts), words.transform(texts)]
    table = hstack(columns if vectors is None else [*columns, csr_matrix(vectors * 2)]).tocsr()
    return _linear(table, labels, learn, test)


def _probabilities(fitted: Any, table: Any) -> Floats:  # noqa: ANN401
    shares: Floats = fitted.predict_proba(table)
    return shares


if __name__ == "__main__":
    main(sys.argv[1:])
