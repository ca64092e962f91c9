"""Vector search: Chroma on disk, cosine. A folder is written once, then only read."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from index.embed.base import Vectors
from index.errors import IndexingError

STATEMENTS = "statements"
QUESTIONS = "questions"
BATCH = 4000
SELF_QUERIES = 200
#: Wide enough that the approximate search is as good as exact on corpora of this size.
HNSW = {"space": "cosine", "ef_construction": 200, "ef_search": 200, "max_neighbors": 32}


class VectorStore:
    """Two collections: the chunks, and the questions in patients' words, each of which points to its chunk."""

    def __init__(self, folder: Path) -> None:
        import chromadb
        from chromadb.config import Settings

        self._folder = folder
        try:
            settings = Settings(anonymized_telemetry=False, is_persistent=True, persist_directory=str(folder))
            self._client: Any = chromadb.PersistentClient(path=str(folder), settings=settings)
        except Exception as error:  # Chroma raises bare classes of its Rust layer
            raise IndexingError("index", f"{folder}: Chroma cannot open it; run `evidence-bot index build`") from error
        self._collections: dict[str, Any] = {}

    def add(self, collection: str, ids: Sequence[str], chunks: Sequence[str], vectors: Vectors) -> None:
        """Store vectors, each with the id of its chunk."""
        target = self._client.get_or_create_collection(
            collection,
            configuration={"hnsw": HNSW},
            embedding_function=None,
        )
        for at in range(0, len(ids), BATCH):
            part = slice(at, at + BATCH)
            target.add(
                ids=list(ids[part]),
                embeddings=vectors[part],
                metadatas=[{"chunk": chunk} for chunk in chunks[part]],
            )

    def count(self, collection: str) -> int:
        """How many vectors a collection holds; 0 where there is no such collection."""
        found = self._collection(collection)
        return int(found.count()) if found is not None else 0

    def search(self, collection: str, vector: Vectors, k: int) -> list[tuple[str, float]]:
        """The chunks of the k nearest vectors, nearest first, with cosine similarity; a chunk may come more than once."""
        found = self._collection(collection)
        if found is None:
            return []
        try:
            hits = found.query(query_embeddings=vector.reshape(1, -1), n_results=k, include=["metadatas", "distances"])
        except Exception as error:
            raise IndexingError(
                "index", f"{self._folder}: the search failed; run `evidence-bot index build`"
            ) from error
        return [
            (str(m["chunk"]), 1.0 - float(d)) for m, d in zip(hits["metadatas"][0], hits["distances"][0], strict=True)
        ]

    def missing(self, collection: str, chunks: Sequence[str], vectors: Vectors) -> list[str]:
        """Those chunks that a search with their own vector does not find among the first ten."""
        found = self._collection(collection)
        lost: list[str] = []
        for at in range(0, len(chunks), SELF_QUERIES):
            part = slice(at, at + SELF_QUERIES)
            hits = found.query(query_embeddings=vectors[part], n_results=min(10, len(chunks)), include=["metadatas"])
            rows = zip(chunks[part], hits["metadatas"], strict=True)
            lost += [chunk for chunk, near in rows if chunk not in {m["chunk"] for m in near}]
        return lost

    def _collection(self, name: str) -> Any:  # noqa: ANN401 - Chroma's own type
        from chromadb.errors import NotFoundError

        if name not in self._collections:
            try:
                self._collections[name] = self._client.get_collection(name, embedding_function=None)
            except NotFoundError:
                self._collections[name] = None
        return self._collections[name]

    def close(self) -> None:
        """Release the folder and its file handles."""
        self._collections.clear()
        self._client.close()
