import json

from hypothesis import given
from hypothesis import strategies as st

from bot.write.marked import Sentence, sentences
from bot.write.structured import claims_of
from tests.model.fake_server import as_json

TEXT = """Ketamine helped in 20 of 40 people. [k3x9]
- It also lowered drinking [ab12][cd34]. More: “see vs. placebo” e.g. at Yale [ab12, cd34].
Nothing is cited here.
Two sentences. Both cite this. [zz99] And one that was cut"""


def in_pieces(text, size):
    return [text[at : at + size] for at in range(0, len(text), size)]


def test_sentences_come_with_the_ids_at_their_end():
    assert list(sentences([TEXT])) == [
        Sentence("Ketamine helped in 20 of 40 people.", ("k3x9",)),
        Sentence("It also lowered drinking.", ("ab12", "cd34")),
        Sentence("More: “see vs. placebo” e.g. at Yale.", ("ab12", "cd34")),
        Sentence("Nothing is cited here.", ()),
        Sentence("Two sentences.", ("zz99",)),
        Sentence("Both cite this.", ("zz99",)),
        Sentence("And one that was cut.", ()),
    ]


@given(st.integers(1, 40))
def test_it_makes_no_difference_how_a_stream_is_cut(size):
    assert list(sentences(in_pieces(TEXT, size))) == list(sentences([TEXT]))


@given(st.text(max_size=400))
def test_any_text_is_read_to_its_end(text):
    found = list(sentences([text]))
    assert all(any(char.isalpha() for char in one.text) for one in found)


def test_a_sentence_is_given_as_soon_as_what_follows_shows_that_it_is_whole():
    pieces = iter(["First. ", "[k3x9]", "\n", "Second"])
    read = sentences(pieces)
    assert next(read) == Sentence("First.", ("k3x9",))
    assert next(pieces) == "Second"


@given(st.integers(1, 60))
def test_structured_claims_come_one_by_one_however_the_stream_is_cut(size):
    text = as_json("Ketamine {helped} in “20”. [k3x9]\nIt lowered drinking. [ab12][cd34]")
    assert list(claims_of(in_pieces(text, size))) == [
        Sentence("Ketamine {helped} in “20”.", ("k3x9",)),
        Sentence("It lowered drinking.", ("ab12", "cd34")),
    ]


def test_json_that_breaks_off_gives_the_claims_that_are_whole():
    text = as_json("One. [k3x9]\nTwo. [ab12]")
    assert [one.text for one in claims_of([text[:-12]])] == ["One."]
    assert list(claims_of(["nothing like it"])) == []
    assert list(claims_of([json.dumps({"claims": [{"text": 3, "ids": []}, "x"]})])) == []
