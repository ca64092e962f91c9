"""Conversations on the server: apart from each other, bounded, and gone after a while."""

from __future__ import annotations

import threading

from bot.answer import Request
from bot.web.conversations import MemoryConversations
from tests.web.fake import answer


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


def test_a_conversation_keeps_its_turns_and_country():
    kept = MemoryConversations()
    one = kept.open(None).id
    first = kept.add(one, "a")
    second = kept.add(one, "b")
    kept.choose_country(one, "GB")
    kept.close(one, first.id, answer(Request(text="a")))
    found = kept.get(one)
    assert found.country == "GB"
    assert [turn.question for turn in found.turns] == ["a", "b"]
    assert found.turns[0].answer is not None
    assert found.history(second.id) == ("a",)
    assert kept.open(one).id == one


def test_each_message_is_handed_out_once_and_in_order():
    kept = MemoryConversations()
    one = kept.open(None).id
    kept.add(one, "a")
    kept.add(one, "b")
    assert [turn.question if (turn := kept.take(one)) else None for _ in range(3)] == ["a", "b", None]
    assert kept.take("unknown") is None
    assert kept.take(None) is None


def test_ids_are_opaque_and_a_made_up_one_opens_a_new_conversation():
    kept = MemoryConversations()
    ids = {kept.open(None).id for _ in range(50)}
    assert len(ids) == 50
    assert min(map(len, ids)) >= 32
    assert kept.open("made up").id != "made up"


def test_conversations_expire_and_are_bounded_and_can_be_forgotten():
    clock = Clock()
    kept = MemoryConversations(most=3, minutes=10, turns=2, clock=clock)
    ids = [kept.open(None).id for _ in range(4)]
    assert kept.get(ids[0]) is None
    assert len(kept) == 3
    clock.now = 500
    kept.add(ids[1], "still here")
    clock.now = 700
    assert [kept.get(one) is not None for one in ids] == [False, True, False, False]
    for text in "abc":
        kept.add(ids[1], text)
    assert [turn.question for turn in kept.get(ids[1]).turns] == ["b", "c"]
    kept.forget(ids[1])
    kept.forget(None)
    assert len(kept) == 0


def test_many_threads_lose_nothing():
    kept = MemoryConversations(turns=10_000)
    one = kept.open(None).id
    threads = [threading.Thread(target=lambda: [kept.add(one, "x") for _ in range(100)]) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(kept.get(one).turns) == 800
