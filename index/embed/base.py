"""What every embedder offers. Vectors are float32, unit length, one row a text."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

Vectors = NDArray[np.float32]
Progress = Callable[[int, int], None]
"""Called with how many texts are done and how many there are."""


class Embedder(Protocol):
    """Turns texts into unit vectors. `name` and `sha256` say which model it is."""

    @property
    def name(self) -> str: ...  # noqa: D102
    @property
    def sha256(self) -> str: ...  # noqa: D102

    def embed(self, texts: Sequence[str], progress: Progress | None = None) -> Vectors:
        """One unit vector a text, in the order of the texts; shape (len(texts), dimension)."""
        ...
