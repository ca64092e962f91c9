"""What a message asks: follow-ups made to stand alone, questions on the article, small talk."""

from bot.understand.aspects import Aspects
from bot.understand.premises import Premises
from bot.understand.question import understand
from bot.understand.spelling import spelling_of
from bot.understand.vocabulary import Vocabulary

__all__ = ["Aspects", "Premises", "Vocabulary", "spelling_of", "understand"]
