"""Security headers, with a content policy that knows the built pages' own inline scripts."""

import base64
import hashlib
import re
from collections.abc import Iterable, Sequence
from pathlib import Path

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from trex_app.api.framing import frame_ancestors

INLINE_SCRIPT = re.compile(r"<script(?![^>]*\ssrc=)[^>]*>(.*?)</script>", re.DOTALL)

ALWAYS = {
    "x-content-type-options": "nosniff",
    "referrer-policy": "strict-origin-when-cross-origin",
    "cross-origin-opener-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=()",
}
UNFRAMED = {"x-frame-options": "DENY"}
"""Says the same as `frame-ancestors 'none'`, and can name no site: not for pages with a tenant."""
FRAMED_BY_NOBODY = "frame-ancestors 'none'"


def inline_script_hashes(static_dir: Path) -> frozenset[str]:
    """CSP sources (`'sha256-…'`) of every inline script in the built HTML under `static_dir`.

    Some of these scripts change with every build, so the files are asked at start.
    """
    return frozenset(
        _csp_source(script)
        for page in static_dir.rglob("*.html")
        for script in INLINE_SCRIPT.findall(page.read_text(encoding="utf-8"))
    )


def _csp_source(script: str) -> str:
    digest = hashlib.sha256(script.encode()).digest()
    return f"'sha256-{base64.b64encode(digest).decode()}'"


def content_security_policy(
    script_sources: Iterable[str], server_sources: Iterable[str] = ()
) -> str:
    """Nothing but our own files and the known inline scripts; no eval, no inline styles.

    Where the pages' server has another origin than they have, its sources are to be named.
    """
    servers = " ".join(["'self'", *server_sources])
    directives = {
        "default-src": "'none'",
        "script-src": " ".join(["'self'", *sorted(script_sources)]),
        "style-src": "'self'",
        "img-src": "'self' data:",
        "font-src": "'self'",
        "connect-src": servers,
        # The examples for hosts stand on this server, too.
        "frame-src": "'self'",
        "manifest-src": "'self'",
        "form-action": "'self'",
        "base-uri": "'none'",
        "frame-ancestors": "'none'",
    }
    return "; ".join(f"{name} {sources}" for name, sources in directives.items())


def framed_by(policy: str, ancestors: Sequence[str]) -> str:
    """The policy of a page that nobody may frame, for one that these origins may."""
    if not ancestors:
        return policy
    return policy.replace(FRAMED_BY_NOBODY, f"frame-ancestors {' '.join(ancestors)}")


class SecurityHeaders:
    """ASGI middleware: the same headers on every answer, the content policy on every page.

    A page with a tenant says in its policy who may frame it, also where the browser has kept the
    page and only asks whether it is still good. An answer that sets a header itself (the API's own
    documentation page does) keeps it.
    """

    def __init__(self, app: ASGIApp, *, page_policy: str) -> None:
        self.app = app
        self.page_policy = page_policy

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, and complete the headers of its answer."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        ancestors = frame_ancestors(scope)

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in (ALWAYS if ancestors else {**ALWAYS, **UNFRAMED}).items():
                    headers.setdefault(name, value)
                if ancestors or headers.get("content-type", "").startswith("text/html"):
                    policy = framed_by(self.page_policy, ancestors)
                    headers.setdefault("content-security-policy", policy)
            await send(message)

        await self.app(scope, receive, send_with_headers)
