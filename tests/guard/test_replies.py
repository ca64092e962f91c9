import re
import warnings
from itertools import pairwise
from pathlib import Path

import pytest
import yaml

from bot.answer import Action
from bot.guard import Verdict
from bot.guard.replies import Replies, _render
from corpus.errors import CorpusError
from corpus.helplines import HelplineBook

SETTINGS = Path(__file__).parents[2] / "corpus" / "settings"

ENTRIES = yaml.safe_load((SETTINGS / "helplines.yaml").read_text(encoding="utf-8"))
COUNTRIES = sorted({entry["country"] for entry in ENTRIES} | {"ZZ"})
SAFETY = (Action.CRISIS, Action.EMERGENCY, Action.CONCERN_OTHER, Action.REFUSE_AND_REDIRECT, Action.DECLINE_OFFTOPIC)
MOST_WORDS = 110
HIGHEST_GRADE = 6
LONGEST_SENTENCE = 15
FORBIDDEN = re.compile(
    r"commit\w* suicide|you may not|you must not|promise you|i promise|guarantee|will be fine|get better soon"
    r"|\bmg\b|lethal|selfish|you have (?:depression|bipolar)|attention.seeking",
    re.IGNORECASE,
)


with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # textstat uses a deprecated part of setuptools
    import textstat


def plain(markdown):
    return re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", markdown).replace("*", "").replace("·", "")


def everything(guard):
    """Language, key, country and text of every reply."""
    for lang, file in guard._replies.files.items():
        for key, reply in file.replies.items():
            for country in COUNTRIES:
                shown = guard._replies._shown(reply.kinds, country)
                for variant in reply.variants:
                    yield lang, key, country, _render(variant, shown, file.words), variant


def is_shown(entry):
    return entry["confidence"] == "high" or entry["reviewed_by"]


def numbers_of(entries):
    rows = [row["number"] for entry in entries for row in entry["dial"]]
    rows += [entry["sms"]["number"] for entry in entries if entry["sms"]]
    return {row.replace(" ", "") for row in rows}


def test_every_number_in_every_reply_is_a_shown_line_of_that_country(guard):
    for lang, key, country, text, _ in everything(guard):
        allowed = numbers_of([e for e in ENTRIES if e["country"] == country and is_shown(e)])
        linked = set(re.findall(r"\((?:tel|sms):(\+?\d+)", text))
        assert linked <= allowed, (lang, key, country)


def test_no_number_stands_in_the_text_itself(guard):
    for lang, key, _, _, variant in everything(guard):
        assert not re.search(r"\d{2,}", variant.replace("Under 18", "").replace("under 18", "")), (lang, key)


def test_replies_are_short(guard):
    for lang, key, country, text, _ in everything(guard):
        assert len(plain(text).split()) <= MOST_WORDS, (lang, key, country)


def test_english_replies_are_easy_to_read(guard):
    for lang, key, _, _, variant in everything(guard):
        if lang == "en":
            prose = " ".join(line for line in variant.splitlines() if "{" not in line)
            assert textstat.flesch_kincaid_grade(prose) <= HIGHEST_GRADE, key


def test_sentences_in_other_languages_are_short(guard):
    for lang, key, _, _, variant in everything(guard):
        for sentence in re.split(r"[.!?:\n]+", variant):
            assert lang == "en" or len(sentence.split()) <= LONGEST_SENTENCE, (lang, key, sentence)


def test_no_reply_blames_promises_diagnoses_or_names_amounts(guard):
    for lang, key, country, text, _ in everything(guard):
        assert not FORBIDDEN.search(text), (lang, key, country)


@pytest.mark.parametrize("country", COUNTRIES)
def test_a_crisis_reply_starts_with_a_line_and_names_the_emergency_number(guard, country):
    reply = guard.reply(Verdict(Action.CRISIS, "active_ideation"), country)
    first = reply.text.splitlines()[0]
    assert "](" in first
    assert "program" in reply.text
    emergency = guard.helplines.emergency(country)
    assert (f"tel:{emergency.dial[0].number}" if emergency else "your local emergency number") in reply.text


