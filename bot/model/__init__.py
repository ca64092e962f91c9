"""Any LangChain chat model, called within bounds: time, attempts, length, a day's budget."""

from bot.model.call import Caller, Limits, ModelFailed
from bot.model.load import load_model, name_of
from bot.model.spending import Spending

__all__ = ["Caller", "Limits", "ModelFailed", "Spending", "load_model", "name_of"]
