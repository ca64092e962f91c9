"""Checks that hold for every writer, before anything is shown."""

from bot.verify.claims import Checked, Verifier
from bot.verify.entail import Entailment, NamedEntailment, OwnEntailment
from bot.verify.output import OutputGuard

__all__ = ["Checked", "Entailment", "NamedEntailment", "OutputGuard", "OwnEntailment", "Verifier"]
