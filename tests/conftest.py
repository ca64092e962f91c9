"""What tests share: one index of the shipped corpus for the whole run, built from cached vectors where there are any."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

import pytest
from filelock import FileLock

from bot.service import Bot
from bot.settings import Settings
from index.embed.export import is_exported
from index.embed.onnx import default_folder

ROOT = Path(__file__).parents[1]
SHARED = ROOT.parent / "shared"


@pytest.fixture(autouse=True, scope="session")
def _no_settings_from_outside() -> None:
    for key in [k for k in os.environ if k.startswith("EVIDENCE_BOT_")]:
        del os.environ[key]


@pytest.fixture(scope="session")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with an index of the shipped corpus."""
    if not is_exported(default_folder()):
        pytest.skip("the embedding model is not exported: run `make setup`")
    base = Path(os.environ.get("PYTEST_XDIST_TESTRUNUID", "")).name
    folder = Path(tempfile.gettempdir()) / f"evidence-bot-tests-{base}" if base else tmp_path_factory.mktemp("home")
    folder.mkdir(exist_ok=True)
    with FileLock(folder / "lock"):
        Bot(Settings(home=folder)).ensure_index()
    return folder


@pytest.fixture(scope="session")
def bot(home: Path) -> Bot:
    """The real bot on the real corpus."""
    return Bot(Settings(home=home))


class FakeEmbedder:
    """Vectors from letters: fast, deterministic, and near for texts that share words."""

    name = "fake"
    sha256 = "0" * 64

    def __init__(self) -> None:
        self.seen = 0

    def embed(self, texts, progress=None):
        import zlib

        import numpy as np

        out = np.zeros((len(texts), 64), np.float32)
        for row, text in enumerate(texts):
            self.seen += 1
            for word in text.lower().split():
                out[row, zlib.crc32(word.encode()) % 64] += 1
            out[row, 0] += 0.01
        return out / np.linalg.norm(out, axis=1, keepdims=True)


@pytest.fixture
def embedder() -> FakeEmbedder:
    return FakeEmbedder()
