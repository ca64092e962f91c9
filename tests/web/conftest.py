"""The page in a real server and a real browser."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import uvicorn
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from bot.web import Limits, create_app
from bot.web.server import listen
from tests.web.fake import FakeBot

CHROMIUM = Path("/usr/bin/chromium")
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@contextmanager
def serving(bot: FakeBot, limits: Limits | None = None) -> Iterator[str]:
    """The address of a server on loopback, for as long as it is needed."""
    listening = listen("127.0.0.1", 0)
    app = create_app(bot, limits=limits)
    server = uvicorn.Server(uvicorn.Config(app, log_level="error", timeout_graceful_shutdown=0))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
    thread.start()
    deadline = time.monotonic() + 20
    while not server.started and time.monotonic() < deadline:
        time.sleep(0.02)
    try:
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join(10)
        listening.close()


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    if not CHROMIUM.exists():
        pytest.skip("no Chromium at /usr/bin/chromium: apt-get install chromium")
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    """A server around a bot that answers at once."""
    with serving(FakeBot()) as address:
        yield address


class Visitor:
    """A person's browser: what it asked the network for and what it complained about is kept."""

    def __init__(self, context: BrowserContext) -> None:
        self.context = context
        self.requests: list[str] = []
        self.complaints: list[str] = []
        self.page: Page = context.new_page()
        context.on("request", lambda request: self.requests.append(request.url))
        context.on(
            "console", lambda message: "Security Policy" in message.text and self.complaints.append(message.text)
        )
        context.on("weberror", lambda error: self.complaints.append(str(error.error)))

    def open(self, address: str) -> Page:
        """Open the chat and wait until one can type."""
        self.page.goto(address)
        self.page.wait_for_selector("#ask textarea")
        self.page.locator("gradio-app .loading").wait_for(state="detached")
        return self.page

    def ask(self, text: str) -> None:
        """Type a message and press Enter."""
        self.page.fill("#ask textarea", text)
        self.page.keyboard.press("Enter")

    def answered(self, turns: int = 1) -> Page:
        """Wait until so many messages are answered for good."""
        self.page.locator("#log .turn .reply").nth(turns - 1).wait_for()
        self.page.locator("#log .working").wait_for(state="detached")
        self.page.locator(f"#log .turn:nth-child({turns}) .reply :is(.sources, .suggestions, .fine)").first.wait_for()
        return self.page


@pytest.fixture
def visit(chromium: Browser) -> Iterator[Callable[..., Visitor]]:
    """Visitors; whatever they did, their browsers talked to loopback only and met no script or policy error."""
    visitors: list[Visitor] = []

    def visitor(**options: object) -> Visitor:
        context = chromium.new_context(**{"locale": "en-US", **options})
        context.set_default_timeout(8000)
        visitors.append(Visitor(context))
        return visitors[-1]

    yield visitor
    for one in visitors:
        one.context.close()
        assert [url for url in one.requests if not url.startswith(("http://127.0.0.1:", "data:", "blob:"))] == []
        assert one.complaints == []
