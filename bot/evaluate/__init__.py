"""Deterministic scorers: golden answers, retrieval, safety. An error counts as a failure, denominators are fixed."""
