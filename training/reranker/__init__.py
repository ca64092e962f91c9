"""The training of the reranker."""
