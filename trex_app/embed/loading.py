"""Draw the outline of a page where nothing is prerendered, until the scripts have arrived."""

import json
from typing import Any

from reflex_base.plugins import Plugin

from trex_app.display.addresses import PLAIN_LINK_PATH, PLAIN_PREFIX

ROOT_FILE = "app/root.jsx"
ANCHOR = "export default function App()"
PULSE = "block animate-pulse rounded-md bg-line"
NOTICE = "rounded-md bg-info-soft px-4 py-3.5 text-sm [&_a]:underline"
NEEDS_SCRIPTS = "This page needs JavaScript; the same journeys are there without it."
WAYS_ON = {
    PLAIN_PREFIX: "Go on without JavaScript",
    PLAIN_LINK_PATH: "Open the link of a message",
}
"""Where to go on without scripts, and what the link there says."""
SHAPES = (
    f"{PULSE} mb-8 h-1.5 w-full",
    f"{PULSE} mb-4 h-9 w-2/3",
    f"{PULSE} mb-10 h-4 w-1/2",
    f"{PULSE} mb-6 h-target w-full",
    f"{PULSE} mb-6 h-target w-full",
    f"{PULSE} ms-auto h-13 w-36",
)


class RootChanged(RuntimeError):
    """The root of the pages has no place for the outline."""


class LoadingPlugin(Plugin):
    """Give the router a fallback to draw at addresses such as /j/buying/search_results.

    Without one the body is empty until every script has run.
    """

    def pre_compile(self, **context: Any) -> None:
        """Plan the change of the root."""
        context["add_modify_task"](ROOT_FILE, with_outline)


def with_outline(source: str) -> str:
    """The root module `source` with a fallback before its app.

    Raises RootChanged when this version of Reflex writes the root differently.
    """
    if "HydrateFallback" in source:
        return source
    if ANCHOR not in source:
        raise RootChanged(f"{ROOT_FILE} does not say {ANCHOR}.")
    return source.replace(ANCHOR, f"{_outline()}\n\n{ANCHOR}")


def _ways_on() -> str:
    """What a browser without scripts sees, for which nothing else will ever come."""
    links = ', " ", '.join(
        f'jsx("a", {{ href: "{path}" }}, {json.dumps(said)})' for path, said in WAYS_ON.items()
    )
    line = f'jsx("p", {{ className: "{NOTICE}" }}, {json.dumps(NEEDS_SCRIPTS)}, " ", {links})'
    return f'jsx("noscript", {{}}, {line})'


def _outline() -> str:
    shapes = ", ".join(f'jsx("span", {{ className: "{names}" }})' for names in SHAPES)
    bar = 'jsx("div", { className: "h-15.25 border-b border-line bg-surface" })'
    middle = (
        f'jsx("div", {{ className: "mx-auto w-full max-w-[38rem] px-4 py-12 sm:px-6" }}, {shapes})'
    )
    return (
        "export function HydrateFallback() {\n"
        f'  return jsx("div", {{ "aria-busy": "true" }}, {bar}, {_ways_on()}, {middle});\n'
        "}"
    )
