"""An answer's text as HTML: everything is escaped, then a few harmless forms of Markdown are let through.

Paragraphs, lists, bold, italic, links to http(s), tel and sms, and the markers [1] of our own citations. No HTML, no
images, no other schemes, whatever the text says. The text comes in whole sentences, to be shown one after the other.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token
from markdown_it.utils import EnvType, OptionsDict
from markupsafe import Markup, escape

SAFE_LINK = re.compile(r"(?:https?://[^\s/]|tel:[+0-9]|sms:[+0-9])", re.IGNORECASE)
MARKER = re.compile(r"\[(\d{1,3})\]")
SENTENCE_END = re.compile(r"(?<=\d\][.!?])\s+|(?<=[.!?] \[\d\])\s+(?=\w)")
LIST_ITEM = re.compile(r"^\s*(?:[-*+]|\d+\.)\s+", re.MULTILINE)


@dataclass(frozen=True)
class Cite:
    """Where a citation's marker leads, and its name for those who cannot see where."""

    href: str
    label: str


@dataclass(frozen=True)
class Block:
    """A paragraph as its sentences, or a list as one piece."""

    kind: str
    pieces: tuple[Markup, ...]


class _Renderer(RendererHTML):
    """Marks what a link does, and turns the citation markers in running text into links."""

    def text(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType) -> str:
        """Running text, escaped; `[n]` becomes a link where there is such a citation and we are in no link already."""
        content = tokens[idx].content
        depth = sum(token.nesting for token in tokens[:idx] if token.type in {"link_open", "link_close"})
        cites: Mapping[int, Cite] = env.get("cites", {})
        if depth or not cites:
            return str(escape(content))
        parts: list[str] = []
        at = 0
        for found in MARKER.finditer(content):
            cite = cites.get(int(found[1]))
            if cite is not None:
                before = content[at : found.start()]
                before = f"{before[:-1]}\N{NO-BREAK SPACE}" if before.endswith(" ") else before
                parts += [str(escape(before)), _cite(found[1], cite)]
                at = found.end()
        return "".join([*parts, str(escape(content[at:]))])

    def link_open(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType) -> str:
        """A link: to another site in a new tab and without a word on where from; to the phone as it is."""
        href = str(tokens[idx].attrGet("href") or "")
        if href.lower().startswith(("tel:", "sms:")):
            return f'<a class="reach" href="{escape(href)}">'
        return f'<a class="away" href="{escape(href)}" target="_blank" rel="noopener noreferrer">'


def _cite(number: str, cite: Cite) -> str:
    return str(
        Markup('<a class="cite" href="{}" aria-label="{}">[{}]</a>').format(cite.href, cite.label, number),
    )


def _markdown() -> MarkdownIt:
    markdown = MarkdownIt("zero", {"html": False, "linkify": False}, renderer_cls=_Renderer)
    markdown.enable(["emphasis", "link", "list", "newline", "escape"])
    markdown.validateLink = lambda url: SAFE_LINK.match(url) is not None  # type: ignore[method-assign]
    return markdown


def blocks(text: str, cites: Mapping[int, Cite] | None = None) -> tuple[Block, ...]:
    """The text as blocks of finished HTML pieces; a piece is a whole sentence or a whole list."""
    markdown, env = _markdown(), {"cites": cites or {}}
    found: list[Block] = []
    for part in re.split(r"\n\s*\n", text.strip()):
        if LIST_ITEM.match(part):
            found.append(Block("list", (Markup(markdown.render(part, env)),)))
        elif part.strip():
            pieces = (Markup(markdown.renderInline(piece, env)) for piece in sentences(part))
            found.append(Block("paragraph", tuple(pieces)))
    return tuple(found)


def sentences(paragraph: str) -> tuple[str, ...]:
    """A paragraph cut after sentences that end with a citation; never inside bold, italic or a link."""
    whole: list[str] = []
    for piece in SENTENCE_END.split(paragraph.strip()):
        if whole and not _balanced(whole[-1]):
            whole[-1] = f"{whole[-1]} {piece}"
        elif piece:
            whole.append(piece)
    return tuple(whole)


def _balanced(piece: str) -> bool:
    return piece.count("*") % 2 == 0 and piece.count("**") % 2 == 0 and piece.count("(") == piece.count(")")
