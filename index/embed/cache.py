"""Vectors by the hash of their text and model, so that one changed card costs one chunk's work."""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

import numpy as np

from index.embed.base import Embedder, Progress, Vectors
from index.errors import IndexingError

STEP = 512


class CachedEmbedder:
    """An embedder in front of a SQLite file; only texts that the file does not know are embedded."""

    def __init__(self, inner: Embedder, path: Path) -> None:
        self._inner = inner
        self._path = path

    @property
    def name(self) -> str:
        """The model's name."""
        return self._inner.name

    @property
    def sha256(self) -> str:
        """The hash of the model's weights."""
        return self._inner.sha256

    def embed(self, texts: Sequence[str], progress: Progress | None = None) -> Vectors:
        """One unit vector a text; raises IndexingError where the cache cannot be written."""
        keys = [hashlib.sha256(f"{self.sha256}\x1f{t}".encode()).digest() for t in texts]
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            with closing(sqlite3.connect(self._path, timeout=30)) as database:
                database.execute("PRAGMA journal_mode=WAL")
                database.execute(
                    "CREATE TABLE IF NOT EXISTS vectors (key BLOB PRIMARY KEY, vector BLOB NOT NULL) WITHOUT ROWID"
                )
                known = self._known(database, set(keys))
                missing = {k: t for k, t in zip(keys, texts, strict=True) if k not in known}
                known |= self._embed(database, missing, progress)
        except (sqlite3.Error, OSError) as error:
            raise IndexingError("disk", f"{self._path}: the embedding cache cannot be used: {error}") from error
        if not keys:
            return np.zeros((0, 0), np.float32)
        return np.vstack([np.frombuffer(known[k], np.float32) for k in keys])

    def _known(self, database: sqlite3.Connection, keys: set[bytes]) -> dict[bytes, bytes]:
        found: dict[bytes, bytes] = {}
        wanted = sorted(keys)
        for at in range(0, len(wanted), STEP):
            part = wanted[at : at + STEP]
            marks = ",".join("?" * len(part))
            found.update(database.execute(f"SELECT key, vector FROM vectors WHERE key IN ({marks})", part))
        return found

    def _embed(
        self, database: sqlite3.Connection, missing: dict[bytes, str], progress: Progress | None
    ) -> dict[bytes, bytes]:
        made: dict[bytes, bytes] = {}
        rows = sorted(missing.items(), key=lambda row: len(row[1]))
        for at in range(0, len(rows), STEP):
            part = rows[at : at + STEP]
            vectors = self._inner.embed([text for _, text in part])
            fresh = {key: vector.tobytes() for (key, _), vector in zip(part, vectors, strict=True)}
            database.executemany("INSERT OR REPLACE INTO vectors VALUES (?, ?)", fresh.items())
            database.commit()
            made |= fresh
            if progress:
                progress(at + len(part), len(rows))
        return made
