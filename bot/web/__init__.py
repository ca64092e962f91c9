"""The patient's page: a web chat with cited answers, helplines and the sources' own pages."""

from bot.web.chat import Limits
from bot.web.contract import Bot, DocumentView
from bot.web.errors import WebError
from bot.web.server import create_app, serve

__all__ = ["Bot", "DocumentView", "Limits", "WebError", "create_app", "serve"]
