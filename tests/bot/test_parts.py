"""The parts of an answer: evidence, understanding."""

import pytest

from bot.evidence import weigh
from bot.understand import Aspects, Vocabulary
from bot.understand import understand as understand_with
from tests.conftest import ROOT

VOCABULARY = Vocabulary.load(ROOT / "corpus" / "settings" / "vocabulary.yaml")
ASPECTS = Aspects.load(ROOT / "corpus" / "settings" / "aspects.yaml")


def understand(text, history):
    return understand_with(text, history, VOCABULARY, ASPECTS).asked[0]


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
