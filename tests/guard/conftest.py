import json
from pathlib import Path

import pytest

from bot.guard import Guard

SETTINGS = Path(__file__).parents[2] / "corpus" / "settings"
SHARED = Path(__file__).parents[2].parent / "shared"


@pytest.fixture(scope="session")
def guard():
    return Guard.load(SETTINGS)


@pytest.fixture(scope="session")
def rows():
    """Reads a labelled file of the shared folder, or skips where there is none."""

    def read(name):
        path = SHARED / name
        if not path.exists():
            pytest.skip(f"{path} is not here")
        return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]

    return read
