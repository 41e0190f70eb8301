"""Choose the pages whose HTML is made at build time; every other address gets the fallback page."""

import json
from typing import Any

from reflex_base.plugins import Plugin

CONFIG_FILE = "react-router.config.js"
PRERENDER_ALL = '"prerender": true'


class RouterConfigurationChanged(RuntimeError):
    """The router's configuration has no place for the paths to prerender."""


class PrerenderPlugin(Plugin):
    """Name the prerendered paths in the router's configuration.

    Reflex asks for every route without parameters, which leaves out the journeys: their routes
    carry an optional step. The first screen of a shipped journey is known at build time.
    """

    def pre_compile(self, **context: Any) -> None:
        """Plan the change of the router's configuration."""
        routes = [page.route for page in context["unevaluated_pages"]]
        paths = prerendered_paths(routes)
        context["add_modify_task"](CONFIG_FILE, lambda source: with_paths(source, paths))


def prerendered_paths(routes: list[str]) -> list[str]:
    """The paths to prerender: each route with its optional segments left out.

    A route with a required parameter names no single page, and the 404 page is no address.
    """
    fixed = [
        "/".join(part for part in route.split("/") if not part.startswith("[["))
        for route in routes
        if route != "404"
    ]
    return sorted({"/" if path == "index" else f"/{path}" for path in fixed if "[" not in path})


def with_paths(source: str, paths: list[str]) -> str:
    """The router configuration `source` with `paths` to prerender, where it prerenders at all.

    The development server does not. Raises RouterConfigurationChanged when this version of Reflex
    writes the setting differently.
    """
    if '"prerender"' not in source:
        return source
    if PRERENDER_ALL not in source:
        raise RouterConfigurationChanged(f"{CONFIG_FILE} does not say {PRERENDER_ALL}: {source}")
    return source.replace(PRERENDER_ALL, f'"prerender": {json.dumps(paths)}')
