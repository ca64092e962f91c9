from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.guard.reading import LONG_MESSAGE, MOST_WINDOWS, WINDOW, reading, windows
from bot.guard.settings import Screening

SPELLING = Screening.load(Path(__file__).parents[2] / "corpus" / "settings" / "screening").spelling
WORDS = st.lists(st.sampled_from(["price", "infusion", "doctor", "sleep", "bottle", "work."]), max_size=400)


def test_capitals_marks_and_disguise_make_no_difference():
    plain = reading("what does it cost, I want to kill myself", (), SPELLING)
    for text in ("WHAT DOES IT COST I WANT TO KILL MYSELF", "what does it cost?? i w4nt to k i l l mys3lf!!"):
        assert reading(text, (), SPELLING) == plain


def test_accents_and_other_scripts_stay_as_they_are():
    assert reading("không muốn sống", (), SPELLING) == "không muốn sống"


def test_earlier_messages_follow_the_newest_first():
    assert reading("now", ["first", "second"], SPELLING) == "now // second / first"


def test_a_short_message_has_no_windows():
    assert windows("I want to know the price. And the side effects.", SPELLING) == []


@settings(max_examples=100, deadline=None)
@given(WORDS)
def test_windows_hold_every_word_of_a_long_message(words):
    text = " ".join(words)
    found = windows(text, SPELLING)
    if len(words) > LONG_MESSAGE:
        assert sum(len(row.split()) for row in found) >= len(words)
    assert all(len(row.split()) <= WINDOW for row in found)


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=3000), st.lists(st.text(max_size=200), max_size=9))
def test_any_text_can_be_read(text, history):
    assert isinstance(reading(text, history, SPELLING), str)
    assert len(windows(text, SPELLING)) <= MOST_WINDOWS
