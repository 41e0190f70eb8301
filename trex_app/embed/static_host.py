"""What the host of an exported bundle must be told: headers, and what answers at each address.

Two forms of the same rules: `_headers` and `_redirects`, which most static hosts read, and a file
for nginx to include.
"""

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Final

from trex_app.core.texts import locales
from trex_app.display.addresses import EMBEDDED_PREFIX, path_in
from trex_app.embed.languages import FALLBACK_FILE
from trex_app.embed.lifetimes import (
    ASK_AGAIN,
    EMBED_PREFIX,
    EXACT,
    FOR_EVER,
    POINTED,
    POINTER,
)

HEADERS_FILE: Final = "_headers"
REDIRECTS_FILE: Final = "_redirects"
NGINX_FILE: Final = "_nginx.conf"

Headers = Mapping[str, str]


def write_rules(root: Path, policy: str, versions: Iterable[str]) -> None:
    """Write the rules for the bundle in `root`, whose pages have this content policy."""
    rules = dict(_rules(policy, versions))
    (root / HEADERS_FILE).write_text(_as_headers_file(rules), encoding="utf-8")
    (root / REDIRECTS_FILE).write_text(_as_redirects_file(), encoding="utf-8")
    (root / NGINX_FILE).write_text(_as_nginx(rules), encoding="utf-8")


def _rules(policy: str, versions: Iterable[str]) -> Iterator[tuple[str, Headers]]:
    """By the beginning of the address; no two match the same one but the root's."""
    always = {
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "strict-origin-when-cross-origin",
        "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    }
    yield "/", always
    yield "/assets/", {"Cache-Control": FOR_EVER}
    for version in versions:
        yield f"{EMBED_PREFIX}{version}/", EXACT
    yield f"{EMBED_PREFIX}{POINTER}/", POINTED
    for prefix in _frame_prefixes():
        yield f"{prefix}/", {"Cache-Control": ASK_AGAIN, "Content-Security-Policy": policy}


def _frame_prefixes() -> Iterator[str]:
    for locale in locales():
        yield path_in(locale, EMBEDDED_PREFIX)


def _fallback_beside(prefix: str) -> str:
    return f"{prefix}/{FALLBACK_FILE}"


def _as_headers_file(rules: Mapping[str, Headers]) -> str:
    blocks = (
        "\n".join([f"{prefix}*", *(f"  {name}: {value}" for name, value in headers.items())])
        for prefix, headers in rules.items()
    )
    return "\n\n".join(blocks) + "\n"


def _as_redirects_file() -> str:
    """A step has an address of its own, which the page of its journey answers."""
    return "".join(f"{prefix}/*  {_fallback_beside(prefix)}  200\n" for prefix in _frame_prefixes())


def _as_nginx(rules: Mapping[str, Headers]) -> str:
    """For a `server` block whose root is the bundle."""
    always = rules["/"]
    pages = {f"{prefix}/": _fallback_beside(prefix) for prefix in _frame_prefixes()}
    blocks = [
        _location(prefix, {**always, **headers} if prefix != "/" else headers, pages.get(prefix))
        for prefix, headers in rules.items()
    ]
    return "\n".join(["gzip_static on;", "index index.html;", *blocks]) + "\n"


def _location(prefix: str, headers: Headers, fallback: str | None) -> str:
    """One location, with all headers: nginx inherits none where a location adds its own."""
    tried = f"$uri.html $uri {fallback}" if fallback else "$uri =404"
    lines = [f'add_header {name} "{value}";' for name, value in headers.items()]
    body = "\n".join(f"    {line}" for line in [*lines, f"try_files {tried};"])
    return f"location {prefix} {{\n{body}\n}}"
