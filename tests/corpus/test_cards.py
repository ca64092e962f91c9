"""Cards: read, written back, refused with file, line and key."""

import itertools
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.check import check
from corpus.errors import CorpusError
from corpus.hostile import Hostile
from corpus.library import Library
from corpus.read import read_file
from corpus.read.card import read_card, write_card
from corpus.text import blocks, normalise
from tests.conftest import ROOT, SHARED

HOSTILE = Hostile.load(ROOT / "corpus" / "settings" / "hostile.yaml")
CARD = """---
id: a-study
title: A study
design: cohort
n: 12
checked: 2026-11-23
questions:
  - statement: Twelve people slept better.
    ask: [did they sleep]
---

## Findings

- Twelve people slept
  better.
- Nobody got worse.
"""


def library(tmp_path, *, shipped=None):
    return Library(shipped or tmp_path / "shipped", tmp_path / "added", tmp_path / "withdrawn.json")


def test_a_card_comes_back_as_it_was_written():
    card = read_card(CARD, "a.md")
    assert card.kind == "study"
    assert [card.questions_of(s) for s in card.spans] == [("did they sleep",), ()]
    assert read_card(write_card(card), "b.md") == card


def test_every_shipped_card_loads_and_comes_back_as_it_was_written(tmp_path):
    shipped = library(tmp_path, shipped=ROOT / "corpus" / "documents")
    cards = shipped.cards()
    assert shipped.refused == []
    assert len([c for c in cards.values() if c.kind not in ("about", "article")]) == 233
    assert all(read_card(write_card(c), "x") == c for c in cards.values())


@pytest.mark.skipif(not SHARED.is_dir(), reason="the shared records are not here")
def test_the_shipped_cards_hold_the_shared_records_and_their_questions(tmp_path):
    cards = library(tmp_path, shipped=ROOT / "corpus" / "documents").cards()
    for topic in ("depression", "alcohol-and-therapy", "mechanisms", "safety-and-practice"):
        reading = read_file(SHARED / f"literature/{topic}.yaml", [SHARED / f"questions/{topic}.jsonl"])
        assert reading.refused == []
        for record in reading.cards:
            shipped = cards[record.id]
            assert shipped.model_copy(update={"questions": ()}) == record.model_copy(update={"questions": ()})
            more = {asked.statement: set(asked.ask) for asked in shipped.questions}
            assert all(set(asked.ask) <= more[asked.statement] for asked in record.questions), record.id


@pytest.mark.parametrize(
    ("old", "new", "place"),
    [
        ("n: 12", "n: twelve", "bad.md:5: n:"),
        ("design: cohort", "design: coort", "bad.md:2: the key 'kind'"),
        ("title: A study", "title: ''", "bad.md:3: title:"),
        ("title: A study\n", "", "bad.md:2: the key 'title' is missing"),
        ("n: 12", "n: 12\nn: 13", "bad.md:6: n: the key stands twice"),
        ("n: 12", "n: [", "bad.md:"),
        ("Twelve people slept better.", "Twelve cats slept better.", "questions: no statement of the body"),
    ],
)
def test_a_bad_card_is_refused_with_file_line_and_key(old, new, place):
    with pytest.raises(CorpusError) as error:
        read_card(CARD.replace(old, new), "bad.md")
    assert place in error.value.message


def test_a_good_card_next_to_a_bad_one_still_loads(tmp_path):
    folder = tmp_path / "shipped"
    folder.mkdir()
    (folder / "good.md").write_text(CARD)
    (folder / "bad.md").write_text(CARD.replace("n: 12", "n: x"))
    found = library(tmp_path)
    assert list(found.cards()) == ["a-study"]
    assert "bad.md:5: n:" in found.refused[0].message


def test_a_bad_record_is_refused_and_the_others_load(tmp_path):
    path = tmp_path / "r.yaml"
    path.write_text(
        "- id: one\n  title: One\n  design: cohort\n  findings: [A.]\n- id: two\n  title: Two\n  year: soon\n  design: cohort\n  findings: [B.]\n"
    )
    reading = read_file(path)
    assert [c.id for c in reading.cards] == ["one"]
    assert "r.yaml:7: year:" in reading.refused[0].message


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("a.md", b"", "empty"),
        ("a.md", b"\x00\x01binary", "binary"),
        ("a.txt", b"caf\xe9", "not UTF-8"),
        ("a.pdf", b"%PDF", "unknown kind of file"),
        ("a.yaml", b"a: &x [1]\nb: *x\n", "aliases"),
        ("a.yaml", b"just text", "expected a YAML list"),
    ],
)
def test_a_file_that_is_no_source_gets_one_clear_line(tmp_path, name, content, says):
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(CorpusError) as error:
        read_file(path)
    assert says in error.value.message
    assert "\n" not in error.value.message


def test_what_is_added_takes_the_place_of_what_shipped_and_what_is_withdrawn_is_gone(tmp_path):
    folder = tmp_path / "shipped"
    folder.mkdir()
    (folder / "a.md").write_text(CARD)
    found = library(tmp_path)
    found.add([read_card(CARD.replace("n: 12", "n: 13"), "x")])
    assert found.cards()["a-study"].n == 13
    found.remove("a-study", "retracted")
    assert found.cards() == {}
    found.add([read_card(CARD, "x")])
    assert found.denied() == {}


def test_a_damaged_deny_list_is_an_error_and_not_an_empty_one(tmp_path):
    (tmp_path / "withdrawn.json").write_text("[]")
    with pytest.raises(CorpusError):
        library(tmp_path).denied()


def test_check_sees_hidden_characters_and_old_helplines(tmp_path, bot):
    import datetime

    folder = tmp_path / "shipped"
    folder.mkdir()
    (folder / "a.md").write_text(CARD.replace("Nobody", "No\u200bbody"))
    found = check(library(tmp_path), bot.all_helplines, HOSTILE, datetime.date(2030, 1, 1), 90)
    text = " ".join(f.message for f in found)
    assert "hidden or disguised characters, line" in text
    assert "over 90 days ago" in text


@given(st.text(st.characters(codec="utf-8", exclude_characters="\x00"), max_size=400))
def test_spans_lie_in_order_inside_the_text(text):
    text = normalise(text)
    spans = blocks(text)
    assert all(0 <= s.start < s.end <= len(text) for s in spans)
    assert all(a.end <= b.start for a, b in itertools.pairwise(spans))
    assert unicodedata.is_normalized("NFC", text)
    assert "\r" not in text
