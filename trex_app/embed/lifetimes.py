"""How long browsers may keep a file of the bundle, and who may read it: by its address."""

import re
from collections.abc import Mapping
from typing import Final

EMBED_PREFIX: Final = "/embed/"
POINTER: Final = "v1"
"""The folder that follows the newest release of this version of the frame's protocol."""

FOR_EVER: Final = "public, max-age=31536000, immutable"
SHORT: Final = "public, max-age=300, stale-while-revalidate=86400"
"""For the loader of no exact version: hosts have a new release within minutes."""
ASK_AGAIN: Final = "no-cache"

READABLE: Final[Mapping[str, str]] = {
    # Browsers run a module of another origin only where its text may be read.
    "Access-Control-Allow-Origin": "*",
    "Cross-Origin-Resource-Policy": "cross-origin",
}
EXACT: Final[Mapping[str, str]] = {"Cache-Control": FOR_EVER, **READABLE}
POINTED: Final[Mapping[str, str]] = {"Cache-Control": SHORT, **READABLE}

RELEASE: Final = re.compile(r"^/embed/\d+\.\d+[\w.+-]*/")


def loader_headers(path: str) -> Mapping[str, str]:
    """The headers of what hosts load by itself; none for any other address."""
    if path.startswith(f"{EMBED_PREFIX}{POINTER}/"):
        return POINTED
    return EXACT if RELEASE.match(path) else {}
