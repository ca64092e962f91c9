"""What a person sees in the chat, in a real browser."""

from __future__ import annotations

import re
import time

import pytest

from bot.web import Limits
from tests.web.conftest import serving
from tests.web.fake import FakeBot

pytestmark = pytest.mark.browser
CRISIS = "i want to end it all"


def test_an_answer_arrives_sentence_by_sentence_and_is_cited(visit, server):
    visitor = visit()
    page = visitor.open(server)
    page.evaluate(
        """() => { window.seen = []; new MutationObserver(() => {
             const spans = document.querySelectorAll('#log .reply > p > span:not(.dots)').length;
             const working = !!document.querySelector('#log .working');
             window.seen.push(working ? 'working' : spans); }).observe(document.getElementById('log'),
             { childList: true, subtree: true }); }""",
    )
    visitor.ask("will it keep me sober?")
    visitor.answered()
    seen = page.evaluate("() => [...new Set(window.seen)]")
    assert seen[0] == "working"
    assert [step for step in seen if step != "working"] == [1, 2, 3, 4]
    assert page.input_value("#ask textarea") == ""
    assert page.evaluate("() => document.activeElement.matches('#ask textarea')")
    assert page.locator("#log .said p").inner_text() == "will it keep me sober?"
    assert page.locator("#log a.cite").count() == 4
    assert "Low certainty" in page.locator("#log .evidence").inner_text()


def test_what_was_said_stays_as_it_is_when_more_arrives(visit, server):
    visitor = visit()
    page = visitor.open(server)
    visitor.ask("first")
    visitor.answered()
    page.locator("#log .sources summary").click()
    page.evaluate("() => { document.querySelector('#log .reply p').id = 'mine'; }")
    visitor.ask("second")
    visitor.answered(2)
    assert page.locator("#log .sources").first.get_attribute("open") is not None
    assert page.locator("#mine").count() == 1
    assert page.locator("#log .turn").nth(0).locator(".suggestions").is_hidden()
    assert page.locator("#log .turn").nth(1).locator(".suggestions").is_visible()


def test_a_citation_opens_its_source_and_its_document_by_keyboard(visit, server):
    visitor = visit()
    page = visitor.open(server)
    visitor.ask("will it keep me sober?")
    visitor.answered()
    link = page.locator("#log a.cite").nth(1)
    assert link.get_attribute("aria-label") == "Source 2: Grabski 2022"
    link.focus()
    page.keyboard.press("Enter")
    source = page.locator("#log .source").nth(1)
    assert source.is_visible()
    assert source.evaluate("e => e === document.activeElement")
    assert "10.1 percentage points" in source.locator("blockquote").inner_text()
    page.keyboard.press("Tab")
    with page.context.expect_page() as opened:
        page.keyboard.press("Enter")
    document = opened.value
    document.wait_for_load_state()
    assert "10.1 percentage points" in document.locator("mark#passage").inner_text()
    assert document.locator("a[href='https://doi.org/10.1176/appi.ajp.2021.21030277']").count() == 1
    page.locator("#log .source").nth(1).locator("[data-back]").click()
    assert link.evaluate("e => e === document.activeElement")


def test_an_example_and_a_suggestion_are_asked_with_one_click(visit, server):
    visitor = visit()
    page = visitor.open(server)
    page.get_by_role("button", name="What are the side effects?").click()
    visitor.answered()
    assert page.locator("#log .said p").inner_text() == "What are the side effects?"
    assert page.locator("#welcome").is_hidden()
    page.get_by_role("button", name="What are the risks?").click()
    visitor.answered(2)
    assert page.locator("#log .said p").nth(1).inner_text() == "What are the risks?"


def test_an_empty_message_gets_a_hint_and_no_turn(visit, server):
    visitor = visit()
    page = visitor.open(server)
    visitor.ask("   ")
    page.locator("#hint", has_text="Write a question first").wait_for()
    assert page.locator("#log .turn").count() == 0
    visitor.ask("now a question")
    visitor.answered()
    assert page.locator("#hint").inner_text() == ""


