"""The rooms of the project: nothing imports the web app's start file, no file grows too long."""

import re

from tests.conftest import ROOT

SOURCES = [p for folder in ("bot", "corpus", "index", "benchmarks") for p in (ROOT / folder).rglob("*.py")]


def test_nothing_imports_app():
    assert [p for p in SOURCES if re.search(r"^(import app|from app )", p.read_text("utf-8"), re.M)] == []


def test_no_file_is_over_500_lines():
    assert [p.name for p in SOURCES if len(p.read_text("utf-8").splitlines()) > 500] == []


def test_torch_is_imported_by_the_export_and_for_a_model_by_name_alone():
    torch = sorted(p.name for p in SOURCES if re.search(r"^\s*(import torch|from torch)", p.read_text("utf-8"), re.M))
    assert torch == ["cross_encoder.py", "entail.py", "export.py"]
