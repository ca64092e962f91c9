"""Any other sentence-transformers model, by name or path. It loads torch, so it is imported only where it is asked for."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import Any

import numpy as np

from index.embed.base import Progress, Vectors
from index.errors import IndexingError

BATCH = 32


class SentenceTransformersEmbedder:
    """A model that sentence-transformers loads from this machine; nothing is fetched and no code of a model is run."""

    def __init__(self, model: str) -> None:
        from sentence_transformers import SentenceTransformer

        try:
            self._model: Any = SentenceTransformer(model, device="cpu", local_files_only=True, trust_remote_code=False)
        except Exception as error:  # whatever its loaders raise
            raise IndexingError(
                "model", f"{model}: sentence-transformers cannot load it from this machine: {error}"
            ) from error
        self.name = model
        self.sha256 = _weights_sha256(self._model)

    def embed(self, texts: Sequence[str], progress: Progress | None = None) -> Vectors:
        """One unit vector a text."""
        parts = []
        for done in range(0, len(texts), BATCH):
            batch = list(texts[done : done + BATCH])
            parts.append(self._model.encode(batch, normalize_embeddings=True, show_progress_bar=False))
            if progress:
                progress(done + len(batch), len(texts))
        return np.vstack(parts).astype(np.float32) if parts else np.zeros((0, 1), np.float32)


def _weights_sha256(model: Any) -> str:  # noqa: ANN401 - a torch module
    digest = hashlib.sha256()
    for name, tensor in sorted(model.state_dict().items()):
        digest.update(name.encode())
        digest.update(tensor.cpu().numpy().tobytes())
    return digest.hexdigest()
