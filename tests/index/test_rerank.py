"""Reranking: our own model, none, any cross-encoder by name; the order by both; what is broken is said in one line."""

import shutil

import pytest

from corpus.errors import CorpusError
from index.chunk import Chunk
from index.errors import IndexingError
from index.passage import Passage
from index.rerank import load_reranker
from index.rerank.blend import blend
from index.rerank.onnx import FOLDER, NAMES, OnnxCrossEncoder

QUESTION = "Can ketamine damage the bladder?"
RIGHT = "People who misuse ketamine often get bladder pain and inflammation."
WRONG = "The trial was done at four hospitals in Ireland."


def passage(n, score):
    return Passage(Chunk(f"d{n}:findings:0", f"d{n}", "findings", 0, 0, 1, f"text {n}", ""), {}, score)


class Backwards:
    name = "backwards"

    def scores(self, question, passages):
        return [float(n) for n in range(len(passages))]


def test_what_answers_scores_above_what_does_not():
    right, wrong = load_reranker(None).scores(QUESTION, [RIGHT, WRONG])
    assert right > wrong
    assert load_reranker(None).scores(QUESTION, []) == []


def test_the_score_of_a_pair_does_not_hang_on_its_company():
    alone = load_reranker(None).scores(QUESTION, [RIGHT])[0]
    together = load_reranker(None).scores(QUESTION, [RIGHT, WRONG * 8])[0]
    assert alone == pytest.approx(together, abs=0.05)


def test_the_order_is_that_of_both_and_the_rest_follows():
    found = [passage(n, 1 - n / 10) for n in range(5)]
    order = [p.chunk.document for p in blend(found, "q", Backwards(), 3)]
    assert sorted(order[:3]) == ["d0", "d1", "d2"]
    assert order[3:] == ["d3", "d4"]
    assert all(p.answers is not None for p in blend(found, "q", Backwards(), 3)[:3])
    assert blend([], "q", Backwards(), 3) == []


def test_off_means_none():
    assert load_reranker("off") is None


def test_an_unknown_cross_encoder_is_one_clear_line():
    with pytest.raises(IndexingError, match="no/such-model"):
        load_reranker("no/such-model").scores("q", ["p"])


def test_a_damaged_model_is_refused(tmp_path):
    folder = tmp_path / "model"
    shutil.copytree(FOLDER, folder)
    (folder / NAMES["model"]).write_bytes(b"not a model")
    with pytest.raises(CorpusError, match="hash"):
        OnnxCrossEncoder(folder).scores("q", ["p"])
