from pathlib import Path

import pytest

from bot.verify import OutputGuard
from corpus.errors import CorpusError
from corpus.library import Library

CORPUS = Path(__file__).parents[2] / "corpus"
GUARD = OutputGuard.load(CORPUS / "settings" / "output.yaml")


@pytest.mark.parametrize(
    ("sentence", "reason"),
    [
        ("Take 50 mg under the tongue twice a week.", "take"),
        ("You can double the lozenge if it does not work.", "take"),
        ("A usual schedule is 0.5 mg/kg twice a week.", "amount"),
        ("Use two lozenges at bedtime.", "amount"),
        ("You can order ketamine from a website abroad.", "drug"),
        ("You have bipolar disorder.", "diagnosis"),
        ("You are clearly an alcoholic.", "diagnosis"),
        ("Ketamine will cure depression.", "promises"),
        ("It is completely safe.", "promises"),
        ("You should stop your lithium first.", "medicine"),
        ("A lethal amount is about 4 g.", "method"),
    ],
)
def test_what_no_answer_may_say_is_named(sentence, reason):
    assert reason in (GUARD.reason(sentence) or "")


@pytest.mark.parametrize(
    "sentence",
    [
        "In a trial of 20 people, 0.5 mg/kg was given over 40 minutes.",
        "Ketamine is not guaranteed to work.",
        "Do not stop taking your medicine on your own.",
        "It cannot cure depression.",
        "The label warns of sedation and dissociation.",
    ],
)
def test_findings_and_denials_may_stand(sentence):
    assert GUARD.reason(sentence) is None


def test_every_statement_of_the_corpus_may_stand(tmp_path):
    cards = Library(CORPUS / "documents", tmp_path, tmp_path / "withdrawn.json").cards()
    rows = [row.removeprefix("- ") for card in cards.values() for row in card.text.splitlines() if row.startswith("- ")]
    assert len(rows) > 1000
    assert [(row, GUARD.reason(row)) for row in rows if GUARD.reason(row)] == []


@pytest.mark.parametrize(
    ("content", "words"),
    [("amounts: [", "YAML"), ("amounts: {}", "amounts"), ("amounts: {reason: x, patterns: ['(']}", "amounts.patterns")],
)
def test_a_broken_file_is_refused_with_its_key(tmp_path, content, words):
    path = tmp_path / "output.yaml"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(CorpusError, match=words):
        OutputGuard.load(path)


def test_a_missing_file_is_refused(tmp_path):
    with pytest.raises(CorpusError, match="cannot be read"):
        OutputGuard.load(tmp_path / "output.yaml")
