"""Reproducible measurements, each printing one table with its reference in the same run."""
