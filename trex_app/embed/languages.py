"""Let every page say its own language, which its address names: /de/… is German."""

import json
from pathlib import Path
from typing import Any

from reflex_base.plugins import Plugin

from trex_app.core.texts import DEFAULT_LOCALE, locales, translate
from trex_app.display.addresses import path_in
from trex_app.embed.loading import NEEDS_SCRIPTS, WAYS_ON

DOCUMENT_FILE = "app/_document.js"
LAYOUT = "export function Layout({children}) {\n"
FIXED_LANGUAGE = f'jsx("html",{{lang:"{DEFAULT_LOCALE}",'
FALLBACK_FILE = "__spa-fallback.html"
"""What the router makes for every address that is not prerendered."""


class DocumentChanged(RuntimeError):
    """The document around the pages has no place for their language."""


class LanguagePlugin(Plugin):
    """Take the document's language from the address: when prerendering, and after each move."""

    def pre_compile(self, **context: Any) -> None:
        """Plan the change of the document."""
        context["add_modify_task"](DOCUMENT_FILE, with_language)

    def post_build(self, **context: Any) -> None:
        """Lay a fallback page into the folder of each language under `static_dir`.

        Raises DocumentChanged when the fallback page names no language.
        """
        static_dir: Path = context["static_dir"]
        page = (static_dir / FALLBACK_FILE).read_text(encoding="utf-8")
        for locale in locales():
            if locale != DEFAULT_LOCALE:
                own = static_dir / locale / FALLBACK_FILE
                own.parent.mkdir(exist_ok=True)
                own.write_text(fallback_in(locale, page), encoding="utf-8")


def fallback_in(locale: str, page: str) -> str:
    """The fallback `page` for the addresses of a language. Raises DocumentChanged."""
    named = f'<html lang="{DEFAULT_LOCALE}"'
    if named not in page:
        raise DocumentChanged(f"{FALLBACK_FILE} does not say {named}.")
    page = page.replace(named, f'<html lang="{locale}"', 1)
    for path, said in WAYS_ON.items():
        page = page.replace(f'href="{path}"', f'href="{path_in(locale, path)}"')
        page = page.replace(said, translate(said, locale))
    return page.replace(NEEDS_SCRIPTS, translate(NEEDS_SCRIPTS, locale))


def with_language(source: str) -> str:
    """The document module `source` with the language of the page on its root element.

    Raises DocumentChanged when this version of Reflex writes the document differently.
    """
    if "usePageLanguage" in source:
        return source
    if LAYOUT not in source or FIXED_LANGUAGE not in source:
        raise DocumentChanged(f"{DOCUMENT_FILE} does not say {FIXED_LANGUAGE} in its layout.")
    asking = f"{LAYOUT}  const language = usePageLanguage();\n"
    named = FIXED_LANGUAGE.replace(f'"{DEFAULT_LOCALE}"', "language")
    return _hook() + source.replace(LAYOUT, asking).replace(FIXED_LANGUAGE, named)


def _hook() -> str:
    # React leaves the root element of a fallback page as it is when one moves on.
    return f"""import {{useEffect as afterDrawing}} from "react"
import {{useLocation}} from "react-router"

const LANGUAGES = {json.dumps(locales())};

export function usePageLanguage() {{
  const first = useLocation().pathname.split("/")[1];
  const language = LANGUAGES.includes(first) ? first : "{DEFAULT_LOCALE}";
  afterDrawing(() => {{ document.documentElement.lang = language; }}, [language]);
  return language;
}}
"""
