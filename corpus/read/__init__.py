"""Readers: one file a format, each turning a file into cards."""

from corpus.read.files import Reading, read_file

__all__ = ["Reading", "read_file"]
