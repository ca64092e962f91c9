"""The parts of an answer: verification, evidence, understanding."""

import pytest

from bot.answer import Claim
from bot.evidence import weigh
from bot.turn import Draft
from bot.understand import Aspects, Vocabulary
from bot.understand import understand as understand_with
from bot.verify import OutputGuard, verify
from corpus.library import Library
from corpus.text import one_line
from index import Passage
from index.chunk import Chunk, chunk_card
from tests.conftest import ROOT

VOCABULARY = Vocabulary.load(ROOT / "corpus" / "settings" / "vocabulary.yaml")
ASPECTS = Aspects.load(ROOT / "corpus" / "settings" / "aspects.yaml")
OUTPUT = OutputGuard.load(ROOT / "corpus" / "settings" / "output.yaml")
TEXT = "In the KARE trial of 96 adults, ketamine did not lower the relapse rate after 6 months."


def understand(text, history):
    return understand_with(text, history, VOCABULARY, ASPECTS).asked[0]


def draft(claim, citations=(1,)):
    chunk = Chunk("d:findings:0", "d", "findings", 0, 0, len(TEXT), TEXT, "")
    return Draft((Claim(text=claim, citations=citations),), (Passage(chunk, {}, 1.0),))


def test_a_sentence_of_the_passage_is_kept_with_full_support():
    done = verify(draft(TEXT), OUTPUT)
    assert done.claims[0].support == 1.0
    assert done.removed == ()


@pytest.mark.parametrize(
    ("claim", "why"),
    [
        (TEXT.replace("96", "69"), "number"),
        (TEXT.replace("KARE", "ELEKT"), "name"),
        (TEXT.replace("did not lower", "did lower"), "denies"),
        ("Ketamine cures everyone and makes people happy forever", "words"),
    ],
)
def test_what_the_passage_does_not_say_is_removed_with_the_reason(claim, why):
    done = verify(draft(claim), OUTPUT)
    assert done.claims == ()
    assert why in done.removed[0].reason


def test_a_name_that_owns_something_is_still_that_name():
    text = "As of the FDA's 2022 alert, the American Psychiatric Association's advice and the UK's NICE differ."
    chunk = Chunk("d:findings:0", "d", "findings", 0, 0, len(text), text, "")
    done = verify(Draft((Claim(text=text, citations=(1,)),), (Passage(chunk, {}, 1.0),)), OUTPUT)
    assert [c.text for c in done.claims] == [text]
    wrong = text.replace("NICE", "EMA")
    done = verify(Draft((Claim(text=wrong, citations=(1,)),), (Passage(chunk, {}, 1.0),)), OUTPUT)
    assert done.claims == ()


def test_every_statement_of_the_corpus_supports_itself():
    documents = ROOT / "corpus" / "documents"
    cards = Library(documents, documents / "none", documents / "none.json").cards()
    refused = []
    for card in cards.values():
        for chunk in chunk_card(card):
            claim = Claim(text=one_line(chunk.text), citations=(1,))
            refused += list(verify(Draft((claim,), (Passage(chunk, {}, 1.0),)), OUTPUT).removed)
    assert [r for r in refused if "passage" in r.reason] == []


def test_what_no_answer_may_say_is_removed_though_its_passage_says_it():
    text = "Take 50 mg twice a week."
    chunk = Chunk("d:findings:0", "d", "findings", 0, 0, len(text), text, "")
    done = verify(Draft((Claim(text=text, citations=(1,)),), (Passage(chunk, {}, 1.0),)), OUTPUT)
    assert done.claims == ()
    assert "take" in done.removed[0].reason


@pytest.mark.parametrize("citations", [(), (2,), (0,), (1, 9)])
def test_a_citation_that_was_not_retrieved_is_removed(citations):
    assert verify(draft(TEXT, citations), OUTPUT).claims == ()


def test_animals_never_count_for_people():
    assert weigh([{"design": "preclinical", "kind": "study", "n": 5000}]).strength == "animals or cells only"


def test_few_people_and_disagreement_lower_the_strength():
    trial = {"design": "randomized_controlled_trial", "kind": "study", "n": 200, "direction": "supports"}
    assert weigh([trial]).strength == "moderate"
    assert weigh([{**trial, "n": 20}]).strength == "low"
    assert weigh([{**trial, "n": 20}, {**trial, "n": 20, "direction": "against"}]).strength == "very low"


def test_weak_blinding_and_indirectness_lower_the_strength():
    trial = {"design": "randomized_controlled_trial", "kind": "study", "n": 200, "direction": "supports"}
    weak = {
        **trial,
        "text": "## Findings\n\n- It helped.\n\n## Limitations\n\n- Many people may have guessed what they got.\n",
    }
    assert weigh([weak]).strength == "low"
    assert "guess" in weigh([weak]).why
    assert weigh([trial], indirect=True).strength == "low"
    said_elsewhere = {**trial, "text": "## Findings\n\n- They guessed what they got.\n"}
    assert weigh([said_elsewhere]).strength == "moderate"


def test_the_article_alone_is_no_evidence():
    assert weigh([{"kind": "article", "direction": "supports"}]).strength == "no studies"
    assert weigh([{"kind": "about"}]) is None


@pytest.mark.parametrize("text", ["and for how long?", "is it safe with lamotrigine?", "So did fewer relapse?", "why"])
def test_a_follow_up_takes_the_conversation_with_it(text):
    assert "Spravato" in understand(text, ["What is Spravato?"]).within.question


def test_a_question_that_stands_alone_is_left_alone():
    text = "Does ketamine harm the bladder of people who use it often?"
    assert understand(text, ["What is Spravato?"]).within.question == text


def test_questions_on_the_article_and_on_the_practice_are_told_apart():
    assert understand("what does your article say about cravings", []).about_article
    assert understand("how many of your patients got sober", []).about_practice
    assert not understand("does ketamine help with drinking", []).about_article


def test_people_s_words_are_searched_in_the_field_s_words():
    found = understand("can it wreck your waterworks?", [])
    assert found.within.question == "can it wreck your waterworks?"
    assert "bladder" in found.within.words and "ketamine" in found.within.words
