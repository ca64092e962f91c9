"""What the pages show, as HTML from templates that escape everything they are given."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from bot.answer import SAFETY_ACTIONS, Action, Answer, Citation, HelplineView
from bot.web import links
from bot.web.contract import DocumentView
from bot.web.conversations import Turn
from bot.web.markup import Block, Cite, blocks
from bot.web.passage import document_blocks
from bot.web.words import Words

#: Said by the bar, which stays in sight.
FOLLOW_UP = "crisis_follow_up"
TEMPLATES = Path(__file__).parent / "templates"


class Renderer:
    """Turns answers, sources, helplines and pages into HTML, in one language."""

    def __init__(self, words: Words, version: str) -> None:
        self.words = words
        self._env = Environment(
            loader=FileSystemLoader(TEMPLATES),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._env.globals.update(w=words, version=version, link=links, short=short, names=names)
        self._env.filters.update(groupby_kind=by_kind, checked_dates=checked_dates)

    def page(self, name: str, **values: object) -> str:
        """A page or a part of one from its template."""
        return self._env.get_template(f"{name}.html").render(**values)

    def turn(self, turn: Turn, *, shown: int | None = None) -> str:
        """A question and its answer, on one line of HTML; `shown` stops after so many sentences, while it arrives."""
        answer = turn.answer
        text = _first(answer_blocks(turn.id, answer, self.words), shown) if answer else ()
        notices = [(n.kind, blocks(n.text)) for n in answer.notices if n.kind != FOLLOW_UP] if answer else []
        return one_line(
            self.page(
                "turn",
                turn=turn,
                question=turn.question.splitlines(),
                answer=answer,
                blocks=text,
                notices=notices,
                done=answer is not None and shown is None,
                safety=answer is not None and answer.action in SAFETY_ACTIONS,
                failed=answer is not None and answer.action is Action.ERROR,
                seen=_first_seen(answer),
            ),
        )

    def bar(self, lines: Iterable[HelplineView]) -> str:
        """The bar that stays after a safety reply, with the first crisis line."""
        found = sorted(lines, key=lambda line: line.kind != "suicide_crisis")[:1]
        return one_line(self.page("bar", lines=found)) if found else ""

    def hint(self) -> str:
        """The line under the input that asks for a question."""
        return str(Markup('<p id="hint">{}</p>').format(self.words.ask.empty))

    def patch(self, *parts: str, number: int = 0) -> str:
        """Parts of the page that the page's script puts where their ids say; `number` makes each patch a new one."""
        return f'<div class="patch" id="patch-{number}"><template>{"".join(parts)}</template></div>'

    def document(self, view: DocumentView, start: int | None, end: int | None) -> str:
        """The page of one source, with a passage marked."""
        return self.page("document", d=view, blocks=document_blocks(view.text, start, end))


def answer_blocks(turn: str, answer: Answer, words: Words) -> tuple[Block, ...]:
    """The answer's text; its markers lead to the sources below it."""
    cites = {
        citation.n: Cite(
            href=f"#{turn}-s{citation.n}",
            label=words.turn.source_label.format(n=citation.n, short=short(citation)),
        )
        for citation in answer.citations
    }
    return blocks(_without_lines(answer), cites)


def _without_lines(answer: Answer) -> str:
    """The text of a safety reply without the rows of its lines: these are shown as buttons above it."""
    names = tuple(f"**{line.name}:**" for line in answer.helplines)
    return "\n".join(row for row in answer.text.split("\n") if not names or not row.startswith(names))


def sentence_count(turn: str, answer: Answer, words: Words) -> int:
    """How many pieces an answer arrives in."""
    return sum(len(block.pieces) for block in answer_blocks(turn, answer, words))


def _first_seen(answer: Answer | None) -> dict[str, int]:
    """For each document, the number of the first citation of it: its card is shown once."""
    seen: dict[str, int] = {}
    for citation in answer.citations if answer else ():
        seen.setdefault(citation.document, citation.n)
    return seen


def _first(found: Iterable[Block], shown: int | None) -> tuple[Block, ...]:
    """The first so many pieces of the blocks."""
    if shown is None:
        return tuple(found)
    kept: list[Block] = []
    left = shown
    for block in found:
        if left <= 0:
            break
        kept.append(Block(block.kind, block.pieces[:left]))
        left -= len(block.pieces)
    return tuple(kept)


def short(source: Citation | DocumentView) -> str:
    """A source in two words: `Grabski 2022`, or its title where it has no author."""
    family = source.authors[0].rsplit(" ", 1)[0] if source.authors else ""
    name = family or (source.title if len(source.title) <= 40 else source.title[:39].rstrip() + "…")
    return f"{name} {source.year}" if family and source.year else name


def names(authors: tuple[str, ...]) -> str:
    """The first three authors."""
    named = [author for author in authors if author.lower().rstrip(".") != "et al"]
    return ", ".join(named[:3]) + (" et al." if len(named) > 3 or len(named) < len(authors) else "")


def by_kind(lines: Iterable[HelplineView]) -> list[tuple[str, list[HelplineView]]]:
    """The lines grouped by what they are for; groups and lines stay in the order in which they came."""
    groups: dict[str, list[HelplineView]] = {}
    for line in lines:
        groups.setdefault(line.kind, []).append(line)
    return list(groups.items())


def checked_dates(lines: Iterable[HelplineView]) -> list[str]:
    """The oldest date on which one of these lines was checked, or nothing."""
    return sorted(line.checked for line in lines if line.checked)[:1]


def one_line(html: str) -> str:
    """The HTML without line breaks, so that Markdown takes it as one block and leaves it alone."""
    return Markup(re.sub(r"\s*\n\s*", " ", html)).strip()
