"""The web app: our pages and Gradio's input in one FastAPI app, and the server that runs it."""

from __future__ import annotations

import asyncio
import contextlib
import errno
import hashlib
import logging
import socket
import sys
from collections.abc import Callable

import gradio as gr
import uvicorn
from fastapi import FastAPI
from starlette.datastructures import Headers

from bot.web.blocks import build_blocks, theme
from bot.web.chat import Chat, Limits
from bot.web.contract import Bot
from bot.web.conversations import Conversations, MemoryConversations
from bot.web.errors import WebError
from bot.web.render import Renderer
from bot.web.routes import FILES, STATIC, build_routes
from bot.web.shell import Shell
from bot.web.words import load_words


def create_app(
    bot: Bot,
    *,
    lang: str = "en",
    clinic: str | None = None,
    conversations: Conversations | None = None,
    limits: Limits | None = None,
) -> FastAPI:
    """The whole web app around a bot. `clinic` is the clinic's name, where one offers this page."""
    words = load_words(lang)
    renderer = Renderer(words, _version())
    chat = Chat(bot, conversations or MemoryConversations(), renderer, limits or Limits())
    app = FastAPI(title=words.service.name, docs_url=None, redoc_url=None, openapi_url=None)
    app.include_router(build_routes(chat))
    app.add_middleware(Shell, chrome=_chrome(chat, clinic), failure=_failure(chat))
    _in_a_loop(lambda: _mount(app, build_blocks(chat, words, chat.limits.queue)))
    return app


def _mount(app: FastAPI, blocks: gr.Blocks) -> None:
    """Put Gradio's part in, with everything of it shut that the page does not need."""
    gr.mount_gradio_app(
        app,
        blocks,
        path="/",
        theme=theme(),
        run_history=False,
        footer_links=[],
        ssr_mode=False,
        show_error=False,
        enable_monitoring=False,
        max_file_size=1,
        mcp_server=False,
        pwa=False,
    )


def _in_a_loop(make: Callable[[], None]) -> None:
    """Call something in an event loop: outside of one, Gradio makes a loop for each of its locks and closes none."""

    async def inside() -> None:
        make()

    try:
        asyncio.get_running_loop()
    except RuntimeError:
        asyncio.run(inside())
    else:
        make()


def _chrome(chat: Chat, clinic: str | None) -> Callable[[Headers], tuple[str, str]]:
    """What is put into Gradio's page: into its head, and above its input."""

    def chrome(asked: Headers) -> tuple[str, str]:
        country = chat.country(None, None, asked.get("accept-language"))
        top = chat.renderer.page(
            "chrome",
            country=country,
            countries=chat.bot.helpline_countries(),
            found=chat.lines(country),
            examples=chat.bot.examples,
            clinic=clinic,
        )
        return chat.renderer.page("chrome_head"), top

    return chrome


def _failure(chat: Chat) -> Callable[[Headers], str]:
    """The page that stands in for the chat."""

    def failure(asked: Headers) -> str:
        country = chat.country(None, None, asked.get("accept-language"))
        return chat.renderer.page("failure", found=chat.lines(country))

    return failure


def _version() -> str:
    """A short hash of our own files, so that a browser never mixes two versions of them."""
    content = b"".join((STATIC / name).read_bytes() for name in sorted(FILES))
    return hashlib.sha256(content).hexdigest()[:12]


def serve(bot: Bot, host: str = "127.0.0.1", port: int = 7860, *, clinic: str | None = None) -> None:
    """Serve the page until Ctrl-C; raises WebError where the address cannot be had.

    Pages that are open when it stops are cut off, which is no error: after that moment uvicorn reports nothing.
    """
    listening = listen(host, port)
    app = create_app(bot, clinic=clinic)
    config = uvicorn.Config(app, log_level="warning", server_header=False, timeout_graceful_shutdown=2)
    shown = f"[{host}]" if ":" in host else host
    sys.stdout.write(f"Serving on http://{shown}:{listening.getsockname()[1]} (Ctrl-C stops it)\n")
    sys.stdout.flush()
    server = uvicorn.Server(config)
    logging.getLogger("uvicorn.error").addFilter(lambda record: not server.should_exit)
    try:
        with contextlib.suppress(KeyboardInterrupt):  # uvicorn raises it again, but not where its task is done by then
            server.run(sockets=[listening])
        sys.stdout.write("\nStopped.\n")
    finally:
        listening.close()


def listen(host: str, port: int) -> socket.socket:
    """A socket on the address, or a WebError that says why there is none and what to do."""
    listening = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((host, port))
        listening.listen(512)
    except (OSError, OverflowError) as error:
        listening.close()
        if getattr(error, "errno", None) == errno.EADDRINUSE:
            message = f"port {port} on {host} is in use: stop what uses it, or choose another one with --port"
            raise WebError("port_in_use", message) from error
        raise WebError("address", f"cannot listen on {host} port {port}: {error}") from error
    return listening
