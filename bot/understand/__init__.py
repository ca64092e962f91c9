"""What a message asks: follow-ups made to stand alone, questions on the article, small talk."""

from bot.understand.question import understand
from bot.understand.vocabulary import Vocabulary

__all__ = ["Vocabulary", "understand"]
