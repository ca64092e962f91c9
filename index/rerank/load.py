"""Which reranker to use."""

from __future__ import annotations

from index.rerank.base import Reranker

OFF = "off"


def load_reranker(name: str | None) -> Reranker | None:
    """Our own where no name is given, none for “off”, else a cross-encoder by name or path. Nothing is loaded before its first use."""
    if name == OFF:
        return None
    if name is None:
        from index.rerank.onnx import OnnxCrossEncoder

        return OnnxCrossEncoder()
    from index.rerank.cross_encoder import CrossEncoderReranker

    return CrossEncoderReranker(name)
