"""Keyword search: BM25 (bm25s) with an English stemmer, memory-mapped from disk."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from index.errors import IndexingError


class KeywordIndex:
    """BM25 over one text a chunk. Results are places in the list of chunks."""

    def __init__(self, bm25: Any) -> None:  # noqa: ANN401 - bm25s has no types
        import Stemmer

        self._bm25 = bm25
        self._stemmer = Stemmer.Stemmer("english")

    @classmethod
    def build(cls, texts: Sequence[str]) -> KeywordIndex:
        """Index texts in memory."""
        import bm25s

        made = cls(bm25s.BM25())
        made._bm25.index(made._tokens(list(texts)), show_progress=False)
        return made

    @classmethod
    def load(cls, folder: Path) -> KeywordIndex:
        """Open a saved index; raises IndexingError where it is missing or damaged."""
        import bm25s

        try:
            return cls(bm25s.BM25.load(str(folder), mmap=True, show_progress=False))
        except Exception as error:
            raise IndexingError(
                "index", f"{folder}: the keyword index cannot be opened; run `evidence-bot index build`"
            ) from error

    def save(self, folder: Path) -> None:
        """Write the index to a folder."""
        self._bm25.save(str(folder), show_progress=False)

    def search(self, query: str, k: int) -> list[tuple[int, float]]:
        """The k best places with their scores, best first; nothing where no word is known."""
        tokens = self._tokens([query], return_ids=False)
        size = int(self._bm25.scores["num_docs"])
        if not tokens[0] or not size:
            return []
        places, scores = self._bm25.retrieve(tokens, k=min(k, size), show_progress=False)
        return [(int(p), float(s)) for p, s in zip(places[0], scores[0], strict=True) if s > 0]

    def _tokens(self, texts: list[str], return_ids: bool = True) -> Any:  # noqa: ANN401
        import bm25s

        return bm25s.tokenize(texts, stopwords="en", stemmer=self._stemmer, show_progress=False, return_ids=return_ids)
