from pathlib import Path

import pytest

from bot.guard.disguise import hidden_texts
from bot.guard.patterns import Rule, RuleIndex
from bot.guard.scripts import fold, visible
from bot.guard.settings import PatternReader, Screening
from corpus.errors import CorpusError

SETTINGS = Path(__file__).parents[2] / "corpus" / "settings"

LISTS = {"fruit": ("apple", "blood orange")}


def rule(pattern):
    read = PatternReader(LISTS, {"dont": "do not"})
    return Rule(read(pattern, "test"), "crisis", "test", 1, "test", read.lists)


def found(pattern, sentence):
    return bool(list(RuleIndex([rule(pattern)]).matches(f" {sentence} ")))


@pytest.mark.parametrize(
    ("pattern", "yes", "no"),
    [
        ("i want this", "well i want this now", "i want all of this"),
        ("i .. this", "i want all of this", "i a b c d this"),
        ("eat <fruit>", "eat blood orange", "eat orange"),
        ("walk* home", "walking home", "talking home"),
        ("very? good", "good", "bad"),
        ("i dont like", "i do not like it", "i like it"),
        ("one|two_three end", "two three end", "two end"),
    ],
)
def test_the_pattern_language_reads_as_documented(pattern, yes, no):
    assert found(pattern, yes)
    assert not found(pattern, no)


def test_a_mask_blanks_what_it_matches():
    index = RuleIndex([rule("killing time")])
    masked, used = index.mask(" i am killing time here ")
    assert (masked.split(), len(used)) == (["i", "am", "~", "here"], 1)


@pytest.mark.parametrize("row", [".. ...", "<nothing> here", "maybe?"])
def test_a_pattern_that_cannot_work_is_refused(row):
    with pytest.raises(CorpusError):
        rule(row)


def test_a_broken_rule_file_is_named(tmp_path):
    for path in (SETTINGS / "screening").glob("*.*"):
        (tmp_path / path.name).write_bytes(path.read_bytes())
    (tmp_path / "crisis.yaml").write_text("groups: [{name: x}]\n", encoding="utf-8")
    with pytest.raises(CorpusError, match=r"crisis\.yaml: groups\.0"):
        Screening.load(tmp_path)
    (tmp_path / "cues.json").write_text("{", encoding="utf-8")
    (tmp_path / "crisis.yaml").write_bytes((SETTINGS / "screening" / "crisis.yaml").read_bytes())
    screening = Screening.load(tmp_path)  # the cues are read when a message first needs them
    with pytest.raises(CorpusError, match=r"cues\.json"):
        screening.cues()


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("I can't, I'm done", "i can not i am done"),
        ("sooooo tired", "so tired"),
        ("s u i c i d e", "suicide"),
        ("k!ll", "kill"),
        ("sucidal", "suicidal"),
        ("ｄｅａｄ", "dead"),
    ],
)
def test_disguised_words_become_plain(guard, typed, read):
    assert guard._screening.spelling.words(typed).strip() == read


def test_letters_that_pose_as_latin_are_read_as_latin():
    assert fold("еnd mу lіfе") == "end my life"
    assert fold("я хочу умереть") == "я хочу умереть"
    assert visible("a\u200bb\ud800") == "ab "


def test_an_ordinary_sentence_hides_no_other(guard):
    assert not list(hidden_texts("How does ketamine work in the brain?", guard._screening.spelling.knows))
