"""What every response carries: a strict Content-Security-Policy and its companions; and which routes are open."""

from __future__ import annotations

import base64
import hashlib
import re

INLINE_SCRIPT = re.compile(r"<script(?![^>]*\ssrc=)[^>]*>(.*?)</script>", re.DOTALL | re.IGNORECASE)
HASHED_ASSET = re.compile(r"^/(?:assets/|page/)")

#: What the page needs of Gradio. Uploads, files, proxies, the API description and the rest stay shut.
OPEN_ROUTES = re.compile(
    r"^/(?:|healthz|help|help/lines|documents/[^/]*|page/[^/]*|config|theme\.css|assets/.*|static/.*"
    r"|gradio_api/(?:info|startup-events|run/[^/]*|queue/(?:join|data)|heartbeat/[^/]*|cancel|reset))$",
)

COMMON = {
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "x-frame-options": "DENY",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), display-capture=(), geolocation=(), microphone=(), payment=(), usb=()",
    "x-robots-tag": "noindex",
}
PLAIN_POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)


def script_hashes(html: str) -> tuple[str, ...]:
    """The hashes of the inline scripts of a page, as a policy names them."""
    digests = (hashlib.sha256(found.encode()).digest() for found in INLINE_SCRIPT.findall(html.replace("\r\n", "\n")))
    return tuple(f"'sha256-{base64.b64encode(digest).decode()}'" for digest in digests)


def app_policy(hashes: tuple[str, ...]) -> str:
    """The policy of the chat: our own files and the inline scripts that Gradio serves with its page, nothing else."""
    return "; ".join(
        [
            "default-src 'none'",
            " ".join(["script-src 'self'", *hashes]),
            "style-src 'self' 'unsafe-inline'",
            "connect-src 'self'",
            "img-src 'self' data:",
            "font-src 'self'",
            "manifest-src 'self'",
            "form-action 'self'",
            "base-uri 'self'",
            "frame-ancestors 'none'",
        ],
    )


def headers(path: str) -> dict[str, str]:
    """The headers of a response; only files whose address names their content may be kept by the browser."""
    keep = "public, max-age=31536000, immutable" if HASHED_ASSET.match(path) else "no-store"
    return {**COMMON, "cache-control": keep}
