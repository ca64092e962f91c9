"""The default embedder: a sentence-transformers model as fp32 ONNX on plain onnxruntime. It never imports torch."""

from __future__ import annotations

import hashlib
import json
import sys
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from index.embed.base import Progress, Vectors
from index.errors import IndexingError

if TYPE_CHECKING:
    from onnxruntime import InferenceSession
    from tokenizers import Tokenizer

BATCH = 32
MANIFEST = "model.json"


def default_folder() -> Path:
    """Where `make setup` puts the model: beside the installed packages, so that a fresh home still has it."""
    return Path(sys.prefix) / "share" / "evidence-bot" / "models" / "all-MiniLM-L6-v2"


class OnnxEmbedder:
    """Runs the model of a folder that `index.embed.export` wrote. Loads at first use; safe to share between threads."""

    def __init__(self, folder: Path, threads: int = 0) -> None:
        self._folder = folder
        self._threads = threads
        self._manifest = _read_manifest(folder)

    @property
    def name(self) -> str:
        """The model's name."""
        return str(self._manifest["name"])

    @property
    def sha256(self) -> str:
        """The hash of the source weights."""
        return str(self._manifest["source_sha256"])

    @cached_property
    def _session(self) -> InferenceSession:
        import onnxruntime as ort

        path = self._folder / "model.onnx"
        if file_sha256(path) != self._manifest["onnx_sha256"]:
            raise IndexingError("model", f"{path}: the file is damaged; run `make setup` again")
        options = ort.SessionOptions()
        options.intra_op_num_threads = self._threads
        try:
            return ort.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
        except Exception as error:  # onnxruntime raises bare classes of its own C++ layer
            raise IndexingError("model", f"{path}: onnxruntime cannot load it; run `make setup` again") from error

    @cached_property
    def _tokenizer(self) -> Tokenizer:
        from tokenizers import Tokenizer

        tokenizer = Tokenizer.from_file(str(self._folder / "tokenizer.json"))
        tokenizer.enable_truncation(int(self._manifest["max_tokens"]))
        tokenizer.enable_padding()
        return tokenizer

    def embed(self, texts: Sequence[str], progress: Progress | None = None) -> Vectors:
        """One unit vector a text. Texts run in batches of like length, so that little is spent on padding."""
        out = np.zeros((len(texts), int(self._manifest["dimension"])), np.float32)
        order = sorted(range(len(texts)), key=lambda i: len(texts[i]))
        for done in range(0, len(order), BATCH):
            rows = order[done : done + BATCH]
            encoded = self._tokenizer.encode_batch([texts[i] for i in rows])
            feed: dict[str, Any] = {
                "input_ids": np.array([e.ids for e in encoded], np.int64),
                "attention_mask": np.array([e.attention_mask for e in encoded], np.int64),
            }
            out[rows] = self._session.run(["sentence_vector"], feed)[0]
            if progress:
                progress(min(done + BATCH, len(order)), len(order))
        return out


def _read_manifest(folder: Path) -> dict[str, Any]:
    path = folder / MANIFEST
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
        if not isinstance(data, dict):
            raise ValueError("expected an object")
    except FileNotFoundError as error:
        raise IndexingError("model", f"{folder}: no exported model; run `make setup`") from error
    except (OSError, ValueError) as error:
        raise IndexingError("model", f"{path}: cannot be read; run `make setup` again") from error
    return data


def file_sha256(path: Path) -> str:
    """The hash of a file; raises IndexingError where it is missing."""
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise IndexingError("model", f"{path}: cannot be read ({error.strerror}); run `make setup`") from error
