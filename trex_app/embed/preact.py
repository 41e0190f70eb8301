"""Have browsers load Preact in React's place: a fifth of the code for the same pages.

The pages are still prerendered by React, so their HTML is React's own. Only a build of the pages is
changed; development runs with React, which explains itself better. See docs/adr/0027.
"""

from pathlib import Path
from typing import Any, Final

from reflex_base.plugins import Plugin

VERSION: Final = "11.2.0"
SOURCES: Final = Path(__file__).parent / "browser"
"""The Vite plugin, and the modules that it puts in the place of others."""

BUNDLER_FILE: Final = "vite.config.js"
IMPORTED: Final = 'import safariCacheBustPlugin from "./vite-plugin-safari-cachebust.js";\n'
USED: Final = "    safariCacheBustPlugin(),\n"


class BundlerConfigurationChanged(RuntimeError):
    """The bundler's configuration has no place for the plugin."""


class PreactPlugin(Plugin):
    """Give the bundler a plugin of ours, and Preact."""

    def get_frontend_dependencies(self, **_context: Any) -> list[str]:
        """The package at its exact version; the rest is pinned by reflex.lock."""
        return [f"preact@{VERSION}"]

    def pre_compile(self, **context: Any) -> None:
        """Plan the plugin's files, and the change of the bundler's configuration."""
        context["add_save_task"](browser_modules)
        context["add_modify_task"](BUNDLER_FILE, with_plugin)


def browser_modules() -> list[tuple[str, str]]:
    """What is laid beside the pages' sources: each file's path and content."""
    return [
        (f"{SOURCES.name}/{file.name}", file.read_text(encoding="utf-8"))
        for file in sorted(SOURCES.glob("*.js"))
    ]


def with_plugin(source: str) -> str:
    """The bundler's configuration `source` with the plugin as the last.

    Raises BundlerConfigurationChanged when this version of Reflex writes it differently.
    """
    for part in (IMPORTED, USED):
        if source.count(part) != 1:
            raise BundlerConfigurationChanged(f"{BUNDLER_FILE} does not say once: {part}")
    plugin = f'import smallerInBrowsers from "./{SOURCES.name}/vite-plugin.js";\n'
    return source.replace(IMPORTED, IMPORTED + plugin).replace(
        USED, f"{USED}    smallerInBrowsers(),\n"
    )
