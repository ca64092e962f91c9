"""Reranking: reads the question and each found passage together, and scores how well the one answers the other."""

from index.rerank.base import Reranker
from index.rerank.load import load_reranker

__all__ = ["Reranker", "load_reranker"]
