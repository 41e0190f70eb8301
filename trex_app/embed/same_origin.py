"""Let one build serve any host and port: the bundle asks the origin it was loaded from.

An exported page names another origin, that of its server, on its root element. The chunks are the
same wherever they are held, so their names, which are hashes, stay true.
"""

import re
from pathlib import Path
from typing import Any

from reflex_base.plugins import Plugin

# Reflex bakes absolute addresses of its endpoints into one chunk, e.g. "ws://localhost:3000/_event".
BAKED_ENDPOINT = re.compile(
    r'"(?:https?|wss?)://localhost:\d+(/[\w/-]+)"|`(?:https?|wss?)://localhost:\d+(/[\w/-]+)`'
)

BACKEND_ATTRIBUTE = "data-trex-backend"
BACKEND = "(document.documentElement.dataset.trexBackend||location.origin)"


class EndpointsNotFound(RuntimeError):
    """The build holds no baked endpoint: this version of Reflex writes them differently."""


class SameOriginPlugin(Plugin):
    """Replace the origin in the baked endpoint addresses by an expression after the build."""

    def post_build(self, **context: Any) -> None:
        """Rewrite the endpoint chunks under `static_dir`.

        Raises EndpointsNotFound when there is nothing to rewrite, so that an upgrade cannot
        quietly ship a bundle that only works on the build machine.
        """
        static_dir: Path = context["static_dir"]
        rewritten = [chunk for chunk in static_dir.glob("assets/*.js") if _rewrite(chunk)]
        if not rewritten:
            raise EndpointsNotFound(f"No baked endpoint found in {static_dir / 'assets'}.")


def _rewrite(chunk: Path) -> bool:
    """Rewrite one file; whether it held an endpoint."""
    source = chunk.read_text(encoding="utf-8")
    portable, count = BAKED_ENDPOINT.subn(
        lambda match: f'({BACKEND}+"{match[1] or match[2]}")', source
    )
    if count:
        chunk.write_text(portable, encoding="utf-8")
    return count > 0
