"""A message on the server's side of the page, without a browser."""

from __future__ import annotations

import asyncio

import pytest

from bot.answer import Action, Answer
from bot.web.chat import Chat, Limits
from bot.web.conversations import MemoryConversations
from bot.web.render import Renderer
from bot.web.words import load_words
from tests.web.fake import FakeBot


def chat(bot=None, **limits) -> Chat:
    return Chat(bot or FakeBot(), MemoryConversations(), Renderer(load_words(), "v"), Limits(pause=0, **limits))


async def patches(one: Chat, conversation: str) -> list[str]:
    return [patch async for patch in one.answer(conversation)]


async def test_history_holds_the_persons_messages_only():
    one = chat()
    kept = ""
    for text in ("first", "second", "third"):
        kept, _ = one.take(text, kept, "", "en-GB")
        await patches(one, kept)
    assert [request.history for request in one.bot.asked] == [(), ("first",), ("first", "second")]
    assert {request.country for request in one.bot.asked} == {"GB"}
    assert {request.conversation for request in one.bot.asked} == {kept}


async def test_a_crisis_message_is_answered_in_the_first_step_and_not_asked():
    one = chat()
    kept, patch = one.take("i want to end it all", None, None, None)
    assert 'href="tel:988"' in patch
    assert await patches(one, kept) == []
    assert one.bot.asked == []
    assert one.conversations.get(kept).turns[0].answer.action is Action.CRISIS


async def test_after_a_safety_reply_the_bar_stays_and_the_bot_is_told_that_help_was_shown():
    one = chat()
    kept, patch = one.take("first", None, None, None)
    assert 'id="bar"' not in patch
    await patches(one, kept)
    kept, patch = one.take("i want to end it all", kept, None, None)
    bar = patch[patch.index('id="bar"') :]
    assert 'href="tel:988"' in bar
    one.take("what does it cost?", kept, None, None)
    await patches(one, kept)
    assert [(request.text, request.helped) for request in one.bot.asked] == [("first", 0), ("what does it cost?", 2)]


async def test_screening_sees_the_whole_message_and_all_earlier_ones():
    class Watching(FakeBot):
        def screen(self, request):
            self.seen = request

    one = chat(Watching())
    kept, _ = one.take("first", None, None, None)
    one.take("x" * 20_000, kept, None, None)
    assert len(one.bot.seen.text) == 20_000
    assert one.bot.seen.history == ("first",)


@pytest.mark.parametrize("text", ["", "  \n ", "\x00", "\N{NO-BREAK SPACE}"])
async def test_a_blank_message_is_not_taken(text):
    one = chat()
    kept, patch = one.take(text, None, None, None)
    assert "Write a question first" in patch
    assert kept == ""


@pytest.mark.parametrize("text", ["a\ud800b", "\x07\x1b[31m", "🙂" * 10, "\u202eabc", "x\r\ny", "]]>\u2028"])
async def test_odd_characters_are_taken_and_can_be_sent_back(text):
    one = chat()
    kept, patch = one.take(text, None, None, None)
    patch.encode("utf-8")
    assert all(one.encode("utf-8") for one in await patches(one, kept))


async def test_where_screening_breaks_the_lines_are_shown():
    class Broken(FakeBot):
        def screen(self, request):
            raise RuntimeError("no rules")

    _, patch = chat(Broken()).take("anything", None, None, None)
    assert 'href="tel:988"' in patch
    assert "no rules" not in patch


@pytest.mark.parametrize(
    ("bot", "limits", "code"),
    [
        (FakeBot(broken=True), {}, "internal"),
        (FakeBot(hang=True), {"seconds": 0.01}, "timeout"),
        (FakeBot(), {"at_once": 0}, "busy"),
    ],
)
async def test_trouble_is_an_answer_too(bot, limits, code):
    one = chat(bot, **limits)
    kept, _ = one.take("hello", None, None, None)
    last = (await patches(one, kept))[-1]
    assert "Ask again" in last
    reply: Answer = one.conversations.get(kept).turns[0].answer
    assert reply.action is Action.ERROR
    assert reply.error.code == code


async def test_places_are_given_back():
    one = chat(FakeBot(broken=True), at_once=1)
    for _ in range(3):
        kept, _ = one.take("hello", None, None, None)
        await patches(one, kept)
        assert one.conversations.get(kept).turns[0].answer.error.code == "internal"


async def test_a_failed_step_closes_the_message_that_waited():
    one = chat()
    kept, _ = one.take("hello", None, None, None)
    assert "Many people are asking" in one.failed(kept)
    assert "turn" not in one.failed(kept)
    assert "turn" not in one.failed("unknown")


async def test_patches_are_numbered_so_that_the_same_one_counts_twice():
    one = chat()
    assert len({one.take("", None, None, None)[1] for _ in range(5)}) == 5


async def test_checked_sentences_are_shown_as_they_come_and_the_answer_then_takes_their_place():
    class Writing(FakeBot):
        async def stream(self, request):
            yield "First sentence that holds."
            yield "Second <b>sentence</b>."
            yield await self.ask(request)

    one = chat(Writing())
    kept, _ = one.take("will it keep me sober?", None, None, None)
    shown = await patches(one, kept)
    assert len(shown) == 3
    assert "First sentence that holds." in shown[0]
    assert "Second" not in shown[0]
    assert "&lt;b&gt;" in shown[1]
    assert "Not proven." in shown[2]
    assert "First sentence" not in shown[2]
    assert one.conversations.get(kept).turns[0].answer.action is Action.ANSWER


async def test_a_stream_that_stalls_ends_in_time():
    class Stalling(FakeBot):
        async def stream(self, request):
            yield "First sentence that holds."
            await asyncio.sleep(3600)

    one = chat(Stalling(), seconds=0.05)
    kept, _ = one.take("hello", None, None, None)
    assert "Ask again" in (await patches(one, kept))[-1]
