"""Checks that hold for every writer, before anything is shown."""

from bot.verify.claims import verify

__all__ = ["verify"]
