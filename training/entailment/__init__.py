"""Trains the verifier's entailment model."""
