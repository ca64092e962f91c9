"""The Gradio part of the page: the input, and a hidden place through which patches reach the page's script.

Gradio's own HTML component compiles its templates with `eval`, which our Content-Security-Policy forbids; its Chatbot
has unnamed buttons and builds the conversation anew at each update, so that a screen reader reads it all again. So the
conversation is a plain `role="log"` of our own, and Gradio carries the finished HTML to it.
"""

from __future__ import annotations

import os
from collections.abc import AsyncIterator
from typing import Any

import gradio as gr

from bot.web.chat import Chat
from bot.web.words import Words

QUIET: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private"}
FONT = ["system-ui", "-apple-system", "Segoe UI", "Roboto", "Helvetica Neue", "Arial", "sans-serif"]


def theme() -> gr.themes.Base:
    """Gradio's plainest theme with system fonts; colours come from page.css, for both colour schemes."""
    return gr.themes.Base(font=FONT, font_mono=["ui-monospace", "monospace"], text_size=gr.themes.sizes.text_lg)


def _count_nothing() -> None:
    """Keep Gradio from recording each event and summing all of them up with pandas after every one.

    Its queue reads these settings when it is made, and offers no other way.
    """
    os.environ.setdefault("GRADIO_ANALYTICS_MAX_EVENTS", "1")
    os.environ.setdefault("GRADIO_ANALYTICS_CACHE_FREQUENCY", str(10**9))


def build_blocks(chat: Chat, words: Words, queue: int) -> gr.Blocks:
    """The input and its two steps."""

    def take(text: str, conversation: str | None, country: str, request: gr.Request) -> tuple[str, str, str]:
        languages = request.headers.get("accept-language") if request else None
        kept, patch = chat.take(text or "", conversation, country, languages)
        return "", kept, patch

    async def answer(conversation: str | None) -> AsyncIterator[str]:
        async for patch in chat.answer(conversation):
            yield patch

    with gr.Blocks(title=words.service.title, analytics_enabled=False) as blocks:
        conversation = gr.State(None, delete_callback=chat.conversations.forget)
        box = gr.Textbox(
            elem_id="ask",
            label=words.ask.label,
            placeholder=words.ask.placeholder,
            submit_btn=words.ask.send,
            lines=1,
            max_lines=6,
            container=False,
            show_label=False,
        )
        country = gr.Textbox(elem_id="country", label=words.help.country, visible="hidden")
        feed = gr.Markdown(elem_id="feed", sanitize_html=False, latex_delimiters=[], container=False)
        taken = box.submit(take, [box, conversation, country], [box, conversation, feed], queue=False, **QUIET)
        answered = taken.success(answer, [conversation], [feed], concurrency_limit=None, **QUIET)
        answered.failure(chat.failed, [conversation], [feed], queue=False, **QUIET)
    _count_nothing()
    blocks.queue(max_size=queue, api_open=False, default_concurrency_limit=None)
    return blocks
