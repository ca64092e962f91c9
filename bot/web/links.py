"""Addresses that a person can follow: of helplines, DOIs and passages. What is not of the expected form is left out."""

from __future__ import annotations

import re
from urllib.parse import quote

from bot.answer import Sms


def tel(number: str) -> str:
    """The address that calls a number."""
    return "tel:" + re.sub(r"[^+0-9]", "", number)


def sms(text: Sms) -> str:
    """The address that opens a text message, with the word to send where there is one."""
    number = "sms:" + re.sub(r"[^+0-9]", "", text.number)
    return f"{number}?body={quote(text.body)}" if text.body else number


def whatsapp(number: str) -> str:
    """The address that opens a WhatsApp chat."""
    return "https://wa.me/" + re.sub(r"[^0-9]", "", number)


def web(url: str | None) -> str | None:
    """A web address, or None where it is none."""
    return url if url and re.match(r"https?://[^\s/]", url) else None


def doi(name: str | None) -> str | None:
    """The address of a DOI; brackets and all."""
    return f"https://doi.org/{quote(name, safe='/().;:-_')}" if name and re.match(r"10\.\d{3,9}/\S+$", name) else None


def passage(document: str, start: int, end: int) -> str:
    """The address of a passage in its document."""
    return f"/documents/{quote(document, safe='')}?start={start}&end={end}#passage"
