"""What a message asks: several questions, follow-ups, typing errors, other languages, premises that do not hold."""

import json
import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.understand import Aspects, Premises, Vocabulary, spelling_of, understand
from bot.understand.parts import questions
from corpus.errors import CorpusError
from corpus.library import Library
from corpus.text import one_line
from tests.conftest import ROOT

SETTINGS = ROOT / "corpus" / "settings"
VOCABULARY = Vocabulary.load(SETTINGS / "vocabulary.yaml")
ASPECTS = Aspects.load(SETTINGS / "aspects.yaml")
PREMISES = Premises.load(SETTINGS / "premises.yaml")
EXAMPLES = json.loads((ROOT / "tests" / "data" / "premises.json").read_text(encoding="utf-8"))


def asked(text, *history, lang="en"):
    return understand(text, history, VOCABULARY, ASPECTS, lang).asked


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("how much does it cost and does insurance cover it?", ("how much does it cost", "does insurance cover it?")),
        ("Is it safe? How long does it last?", ("Is it safe?", "How long does it last?")),
        ("does it help with drinking and depression", ("does it help with drinking and depression",)),
        ("Dr. Smith said 0.5 mg is usual. is that right?", ("Dr. Smith said 0.5 mg is usual. is that right?",)),
    ],
)
def test_several_questions_are_told_apart(text, parts):
    assert questions(text) == parts


@given(st.text(max_size=300))
def test_any_text_has_at_least_one_question_and_no_word_is_made_up(text):
    found = questions(text)
    assert found
    for part in found:
        assert all(word in text for word in part.split())


def test_what_a_message_says_before_its_questions_goes_with_them():
    first, second = asked("I have had high blood pressure for years. Is it safe? And how long does it last?")
    assert "blood pressure" in first.within.question
    assert "blood pressure" in second.within.question


@pytest.mark.parametrize(
    ("text", "before", "expected", "gone"),
    [
        ("and for drinking?", "how long does it help depression", "drinking", "depression"),
        ("what about the spray", "does the infusion hurt the bladder?", "spray hurt the bladder", "infusion"),
    ],
)
def test_a_follow_up_on_another_subject_takes_the_place_of_the_one_before(text, before, expected, gone):
    question = asked(text, before)[0].within.question
    assert expected in question
    assert gone not in question


@pytest.mark.parametrize(
    ("text", "mended"),
    [
        ("does ketamin help depresion", "does ketamine help depression"),
        ("is Spravato adictive", "is Spravato addictive"),
        ("my mates drink booze", "my mates drink booze"),
    ],
)
def test_typing_errors_are_mended_by_the_words_of_the_corpus(text, mended):
    known = frozenset(["ketamine", "help", "does", "depression", "addictive", "spravato", "dates", "drinking"])
    assert spelling_of(known).corrected(text) == mended


@given(st.text(alphabet=string.ascii_letters + " '-.?", max_size=80))
def test_mending_keeps_the_number_of_words_and_what_is_known(text):
    known = frozenset(["ketamine", "depression"])
    mended = spelling_of(known).corrected(text)
    assert len(mended.split()) == len(text.split())
    assert spelling_of(known).corrected(mended) == mended


@pytest.mark.parametrize(
    ("text", "lang", "words"),
    [
        ("¿Cuánto tiempo después del aerosol nasal sube la tensión arterial?", "es", "nasal spray rise blood pressure"),
        ("La kétamine est-elle addictive ?", "fr", "ketamine"),
        ("Ist Ketamin in den USA zur Behandlung von Alkoholabhängigkeit zugelassen?", "de", "approved"),
        ("A cetamina aumenta a pressão arterial?", "pt", "blood pressure"),
    ],
)
def test_questions_in_other_languages_are_searched_in_english(text, lang, words):
    assert words in asked(text, lang=lang)[0].within.words


def test_numbers_survive_the_word_table_and_an_unknown_language_is_left_alone():
    assert "16" in VOCABULARY.in_english("¿la ketamina sirve a los 16 años?", "es")
    assert VOCABULARY.in_english("czy ketamina pomaga?", "pl") == "czy ketamina pomaga?"


@pytest.mark.parametrize("row", EXAMPLES, ids=lambda row: row["id"])
def test_a_premise_is_seen_where_it_is_taken_for_granted(row):
    for text in row["examples"]:
        assert row["id"] in [p.id for p in PREMISES.taken_for_granted(text)], text
    for text in row["not"]:
        assert row["id"] not in [p.id for p in PREMISES.taken_for_granted(text)], text


@pytest.mark.parametrize("text", ["is ketamine approved for alcoholism?", "Does it cure depression for good?"])
def test_the_open_question_is_no_premise(text):
    assert PREMISES.taken_for_granted(text) == ()


def test_every_correction_stands_in_its_document():
    documents = ROOT / "corpus" / "documents"
    cards = Library(documents, documents / "none", documents / "none.json").cards()
    for premise in PREMISES.premises:
        for correction in premise.corrected_by:
            card = cards[correction.document]
            assert correction.statement in {one_line(card.text[s.start : s.end]) for s in card.spans}, premise.id


def test_a_broken_pattern_is_named(tmp_path):
    path = tmp_path / "premises.yaml"
    path.write_text("words: {}\npremises:\n- {id: a, claims: ['('], corrected_by: []}\n", encoding="utf-8")
    with pytest.raises(CorpusError, match=r"premises\.yaml.*not sound"):
        Premises.load(path)


def test_forms_of_the_drug_are_told_apart():
    assert ASPECTS.elsewhere("are lozenges safe?", "IV ketamine infusion") == (
        "ketamine infusions",
        "tablets or lozenges",
    )
    assert ASPECTS.elsewhere("are infusions safe?", "IV ketamine infusion") is None
    assert ASPECTS.elsewhere("is it safe?", "IV ketamine infusion") is None
