"""Have a page in a frame open its socket with a ticket, and keep what it stores to itself.

What the script itself says to people, it says in the language of the page.
"""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import reflex_base
from reflex_base.plugins import Plugin

from trex_app.core.texts import locales, translate

STATE_FILE: Final = "utils/state.js"
ORIGINAL: Final = Path(reflex_base.__file__).parent / ".templates" / "web" / STATE_FILE
FRAME: Final = "globalThis.trexFrame"
"""What assets/embed/frame.js leaves for the page's scripts; there is none outside of a frame."""

DISCARDED: Final = "  opening.delete(socket);\n  socket?.disconnect();\n"
ADMISSION: Final = f"""\
const opening = new Map(); // sockets whose transport is opened ahead, until they are connected
const withTicket = async (socket) => {{
  const offered = await {FRAME}.protocols();
  socket.io.opts.protocols = [reflexEnvironment.version, ...offered];
}};
const opened = (socket, done) => {{
  if (!{FRAME}) return socket.io.open(done);
  const begin = () => opening.has(socket) && socket.io.open(done);
  opening.set(socket, withTicket(socket).then(begin));
}};
const admitted = async (socket) => {{
  if ({FRAME}) await (opening.get(socket) ?? withTicket(socket));
  opening.delete(socket);
  socket.connect();
}};

"""
"""How a socket gets its ticket. One that is discarded before has none any more, nor opens."""

NO_SERVER: Final = 'setConnectErrors((errors) => [...errors.slice(-9), new Error("no ticket")])'
"""Has the page say that the server is away, as it does itself where a socket fails."""

NEWER: Final = "There is a newer version of this page."
LOAD: Final = "Load again"


def _spoken(text: Mapping[str, str]) -> str:
    """An expression for a text, by language, in that of the page."""
    return f"({json.dumps(text)})[document.documentElement.lang]"


CHANGES: Final = (
    # Frames of one origin in one tab share their sessionStorage.
    ('const TOKEN_KEY = "token";', f'const TOKEN_KEY = {FRAME}?.tokenKey ?? "token";'),
    # After an update each loads itself anew, once: for one, another has not done it yet.
    (
        'const LAST_RELOADED_KEY = "reflex_last_reloaded_on_error";',
        f'const LAST_RELOADED_KEY = {FRAME}?.reloadKey ?? "reflex_last_reloaded_on_error";',
    ),
    # Where that did not help, a banner says so, in a frame or not.
    (
        '  banner.append("A new version of this app is available.");',
        f"  banner.append({_spoken({name: translate(NEWER, name) for name in locales()})});",
    ),
    (
        '  button.textContent = "Reload";',
        f"  button.textContent = {_spoken({name: translate(LOAD, name) for name in locales()})};",
    ),
    # The transport is opened while the page is still being drawn, once there is a ticket for it.
    (
        "    warmSocket.io.open((error) => {\n      if (error) discardWarmSocket();\n    });\n",
        "    opened(warmSocket, (error) => {\n      if (error) discardWarmSocket();\n    });\n",
    ),
    ("  cancelWarmup();\n  socket?.disconnect();\n", f"  cancelWarmup();\n{DISCARDED}"),
    # A ticket opens one socket once, so each try asks for another.
    (
        "      socket.current.connect();\n    }\n  };",
        "      admitted(socket.current);\n    }\n  };",
    ),
    (
        "checkVisibility);\n  socket.current.connect();\n};",
        f"checkVisibility);\n  {FRAME}?.whenOffline(() => {NO_SERVER});\n"
        "  admitted(socket.current);\n};",
    ),
    (
        "    failed_attempts = 0;\n    window.clearTimeout(retry_timer);",
        f"    failed_attempts = 0;\n    {FRAME}?.connected();\n"
        "    window.clearTimeout(retry_timer);",
    ),
    # The page around is told; what is loaded again is the frame alone.
    (
        "const handleStateMismatch = (info) => {\n",
        "const handleStateMismatch = (info) => {\n"
        f"  {FRAME}?.mismatched(app.stateSchema, info.backend);\n",
    ),
    ("let warmSocket = null;\n", f"{ADMISSION}let warmSocket = null;\n"),
)
"""What stands in Reflex's file, and what is to stand there."""


class StateScriptChanged(RuntimeError):
    """This version of Reflex opens its socket differently."""


class FramedSocketPlugin(Plugin):
    """Change where Reflex's own script opens the socket. Outside of frames it does as before."""

    def pre_compile(self, **context: Any) -> None:
        """Plan the change of the script."""
        context["add_modify_task"](STATE_FILE, with_tickets)


def with_tickets(source: str) -> str:
    """The state script `source` with each of the changes.

    Raises StateScriptChanged when this version of Reflex writes one of the places differently.
    """
    if all(after in source for _, after in CHANGES):
        return source
    if FRAME in source:  # another release of ours has built here before
        source = ORIGINAL.read_text(encoding="utf-8")
    for before, after in CHANGES:
        if source.count(before) != 1:
            raise StateScriptChanged(f"{STATE_FILE} says {source.count(before)} times: {before}")
        source = source.replace(before, after)
    return source
