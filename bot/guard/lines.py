"""Helplines as a person sees them: complete links to call, text or chat, in Markdown and as values."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import quote

from pydantic import BaseModel, ConfigDict

from bot.answer import Dial, HelplineView, Sms
from corpus.helplines import Helpline


class LineWords(BaseModel):
    """The few words around a number, in one language."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    call: str
    text: str
    text_word: str
    chat: str
    local_emergency: str


def as_view(line: Helpline) -> HelplineView:
    """The helpline as an answer carries it."""
    return HelplineView(
        id=line.id,
        name=line.name,
        kind=line.kind,
        country=line.country,
        dial=tuple(Dial(number=row.number, label=row.label) for row in line.dial),
        sms=Sms(number=line.sms.number, body=line.sms.body or "") if line.sms else None,
        whatsapp=line.whatsapp,
        chat_url=line.chat_url,
        hours=line.hours,
        checked=line.checked,
    )


def as_markdown(placeholder: str, lines: Sequence[Helpline], words: LineWords) -> str:
    """What stands for a placeholder: one emergency number, or each line with all its ways in a row of its own."""
    if placeholder == "emergency":
        return _emergency(lines, words)
    return "\n".join(f"**{line.name}:** {' · '.join(_ways(line, words))}" for line in lines)


def _emergency(lines: Sequence[Helpline], words: LineWords) -> str:
    if not lines or not lines[0].dial:
        return words.local_emergency
    return f"**{_call(lines[0].dial[0].number, words)}**"


def _ways(line: Helpline, words: LineWords) -> list[str]:
    ways = [_call(row.number, words) + (f" ({row.label})" if row.label else "") for row in line.dial[:2]]
    if line.sms:
        ways.append(_text(line.sms.number, line.sms.body, words))
    if line.whatsapp:
        ways.append(f"[WhatsApp](https://wa.me/{_digits(line.whatsapp).lstrip('+')})")
    if line.chat_url:
        ways.append(f"[{words.chat}]({line.chat_url})")
    return ways


def _call(number: str, words: LineWords) -> str:
    return f"[{words.call.format(number=number)}](tel:{_digits(number)})"


def _text(number: str, body: str | None, words: LineWords) -> str:
    if body:
        label = words.text_word.format(number=number, body=body)
        return f"[{label}](sms:{_digits(number)}?body={quote(body)})"
    return f"[{words.text.format(number=number)}](sms:{_digits(number)})"


def _digits(number: str) -> str:
    return number.replace(" ", "")
