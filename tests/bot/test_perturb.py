"""Sentences made false for training: one change, and none that leaves them true."""

import random

import pytest

from bot.understand import Aspects
from tests.conftest import ROOT
from training.entailment.perturb import Perturber

SETTINGS = ROOT / "corpus" / "settings"
TERMS = [Aspects.load(SETTINGS / name) for name in ("aspects.yaml", "terms.yaml")]
TRUE = "In 96 adults ketamine did not lower the relapse rate after 6 months."


@pytest.mark.parametrize("seed", range(30))
def test_one_change_makes_another_sentence(seed):
    changed = Perturber(TERMS, random.Random(seed)).made_false(TRUE, TRUE)
    assert changed
    assert changed != TRUE
    assert len(set(TRUE.split()) ^ set(changed.split())) <= 8


def test_the_same_seed_gives_the_same_change():
    one, two = (Perturber(TERMS, random.Random(7)).made_false(TRUE, TRUE) for _ in range(2))
    assert one == two


def test_where_nothing_can_be_changed_there_is_no_sentence():
    assert Perturber(TERMS, random.Random(1)).made_false("Hello there.", "Hello there.") is None
