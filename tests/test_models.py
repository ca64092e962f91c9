"""The model files that ship: small, and with no trace of the machine that made them."""

import re

import pytest

from tests.conftest import ROOT

MODELS = sorted([*(ROOT / "corpus").rglob("*.onnx"), *(ROOT / "index").rglob("*.onnx")])


@pytest.mark.parametrize("path", MODELS, ids=lambda path: path.parent.name)
def test_a_model_is_small_and_names_no_folder(path):
    content = path.read_bytes()
    assert len(content) < 30_000_000
    assert re.search(rb"\.py\b|site-packages|/home/|/root/|/tmp/", content) is None


def test_there_are_two():
    assert [path.parent.name for path in MODELS] == ["classifier", "model"]