@pytest.mark.parametrize("limits", [Limits(queue=1), Limits(at_once=0)])
def test_a_crisis_message_shows_the_lines_first_while_everything_else_hangs(visit, limits):
    with serving(FakeBot(hang=True), limits) as address:
        visitor = visit(viewport={"width": 390, "height": 844})
        page = visitor.open(address)
        for text in ("one", "two"):
            visitor.ask(text)
            page.locator("#log .said", has_text=text).wait_for()
        began = time.monotonic()
        visitor.ask(CRISIS)
        line = page.locator("#log .reply.safety a[href='tel:988']").first
        line.wait_for()
        assert time.monotonic() - began < 1.5
        page.wait_for_timeout(700)
        box = line.bounding_box()
        assert box["height"] >= 44
        assert 0 < box["y"] < 700
        first = page.locator("#log .reply.safety a").first
        assert first.get_attribute("href") == "tel:911"
        assert page.locator("#help summary").is_visible()


def test_hostile_text_in_question_and_answer_does_nothing(visit):
    hostile = (
        "<script>window.bad=1</script><img src=x onerror='window.bad=1'> ![x](https://evil.example/p.png) "
        "[click](javascript:window.bad=1) </template></div>\n\n<svg onload='window.bad=1'> **bold** [1]. \"><b data-x>"
    )
    with serving(FakeBot(reply=hostile)) as address:
        visitor = visit()
        page = visitor.open(address)
        visitor.ask(hostile.replace("\n\n", " "))
        visitor.answered()
        page.wait_for_timeout(200)
        assert page.evaluate("() => window.bad") is None
        assert page.locator("#log :is(script, img, svg, b, template)").count() == 0
        assert page.locator("#log a[href^='javascript']").count() == 0
        assert "<script>window.bad=1</script>" in page.locator("#log .said p").inner_text()
        assert "<script>" in page.locator("#log .reply").inner_text()
        assert page.locator("#log .reply strong", has_text="bold").count() == 1


@pytest.mark.parametrize(
    ("bot", "limits", "says"),
    [
        (FakeBot(broken=True), Limits(), "went wrong on our side"),
        (FakeBot(hang=True), Limits(seconds=0.3), "taking longer than it should"),
        (FakeBot(), Limits(at_once=0), "Many people are asking"),
    ],
)
def test_trouble_is_told_in_plain_words_with_a_way_on(visit, bot, limits, says):
    with serving(bot, limits) as address:
        visitor = visit()
        page = visitor.open(address)
        visitor.ask("is it safe?")
        page.locator("#log .reply.failed", has_text=says).wait_for()
        assert page.get_by_role("button", name="Ask again").get_attribute("data-ask") == "is it safe?"


def test_a_full_queue_is_told_and_not_waited_for(visit):
    with serving(FakeBot(hang=True), Limits(queue=0)) as address:
        visitor = visit()
        page = visitor.open(address)
        visitor.ask("is it safe?")
        told = page.locator("#log .reply.failed", has_text="Many people are asking")
        told.wait_for()
        assert told.is_visible()


def test_a_lost_server_is_told(visit):
    visitor = visit()
    with serving(FakeBot()) as address:
        page = visitor.open(address)
        page.clock.install()
    visitor.ask("is anyone there?")
    page.clock.run_for(20_000)
    page.locator("#log .reply.failed", has_text="lost its connection").wait_for()
    assert page.locator("#help summary").is_visible()


def test_two_browsers_never_see_each_others_turns(visit):
    bot = FakeBot()
    with serving(bot) as address:
        one, two = visit(), visit()
        one.open(address)
        two.open(address)
        one.ask("my secret")
        one.answered()
        two.ask("hello")
        two.answered()
        one.ask("and more")
        one.answered(2)
        assert "secret" not in two.page.content()
        assert [request.history for request in bot.asked] == [(), (), ("my secret",)]
        assert len({request.conversation for request in bot.asked}) == 2
        stored = two.page.evaluate("() => [Object.keys(localStorage), Object.keys(sessionStorage), document.cookie]")
        assert stored == [[], [], ""]
        assert re.fullmatch(re.escape(address) + "/", two.page.url)
