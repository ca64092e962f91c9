"""Finds passages: chunking, embeddings, vectors, keywords, fusion, versions."""

from index.errors import IndexingError
from index.passage import Passage
from index.retriever import LiveIndex, Retriever
from index.version import Source, VersionStore, build

__all__ = ["IndexingError", "LiveIndex", "Passage", "Retriever", "Source", "VersionStore", "build"]
