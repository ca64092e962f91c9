"""Checks that hold for every writer, before anything is shown."""

from bot.verify.claims import verify
from bot.verify.output import OutputGuard

__all__ = ["OutputGuard", "verify"]
