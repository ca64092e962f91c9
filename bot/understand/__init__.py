"""What a message asks: follow-ups made to stand alone, questions on the article, small talk."""

from bot.understand.question import understand

__all__ = ["understand"]