def test_the_american_crisis_reply_can_be_tapped(guard):
    text = guard.reply(Verdict(Action.CRISIS, "active_ideation"), "US").text
    for link in ("[Call 988](tel:988)", "[Text 988](sms:988)", "(https://988lifeline.org)", "[Call 911](tel:911)"):
        assert link in text


def test_an_overdose_reply_gives_emergency_poison_and_crisis_lines_in_this_order(guard):
    text = guard.reply(Verdict(Action.EMERGENCY, "overdose_emergency"), "US").text
    places = [text.index(link) for link in ("tel:911", "tel:18002221222", "tel:988")]
    assert places == sorted(places)


@pytest.mark.parametrize(
    ("category", "line"),
    [("eating_disorder", "us-alliance-ed"), ("abuse_victim", "us-dv-hotline"), ("pregnancy", "us-maternal")],
)
def test_a_concern_gets_the_line_made_for_it(guard, category, line):
    assert guard.reply(Verdict(Action.CONCERN_OTHER, category), "US").helplines[0].id == line


def test_a_kind_without_a_line_gets_the_general_line_and_the_emergency_number(guard):
    reply = guard.reply(Verdict(Action.CONCERN_OTHER, "eating_disorder"), "BR")
    assert [line.kind for line in reply.helplines] == ["suicide_crisis", "emergency"]


@pytest.mark.parametrize("country", ["ZZ", None, "", "??"])
def test_an_unknown_country_gets_the_directory_and_no_number(guard, country):
    reply = guard.reply(Verdict(Action.CRISIS, "active_ideation"), country)
    assert [line.country for line in reply.helplines] == ["INT"]
    assert "tel:" not in reply.text


@pytest.mark.parametrize("action", SAFETY)
@pytest.mark.parametrize("lang", ["en", "es", "hi", "ja"])
def test_the_same_block_never_comes_twice_in_a_row(guard, action, lang):
    said = [guard.reply(Verdict(action, "any", lang=lang), "US", turn).text for turn in range(6)]
    assert all(one != two for one, two in pairwise(said))


@pytest.mark.parametrize("lang", ["es", "fr", "de", "pt", "it", "nl", "hi"])
def test_crisis_and_emergency_are_answered_in_the_persons_language(guard, lang):
    for action in (Action.CRISIS, Action.EMERGENCY):
        own = guard.reply(Verdict(action, "x", lang=lang), "US").text
        assert own != guard.reply(Verdict(action, "x", lang="en"), "US").text
        assert "tel:911" in own


@pytest.mark.parametrize("lang", ["es", "fr", "de", "pt", "it", "nl", "hi"])
def test_every_reply_stands_in_every_language(guard, lang):
    files = guard._replies.files
    assert set(files["en"].replies) - set(files[lang].replies) == {"crisis.other_language"}


def test_another_language_gets_the_numbers_and_a_short_english_line(guard):
    text = guard.reply(Verdict(Action.CRISIS, "x", lang="ko"), "KR").text
    assert "tel:" in text
    assert len(plain(text).split()) < 60


def test_the_ordinary_question_is_offered(guard):
    reply = guard.reply(Verdict(Action.CRISIS, "x", ordinary="What does it cost?"), "US")
    assert reply.suggestions[0] == "What does it cost?"


def test_the_gentle_line_is_one_line_with_a_number(guard):
    text, lines = guard.gentle_line("en", "US")
    assert "\n" not in text
    assert [line.id for line in lines] == ["us-988"]


def test_a_missing_reply_is_refused_at_load(tmp_path):
    book = HelplineBook.load(SETTINGS / "helplines.yaml")
    with pytest.raises(CorpusError, match=r"en\.yaml"):
        Replies.load(tmp_path, book)
    (tmp_path / "en.yaml").write_text("words: {}\n", encoding="utf-8")
    with pytest.raises(CorpusError, match=r"en\.yaml: words"):
        Replies.load(tmp_path, book)
