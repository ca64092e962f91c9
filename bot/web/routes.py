"""The pages that need neither JavaScript nor Gradio: helplines, documents, health."""

from __future__ import annotations

from pathlib import Path

from fastapi import APIRouter, Request
from fastapi.responses import FileResponse, HTMLResponse, JSONResponse, Response

from bot.web.chat import Chat

STATIC = Path(__file__).parent / "static"
FILES = {"page.css": "text/css", "page.js": "text/javascript", "icon.svg": "image/svg+xml"}


def build_routes(chat: Chat) -> APIRouter:
    """The routes of these pages."""
    router = APIRouter()
    page = chat.renderer.page

    @router.get("/healthz")
    def healthz() -> JSONResponse:
        return JSONResponse({"status": "degraded" if chat.bot.degraded else "ok"})

    @router.get("/help")
    def helplines(request: Request, country: str | None = None) -> HTMLResponse:
        code = chat.country(None, country, request.headers.get("accept-language"))
        countries = chat.bot.helpline_countries()
        return HTMLResponse(page("help", found=chat.lines(code), country=code, countries=countries))

    @router.get("/help/lines")
    def lines(request: Request, country: str | None = None) -> HTMLResponse:
        code = chat.country(None, country, request.headers.get("accept-language"))
        return HTMLResponse(page("lines", found=chat.lines(code), country=code))

    @router.get("/documents/{document_id}")
    def document(document_id: str, start: str = "", end: str = "") -> HTMLResponse:
        view = chat.bot.document(document_id)
        if view is None:
            return HTMLResponse(page("missing"), status_code=404)
        return HTMLResponse(chat.renderer.document(view, _offset(start), _offset(end)))

    @router.get("/page/{name}")
    def static(name: str) -> Response:
        if name not in FILES:
            return HTMLResponse(page("missing"), status_code=404)
        return FileResponse(STATIC / name, media_type=FILES[name])

    return router


def _offset(value: str) -> int | None:
    """A character offset from an address; anything else is none."""
    return int(value) if value.isascii() and value.isdigit() and len(value) < 10 else None
