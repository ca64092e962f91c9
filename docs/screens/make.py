"""Takes the screenshots of this folder from a running page: `python docs/screens/make.py http://127.0.0.1:7860`."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Literal

from playwright.sync_api import Browser, Page, sync_playwright

CHROMIUM = "/usr/bin/chromium"
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"]
SIZES = {"phone": (390, 844), "desktop": (1280, 900)}
SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")
QUESTION = "will it keep me sober?"
CRISIS = "how much is a session, i dont think ill be here next month, i want to end it all"


def ask(page: Page, text: str) -> None:
    """Send a message and wait for the whole reply."""
    turns = page.locator("#log .turn").count()
    page.fill("#ask textarea", text)
    page.keyboard.press("Enter")
    page.locator("#log .turn").nth(turns).locator(".reply").wait_for()
    page.locator("#log .working").wait_for(state="detached", timeout=60000)
    page.wait_for_timeout(900)


def states(page: Page, server: str, folder: Path, name: str) -> None:
    """Every state of the page, one picture each."""

    def shot(state: str) -> None:
        page.screenshot(path=folder / f"{name}-{state}.png")

    page.goto(server)
    page.wait_for_selector("#ask textarea")
    page.wait_for_timeout(400)
    shot("1-welcome")
    ask(page, QUESTION)
    shot("2-answer")
    if page.locator("a.cite").count():
        page.locator("a.cite").first.click()
        page.wait_for_timeout(900)
        shot("3-source")
        with page.context.expect_page() as opened:
            page.locator(".source.shown .source-links a").first.click()
        opened.value.wait_for_load_state()
        opened.value.screenshot(path=folder / f"{name}-4-document.png")
        opened.value.close()
    page.locator("#help > summary").click()
    page.wait_for_timeout(300)
    shot("5-help-now")
    page.keyboard.press("Escape")
    ask(page, CRISIS)
    shot("6-crisis")
    page.goto(f"{server}/help?country=GB")
    shot("7-help-page")


def take(browser: Browser, server: str, folder: Path) -> None:
    """The pictures in both sizes and both colour schemes."""
    for size, (width, height) in SIZES.items():
        for scheme in SCHEMES:
            context = browser.new_context(
                viewport={"width": width, "height": height}, color_scheme=scheme, locale="en-US"
            )
            states(context.new_page(), server, folder, f"{size}-{scheme}")
            context.close()


def main() -> None:
    """Read the address and take the pictures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("server", nargs="?", default="http://127.0.0.1:7860")
    parser.add_argument("--folder", type=Path, default=Path(__file__).parent)
    given = parser.parse_args()
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        take(browser, given.server.rstrip("/"), given.folder)
        browser.close()


if __name__ == "__main__":
    main()
