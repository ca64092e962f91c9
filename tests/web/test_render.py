"""Turns, sources and helplines as HTML."""

from __future__ import annotations

from bot.answer import Notice, Request
from bot.web.conversations import Turn
from bot.web.render import Renderer, names, sentence_count, short
from bot.web.words import load_words
from tests.web.fake import CRISIS, DOCUMENTS, FakeBot, answer, cite

RENDERER = Renderer(load_words(), "v")


def turn(reply=None, question="q"):
    return Turn("t1", question, reply)


def test_a_question_is_shown_with_a_working_state_until_its_answer_is_there():
    html = RENDERER.turn(turn(question="<b>one</b>\ntwo"))
    assert "&lt;b&gt;one&lt;/b&gt;<br>two" in html
    assert "Looking in the sources" in html


def test_a_turn_is_one_line_so_that_markdown_leaves_it_alone():
    html = RENDERER.turn(turn(answer(Request(text="q\n\n    code\n\n# title")), "q\n\n    code\n\n# title"))
    assert "\n" not in html
    assert html.startswith("<div")


def test_sentences_come_one_by_one_and_the_sources_last():
    reply = answer(Request(text="q"))
    assert sentence_count("t1", reply, RENDERER.words) == 4
    parts = [RENDERER.turn(turn(reply), shown=shown) for shown in (1, 2, 3)]
    assert [part.count('class="cite"') for part in parts] == [1, 2, 3]
    assert all("Sources (" not in part for part in parts)
    assert "Sources (4)" in RENDERER.turn(turn(reply))


def test_a_source_says_what_it_is_and_shows_its_card_once():
    html = RENDERER.turn(turn(answer(Request(text="q"))))
    assert html.count("UK Medical Research Council") == 1
    assert html.count("Same source as number 1.") == 2
    assert "Study, randomized trial" in html
    assert 'href="https://doi.org/10.1176/appi.ajp.2021.21030277"' in html
    assert "clinic’s own article" in html
    assert 'href="/documents/grabski-2022-kare?start=' in html


def test_a_retracted_source_says_so():
    citation = cite(1, DOCUMENTS[0], "Confirmed").model_copy(update={"status": "retracted"})
    reply = answer(Request(text="q")).model_copy(update={"citations": (citation,)})
    assert "Retracted – do not rely on it" in RENDERER.turn(turn(reply))


def test_a_crisis_reply_begins_with_the_lines():
    reply = FakeBot().screen(Request(text="end it all", country="US"))
    html = RENDERER.turn(turn(reply, "end it all"))
    assert html.index('href="tel:911"') < html.index('href="tel:988"') < html.index("glad you wrote")
    assert 'href="sms:741741?body=HOME"' in html
    assert CRISIS.split("\n")[0].replace("'", "&#39;") in html


def test_the_rows_of_lines_in_a_safety_reply_are_shown_once_as_buttons():
    reply = FakeBot().screen(Request(text="end it all", country="US"))
    line = reply.helplines[1]
    rows = f"**{line.name}:** [Call 988](tel:988)\nIn danger right now: **[Call 911](tel:911)**\n\nI'm glad you wrote."
    html = RENDERER.turn(turn(reply.model_copy(update={"text": rows}), "end it all"))
    assert html.count('href="tel:988"') == 1
    assert "In danger right now" in html


def test_a_notice_shows_its_links():
    notice = Notice(kind="support", text="You can talk to someone: **988:** [Call 988](tel:988)")
    reply = answer(Request(text="q")).model_copy(update={"notices": (notice,)})
    assert '<a class="reach" href="tel:988">Call 988</a>' in RENDERER.turn(turn(reply))


def test_a_reply_in_another_language_says_which():
    reply = answer(Request(text="q")).model_copy(update={"lang": "es"})
    assert 'lang="es"' in RENDERER.turn(turn(reply))


def test_the_evidence_is_named_once():
    reply = answer(Request(text="q"))
    evidence = reply.evidence.model_copy(update={"why": "Low certainty: three small trials."})
    html = RENDERER.turn(turn(reply.model_copy(update={"evidence": evidence})))
    assert html.count("Low certainty") == 1


def test_authors_are_named_in_short():
    assert short(DOCUMENTS[0]) == "Grabski 2022"
    assert short(DOCUMENTS[1]) == "Ketamine-assisted therapy (the clinic's…"
    assert names(("A B", "C D")) == "A B, C D"
    assert names(("A B", "C D", "E F", "G H")) == "A B, C D, E F et al."
    assert names(("A B", "et al.")) == "A B et al."


def test_words_that_a_later_corpus_brings_are_shown_as_they_are():
    citation = cite(1, DOCUMENTS[0], "Confirmed").model_copy(update={"kind": "podcast", "design": "n_of_1"})
    reply = answer(Request(text="q")).model_copy(update={"citations": (citation,)})
    assert "podcast, n of 1" in RENDERER.turn(turn(reply))
