"""Build a version aside, check it, then put it in its place. The live version is never touched."""

from __future__ import annotations

import datetime
import hashlib
import json
import os
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from corpus.card import Card
from index.chunk import Chunk, chunk_card
from index.embed.base import Embedder, Progress, Vectors
from index.errors import IndexingError
from index.fuse import K
from index.keywords import KeywordIndex
from index.vectors import QUESTIONS, STATEMENTS, VectorStore
from index.version.manifest import Manifest
from index.version.store import VersionStore

ATTEMPTS = 5
#: The same vectors, chunks first and then questions, for the exact search of a corpus of ordinary size.
EXACT = "vectors.npy"
#: None may be lost of a corpus like ours; of 10,000 equal or near-equal passages one may.
LOST_OF_MANY = 1e-4


@dataclass(frozen=True)
class Source:
    """What a version is built from: chunks in order, and what citations need to know of each document."""

    chunks: Sequence[Chunk]
    documents: Mapping[str, dict[str, Any]]

    @classmethod
    def of_cards(cls, cards: Mapping[str, Card]) -> Source:
        """The chunks and bibliography of cards."""
        chunks = [chunk for card in cards.values() for chunk in chunk_card(card)]
        return cls(
            chunks,
            {i: card.model_dump(mode="json", exclude={"questions", "curator_notes"}) for i, card in cards.items()},
        )


def build(store: VersionStore, source: Source, embedder: Embedder, progress: Progress | None = None) -> Manifest:
    """A new version of these documents; it is not live until it is promoted.

    Raises IndexingError where another build runs, the disk is full or a check fails; then nothing has changed.
    """
    if not source.chunks:
        raise IndexingError("empty", "there is nothing to index: the corpus holds no passages")
    with store.writing():
        created = datetime.datetime.now(datetime.UTC)
        digest = _digest(source, embedder)
        version = f"{created:%Y%m%dT%H%M%S}-{digest[:8]}"
        if (store.folder / "versions" / version).exists():
            version = f"{created:%Y%m%dT%H%M%S%f}-{digest[:8]}"
        part = store.folder / f"building-{version}"
        try:
            part.mkdir()
            manifest = _write(part, version, created, source, embedder, progress)
            (store.folder / "versions").mkdir(exist_ok=True)
            part.rename(store.folder / "versions" / version)
            _fsync_folder(store.folder / "versions")
        except OSError as error:
            raise IndexingError(
                "disk", f"{part}: cannot be written: {error.strerror or error}; nothing was changed"
            ) from error
        finally:
            shutil.rmtree(part, ignore_errors=True)
        return manifest


def _write(
    part: Path, version: str, created: datetime.datetime, source: Source, embedder: Embedder, progress: Progress | None
) -> Manifest:
    chunks = list(source.chunks)
    asked = [(f"{c.id}?{i}", c.id, q) for c in chunks for i, q in enumerate(c.questions)]
    vectors = embedder.embed([c.embedded for c in chunks] + [q for _, _, q in asked], progress)
    _write_vectors(part / "chroma", chunks, asked, vectors)
    np.save(part / EXACT, vectors)
    KeywordIndex.build([keyword_text(c) for c in chunks]).save(part / "keywords")
    _write_jsonl(part / "chunks.jsonl", (c.to_row() for c in chunks))
    _write_jsonl(part / "documents.jsonl", source.documents.values())
    manifest = Manifest(
        version=version,
        created=created.isoformat(timespec="seconds"),
        model=embedder.name,
        model_sha256=embedder.sha256,
        dimension=int(vectors.shape[1]),
        chunks=len(chunks),
        questions=len(asked),
        documents={i: _hash(row) for i, row in source.documents.items()},
        settings={"fusion_k": K},
    )
    _check(part, manifest, chunks)
    (part / "manifest.json").write_text(manifest.model_dump_json(indent=1) + "\n", encoding="utf-8")
    return manifest


def _write_vectors(folder: Path, chunks: list[Chunk], asked: list[tuple[str, str, str]], vectors: Vectors) -> None:
    """Both collections. The graph of the approximate search can come out with places that no search reaches: then it is built once more."""
    ids = [c.id for c in chunks]
    for _ in range(ATTEMPTS):
        shutil.rmtree(folder, ignore_errors=True)
        store = VectorStore(folder)
        store.add(STATEMENTS, ids, ids, vectors[: len(ids)])
        if asked:
            store.add(QUESTIONS, [i for i, _, _ in asked], [c for _, c, _ in asked], vectors[len(ids) :])
        store.close()
        store = VectorStore(folder)
        lost = store.missing(STATEMENTS, ids, vectors[: len(ids)])
        store.close()
        if len(lost) <= len(ids) * LOST_OF_MANY:
            return
    raise IndexingError("check", f"the new index failed its check: {lost[0]} does not find itself; build again")


def keyword_text(chunk: Chunk) -> str:
    """What keyword search knows of a chunk: its text, its context and the questions that it answers."""
    return "\n".join((chunk.text, chunk.header, *chunk.questions))


def _check(part: Path, manifest: Manifest, chunks: Sequence[Chunk]) -> None:
    """Open what was written as a reader would; raises IndexingError where it is not whole."""
    if len({c.id for c in chunks}) != len(chunks):
        raise IndexingError("check", "the new index failed its check: two passages have the same id")
    for name, row in zip(manifest.documents, (part / "documents.jsonl").read_text("utf-8").splitlines(), strict=True):
        if _hash(json.loads(row)) != manifest.documents[name]:
            raise IndexingError("check", f"the new index failed its check: document {name} does not match its hash")
    store = VectorStore(part / "chroma")
    try:
        counts = (store.count(STATEMENTS), store.count(QUESTIONS))
        if counts != (manifest.chunks, manifest.questions):
            raise IndexingError("check", f"the new index failed its check: it holds {counts} vectors, not all of them")
    finally:
        store.close()


def _digest(source: Source, embedder: Embedder) -> str:
    parts = [embedder.sha256, *(c.digest for c in source.chunks), *(_hash(d) for d in source.documents.values())]
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


def _hash(row: Mapping[str, Any]) -> str:
    return hashlib.sha256(json.dumps(row, sort_keys=True, ensure_ascii=False).encode()).hexdigest()[:16]


def _write_jsonl(path: Path, rows: Any) -> None:  # noqa: ANN401 - any iterable of mappings
    with path.open("w", encoding="utf-8", newline="\n") as file:
        for row in rows:
            file.write(json.dumps(row, ensure_ascii=False) + "\n")
        file.flush()
        os.fsync(file.fileno())


def _fsync_folder(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
