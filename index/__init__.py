"""Finds passages: chunking, embeddings, vectors, keywords, fusion, versions."""
