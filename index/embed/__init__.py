"""Embedders: one interface, the ONNX default, any other sentence-transformers model by name or path."""

from __future__ import annotations

from pathlib import Path

from index.embed.base import Embedder, Vectors
from index.embed.onnx import OnnxEmbedder, default_folder

__all__ = ["Embedder", "Vectors", "load_embedder"]


def load_embedder(model: str | None = None) -> Embedder:
    """The default embedder, or the sentence-transformers model of this name or path."""
    if model is None or Path(model).joinpath("model.json").is_file():
        return OnnxEmbedder(Path(model) if model else default_folder())
    from index.embed.sentence_transformers import SentenceTransformersEmbedder

    return SentenceTransformersEmbedder(model)
