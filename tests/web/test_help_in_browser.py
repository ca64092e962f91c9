"""Helplines in a real browser: always there, whatever else is not."""

from __future__ import annotations

import pytest

from tests.web.conftest import serving
from tests.web.fake import FakeBot

pytestmark = pytest.mark.browser
PHONE = {"width": 390, "height": 844}


def test_get_help_now_never_scrolls_away_and_its_links_suit_a_thumb(visit, server):
    visitor = visit(viewport=PHONE)
    page = visitor.open(server)
    page.mouse.wheel(0, 5000)
    page.locator("#help summary").click()
    links = page.locator("#help-lines a.reach")
    assert links.first.get_attribute("href") == "tel:911"
    assert page.locator("#help-lines a[href='sms:741741?body=HOME']").count() == 1
    assert all(links.nth(i).bounding_box()["height"] >= 44 for i in range(links.count()))
    page.keyboard.press("Escape")
    assert links.first.is_hidden()
    assert page.evaluate("() => document.activeElement.matches('#help summary')")


def test_the_country_comes_from_the_browser_and_can_be_changed(visit):
    bot = FakeBot()
    with serving(bot) as address:
        visitor = visit(locale="en-GB")
        page = visitor.open(address)
        page.locator("#help summary").click()
        assert page.locator("#help-lines a[href='tel:116123']").is_visible()
        page.locator("#help select").select_option("US")
        page.locator("#help-lines a[href='tel:988']").wait_for()
        assert page.locator("#help-lines a[href='tel:116123']").count() == 0
        page.keyboard.press("Escape")
        visitor.ask("is it safe?")
        visitor.answered()
        visitor.ask("and then?")
        visitor.answered(2)
        assert [request.country for request in bot.asked] == ["US", "US"]


def test_the_time_zone_counts_more_than_the_language(visit, server):
    page = visit(locale="en-US", timezone_id="Europe/London").open(server)
    page.locator("#help summary").click()
    page.locator("#help-lines a[href='tel:116123']").wait_for()
    assert page.locator("#help select").input_value() == "GB"


def test_without_javascript_the_page_shows_the_lines(visit, server):
    visitor = visit(java_script_enabled=False, viewport=PHONE)
    page = visitor.page
    page.goto(server)
    assert page.locator("#welcome a[href='tel:988']").is_visible()
    page.locator("#help summary").click()
    page.locator("#help select").select_option("GB")
    page.locator("#help").get_by_role("button", name="Show lines").click()
    page.wait_for_url("**/help?country=GB")
    assert page.locator("a[href='tel:116123']").is_visible()


def test_where_gradio_never_comes_the_page_says_so_and_help_still_works(visit, server):
    visitor = visit()
    page = visitor.page
    page.route("**/assets/**", lambda route: route.abort())
    page.clock.install()
    page.goto(server)
    page.clock.run_for(21_000)
    page.locator("#hint", has_text="lost its connection").wait_for()
    page.locator("#help summary").click()
    assert page.locator("#help-lines a[href='tel:988']").is_visible()


def test_where_the_chat_fails_the_lines_are_shown(visit):
    with serving(FakeBot(broken_examples=True)) as address:
        visitor = visit()
        response = visitor.page.goto(address)
        assert response.status == 500
        assert visitor.page.locator("a[href='tel:988']").is_visible()
        assert "not working right now" in visitor.page.title()
