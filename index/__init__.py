"""Finds passages: chunking, embeddings, vectors, keywords, fusion, versions.

The retriever brings LangChain along, half a second of imports: it loads when its name is first asked for, so that a
command which needs the package's errors or types alone, and a safety reply above all, does not wait for it.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from index.errors import IndexingError
from index.passage import Passage

if TYPE_CHECKING:
    from index.retriever import LiveIndex, Retriever
    from index.version import Source, VersionStore, build

__all__ = ["IndexingError", "LiveIndex", "Passage", "Retriever", "Source", "VersionStore", "build"]


HOMES = {
    "LiveIndex": "retriever",
    "Retriever": "retriever",
    "Source": "version",
    "VersionStore": "version",
    "build": "version",
}


def __getattr__(name: str) -> Any:  # noqa: ANN401
    if name not in HOMES:
        raise AttributeError(f"module 'index' has no attribute {name!r}")
    return getattr(import_module(f"index.{HOMES[name]}"), name)
