"""Passages in their documents, addresses, countries, wording."""

from __future__ import annotations

import pytest

from bot.answer import Sms
from bot.web import links
from bot.web.country import choose, from_languages
from bot.web.passage import document_blocks
from bot.web.words import FOLDER, load_words
from corpus.errors import CorpusError
from tests.web.fake import KARE


def marked(blocks):
    return [part.text for block in blocks for part in block.parts if part.marked]


def test_a_passage_is_marked_where_it_stands():
    start = KARE.index("Confirmed")
    end = KARE.index("\n", start)
    blocks = document_blocks(KARE, start, end)
    assert [block.kind for block in blocks] == ["heading", "statement", "statement", "heading", "statement"]
    assert marked(blocks) == [KARE[start:end]]
    assert sum(part.first for block in blocks for part in block.parts) == 1


def test_a_passage_over_two_statements_is_marked_in_both_and_begins_once():
    blocks = document_blocks(KARE, KARE.index("a difference"), KARE.index("did not differ"))
    assert len(marked(blocks)) == 2
    assert sum(part.first for block in blocks for part in block.parts) == 1


@pytest.mark.parametrize(("start", "end"), [(None, None), (5, 5), (9, 3), (-1, 4), (0, 10**6), (3, None)])
def test_a_range_that_does_not_fit_marks_nothing(start, end):
    assert marked(document_blocks(KARE, start, end)) == []


def test_all_text_of_a_document_is_shown():
    blocks = document_blocks(KARE, 20, 90)
    shown = "".join(part.text for block in blocks for part in block.parts)
    assert shown.replace(" ", "") == KARE.replace("## ", "").replace("- ", "").replace("\n", "").replace(" ", "")


def test_addresses_call_text_and_chat():
    assert links.tel("116 123") == "tel:116123"
    assert links.tel("+49 (0)30") == "tel:+49030"
    assert links.sms(Sms(number="85258", body="SHOUT now")) == "sms:85258?body=SHOUT%20now"
    assert links.whatsapp("+55 61 99") == "https://wa.me/556199"
    assert links.web("javascript:alert(1)") is None


def test_a_doi_keeps_its_brackets_and_a_wrong_one_gets_no_link():
    assert links.doi("10.1016/S0140-6736(96)90001-2") == "https://doi.org/10.1016/S0140-6736(96)90001-2"
    assert links.doi("10.1002/x<y>#z") == "https://doi.org/10.1002/x%3Cy%3E%23z"
    assert links.doi("see text") is None


def test_the_country_is_the_chosen_one_else_the_browsers_else_the_setting():
    known = {"US", "GB", "DE"}
    assert choose("gb", "de-DE", known, "US") == "GB"
    assert choose("XX", "fr, de-DE;q=0.8, en-GB", known, "US") == "DE"
    assert choose(None, "fr-FR", known, "US") == "US"
    assert from_languages("zh-Hant-DE", known) == "DE"
    assert from_languages("-" * 100_000, known) is None


def test_as_long_as_nobody_chose_the_time_zone_says_where_a_person_is():
    known = {"US", "GB", "DE", "IN"}
    assert choose("tz:Europe/Berlin", "en-US", known, "US") == "DE"
    assert choose("tz:Asia/Calcutta", "en-US", known, "US") == "IN"
    assert choose("tz:UTC", "en-GB", known, "US") == "GB"
    assert choose("tz:Europe/Paris", None, known, "US") == "US"
    assert choose("tz:" + "../" * 1000, None, known, "US") == "US"


@pytest.mark.parametrize("path", sorted(FOLDER.glob("*.yaml")), ids=lambda path: path.stem)
def test_every_language_has_all_words(path):
    assert load_words(path.stem).lang == path.stem


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (("  you:", "  yuo:"), "turn.you"),
        (("lang: en", "lang: [en"), "not valid YAML"),
        (("  name:", "  nome:"), "name"),
    ],
)
def test_a_missing_word_is_named(tmp_path, change, says):
    text = (FOLDER / "en.yaml").read_text(encoding="utf-8")
    (tmp_path / "en.yaml").write_text(text.replace(*change), encoding="utf-8")
    with pytest.raises(CorpusError, match=says):
        load_words("en", tmp_path)


def test_a_missing_language_is_named(tmp_path):
    with pytest.raises(CorpusError, match=r"xx\.yaml: cannot be read"):
        load_words("xx", tmp_path)
