"""Writers: passages become an answer's claims. The default is extractive and needs no language model."""

from bot.write.extractive import write

__all__ = ["write"]
