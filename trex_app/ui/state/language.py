"""The language of a page: the one it is built in, which its address names for the server.

The default language has the plain addresses, every other one those under its own name:
`/j/buying` and `/de/j/buying` are the same page.
"""

from collections.abc import Callable
from contextvars import ContextVar
from functools import wraps
from typing import Final, TypeVar

from trex_app.core.texts import DEFAULT_LOCALE, translate
from trex_app.display.addresses import path_in

Drawn = TypeVar("Drawn")

_page_locale: Final = ContextVar("page_locale", default=DEFAULT_LOCALE)


def text(english: str) -> str:
    """A text of the pages, in their language. Every text a person reads goes through here.

    Only inside the functions that draw: a module is read once, for all languages.
    """
    return translate(english, page_locale())


def msgid(english: str) -> str:
    """Marks a text that waits in a table, which is read before any page has a language.

    It goes through `text` where it is drawn.
    """
    return english


def page_locale() -> str:
    """The language of the page that is being built."""
    return _page_locale.get()


def in_language(locale: str, draw: Callable[..., Drawn], *given: str) -> Callable[[], Drawn]:
    """What `draw` makes of the given things in a language, built into a file of its own.

    Reflex names the file after the drawing's module: a page then fetches one language only.
    """

    @wraps(draw)
    def drawn() -> Drawn:
        before = _page_locale.set(locale)
        try:
            return draw(*given)
        finally:
            _page_locale.reset(before)

    if locale != DEFAULT_LOCALE:
        drawn.__module__ = f"{draw.__module__}.{locale}"
    return drawn


def link_to(path: str) -> str:
    """The address of another page, in the language of the page that is being built."""
    return path_in(page_locale(), path)
