"""Can everyone use it: axe-core in every state, no scrolling sideways, in both colour schemes."""

from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe

pytestmark = pytest.mark.browser


def violations(page) -> list[str]:
    found = Axe().run(page).response["violations"]
    return [
        f"{one['id']}: {node['html'][:200]} {node['failureSummary'][:200]}" for one in found for node in one["nodes"]
    ]


@pytest.mark.parametrize(("scheme", "width"), [("light", 390), ("dark", 1280)])
def test_axe_finds_nothing_in_any_state(visit, server, scheme, width):
    visitor = visit(viewport={"width": width, "height": 844}, color_scheme=scheme, reduced_motion="reduce")
    page = visitor.open(server)
    assert violations(page) == [], "welcome"
    page.locator("#help summary").click()
    assert violations(page) == [], "help open"
    page.keyboard.press("Escape")
    visitor.ask("will it keep me sober?")
    visitor.answered()
    page.locator("#log a.cite").first.click()
    assert violations(page) == [], "source open"
    visitor.ask("i want to end it all")
    page.locator("#log .reply.safety").wait_for()
    assert violations(page) == [], "crisis"
    visitor.ask("please fail")
    page.locator("#log .reply.failed").wait_for()
    assert violations(page) == [], "trouble"
    for path in ("/help?country=GB", "/documents/grabski-2022-kare?start=15&end=60#passage", "/documents/none"):
        page.goto(server + path)
        assert violations(page) == [], path


@pytest.mark.parametrize("width", [320, 390])
def test_nothing_scrolls_sideways_on_a_small_phone(visit, server, width):
    visitor = visit(viewport={"width": width, "height": 700}, reduced_motion="reduce")
    page = visitor.open(server)

    def sideways() -> int:
        return page.evaluate("() => document.documentElement.scrollWidth - document.documentElement.clientWidth")

    assert sideways() == 0
    page.locator("#help summary").click()
    assert sideways() == 0
    page.keyboard.press("Escape")
    visitor.ask(
        "averyveryveryveryveryveryveryveryveryveryveryveryverylongwordwithoutanyblanks https://example.org/" + "x" * 90
    )
    visitor.answered()
    page.locator("#log a.cite").first.click()
    assert sideways() == 0
    visitor.ask("i want to end it all")
    page.locator("#log .reply.safety").wait_for()
    assert sideways() == 0
    for path in ("/help", "/documents/grabski-2022-kare?start=15&end=60"):
        page.goto(server + path)
        assert sideways() == 0


def test_pages_name_their_language_and_title(visit, server):
    page = visit().page
    for path in ("/", "/help", "/documents/grabski-2022-kare"):
        page.goto(server + path)
        assert page.locator("html").get_attribute("lang") == "en"
        assert len(page.title()) > 10
        assert page.locator("h1").count() == 1
