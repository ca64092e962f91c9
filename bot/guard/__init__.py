"""Screening: sees a message first, alone and whole, and words the safety replies."""

from __future__ import annotations

from bot.guard.guard import Guard
from bot.guard.verdict import SafetyReply, Verdict

__all__ = ["Guard", "SafetyReply", "Verdict"]
