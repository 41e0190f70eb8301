"""The address of a page: the one it has in the default language, under the name of any other.

`/j/buying` and `/de/j/buying` are the same page.
"""

from typing import Final

from trex_app.core.texts import DEFAULT_LOCALE, locales

PLAIN_PREFIX: Final = "/h"
"""Where the journeys stand as plain HTML, which needs no JavaScript."""

PLAIN_LINK_PATH: Final = f"{PLAIN_PREFIX}/-/link"
"""Where the link of a message is pasted, by who runs no scripts."""

JOURNEY_PREFIX: Final = "/j"
"""Where each journey has a page of its own."""

EMBEDDED_PREFIX: Final = "/embed/frame"
"""Where the journeys stand to be framed by other sites."""


def locale_of(path: str) -> str:
    """The language of the page at an address."""
    first = path.strip("/").partition("/")[0]
    return first if first in locales() else DEFAULT_LOCALE


def plain_path(path: str) -> str:
    """The address of the same page in the default language."""
    locale = locale_of(path)
    return path if locale == DEFAULT_LOCALE else path.removeprefix(f"/{locale}") or "/"


def path_in(locale: str, path: str) -> str:
    """The address, in a language, of the page that has a plain `path` in the default one."""
    return path if locale == DEFAULT_LOCALE else f"/{locale}{path.rstrip('/')}"


def is_plain_html(path: str) -> bool:
    """Whether an address, in whatever language, is one of the journeys as plain HTML."""
    plain = plain_path(path)
    return plain == PLAIN_PREFIX or plain.startswith(f"{PLAIN_PREFIX}/")


def is_embedded_page(path: str) -> bool:
    """Whether an address, in whatever language, is one of the journeys made to be framed."""
    return plain_path(path).startswith(f"{EMBEDDED_PREFIX}/")


def journey_at(path: str) -> tuple[str, str]:
    """The journey and the step that an address names, whatever kind of page it is of.

    Either is empty where the address does not name it.
    """
    plain = plain_path(path)
    kinds = ((is_embedded_page, EMBEDDED_PREFIX), (is_plain_html, PLAIN_PREFIX))
    prefix = next((prefix for is_one, prefix in kinds if is_one(path)), JOURNEY_PREFIX)
    journey, _, step = plain.removeprefix(prefix).strip("/").partition("/")
    return journey, step.partition("/")[0]


def step_path(beside: str, journey: str, step: str) -> str:
    """The address of a step, in the language and in the kind of page of the address `beside`."""
    prefix = EMBEDDED_PREFIX if is_embedded_page(beside) else JOURNEY_PREFIX
    return path_in(locale_of(beside), f"{prefix}/{journey}/{step}")
