"""The middleware around Gradio: our page about its input, headers on everything, and helplines where all else fails.

Plain ASGI, so that streamed answers pass through untouched; only the page itself is held back and rebuilt.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Callable

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import HTMLResponse, PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bot.web.security import OPEN_ROUTES, PLAIN_POLICY, app_policy, headers, script_hashes

log = logging.getLogger(__name__)
NOT_OURS = re.compile(r'<meta\s+(?:property|name)="(?:og|twitter):[^>]*>|<link rel="manifest"[^>]*>')


class Shell:
    """Wraps an app. `head` and `body` give what is put into the page, `failure` the page that stands in for it."""

    def __init__(
        self,
        app: ASGIApp,
        *,
        chrome: Callable[[Headers], tuple[str, str]],
        failure: Callable[[Headers], str],
    ) -> None:
        self._app = app
        self._chrome = chrome
        self._failure = failure

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        path = str(scope["path"])
        guarded = _with_headers(path, send)
        if not OPEN_ROUTES.match(path):
            await PlainTextResponse("Not found", status_code=404)(scope, receive, guarded)
        elif path == "/" and scope["method"] in {"GET", "HEAD"}:
            await self._page(scope, receive, guarded)
        else:
            await self._part(scope, receive, guarded)

    async def _part(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Any other address; where it breaks before it has said anything, the helplines."""
        started = False

        async def watched(message: Message) -> None:
            nonlocal started
            started = True
            await send(message)

        try:
            await self._app(scope, receive, watched)
        except Exception:
            if started:
                raise
            log.exception("a page failed; helplines are shown in its place")
            await HTMLResponse(self._failure(Headers(scope=scope)), status_code=500)(scope, receive, send)

    async def _page(self, scope: Scope, receive: Receive, send: Send) -> None:
        asked = Headers(scope=scope)
        try:
            response = await self._rebuilt(scope, receive, asked)
        except Exception:
            log.exception("the chat page failed; helplines are shown in its place")
            response = HTMLResponse(self._failure(asked), status_code=500)
        await response(scope, receive, send)

    async def _rebuilt(self, scope: Scope, receive: Receive, asked: Headers) -> HTMLResponse:
        status, body = await _collect(self._app, _uncompressed(scope), receive)
        html = body.decode("utf-8")
        if status != 200 or "<gradio-app" not in html:
            raise RuntimeError(f"the chat page came with status {status}")
        policy = app_policy(script_hashes(html))
        head, top = self._chrome(asked)
        html = NOT_OURS.sub("", html).replace("</head>", f"{head}</head>", 1)
        html = re.sub(r"<body[^>]*>", lambda found: f'<body class="app">{top}', html, count=1)
        return HTMLResponse(html, headers={"content-security-policy": policy})


async def _collect(app: ASGIApp, scope: Scope, receive: Receive) -> tuple[int, bytes]:
    """The status and the whole body of a response."""
    status, parts = 500, list[bytes]()

    async def keep(message: Message) -> None:
        nonlocal status
        if message["type"] == "http.response.start":
            status = message["status"]
        elif message["type"] == "http.response.body":
            parts.append(message.get("body", b""))

    await app(scope, receive, keep)
    return status, b"".join(parts)


def _uncompressed(scope: Scope) -> Scope:
    kept = [(name, value) for name, value in scope["headers"] if name.lower() != b"accept-encoding"]
    return {**scope, "headers": kept, "method": "GET"}


def _with_headers(path: str, send: Send) -> Send:
    async def guarded(message: Message) -> None:
        if message["type"] == "http.response.start":
            found = MutableHeaders(scope=message)
            for name, value in headers(path).items():
                found[name] = value
            if "content-security-policy" not in found:
                found["content-security-policy"] = PLAIN_POLICY
            if "server" in found:
                del found["server"]
        await send(message)

    return guarded
