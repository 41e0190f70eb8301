"""Have pages made for frames load their own script first, also where nothing is prerendered."""

from pathlib import Path
from typing import Any, Final

from reflex_base.plugins import Plugin

from trex_app import __version__
from trex_app.core.texts import DEFAULT_LOCALE, locales
from trex_app.display.addresses import EMBEDDED_PREFIX, path_in
from trex_app.embed.languages import FALLBACK_FILE

SCRIPT_PATH: Final = "/embed/frame.js"
ANCHOR: Final = "<head>"
"""The script is the first thing that is fetched. Browsers draw nothing in the head a second time,
so whatever stands there stays (trex_app/embed/browser)."""


class PageChanged(RuntimeError):
    """A page has no place for the script."""


class FramedPagesPlugin(Plugin):
    """Write the script into every page made for frames.

    It says hello before anything else of the page has arrived, and what it finds out is there when
    the other scripts run: they are deferred, it is not.
    """

    def post_build(self, **context: Any) -> None:
        """Change the pages under `static_dir`, and lay a fallback beside them."""
        static_dir: Path = context["static_dir"]
        for locale in locales():
            folder = static_dir / path_in(locale, EMBEDDED_PREFIX).strip("/")
            own = static_dir if locale == DEFAULT_LOCALE else static_dir / locale
            fallback = (own / FALLBACK_FILE).read_text(encoding="utf-8")
            folder.mkdir(parents=True, exist_ok=True)
            (folder / FALLBACK_FILE).write_text(fallback, encoding="utf-8")
            for page in folder.rglob("*.html"):
                page.write_text(with_script(page.read_text(encoding="utf-8")), encoding="utf-8")


def with_script(page: str) -> str:
    """The HTML of a page with the script in its head. Raises PageChanged."""
    if SCRIPT_PATH in page:
        return page
    if ANCHOR not in page:
        raise PageChanged(f"A page made for frames does not say {ANCHOR}.")
    script = f'<script src="{SCRIPT_PATH}" data-release="{__version__}"></script>'
    return page.replace(ANCHOR, ANCHOR + script, 1)
