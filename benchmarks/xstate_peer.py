"""xstate, the state machine library of the Node world, doing the same writes beside the product.

It is installed from npm when it is first needed.
"""

import json
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from benchmarks import npm
from benchmarks.journey import ANSWERED, SHORT
from benchmarks.measuring import Effort
from benchmarks.npm import PeerUnavailable
from trex_app.db.connections import SQLITE_PRAGMAS, database_url
from trex_app.db.session_statements import (
    INSERT_EVENT,
    INSERT_SESSION,
    LOAD_SESSION,
    UPDATE_SESSION,
    session,
)
from trex_app.db.statements import SQLITE

SOURCES = Path(__file__).parent / "xstate"
SCRIPT = "submit.mjs"
STATEMENTS = {
    "load": LOAD_SESSION,
    "update": UPDATE_SESSION,
    "insert_event": INSERT_EVENT,
    "insert_session": INSERT_SESSION,
}


class XstatePeer:
    """A running Node process that submits on request."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process

    def round(self) -> Effort:
        """New sessions (not counted), and all their answers."""
        answer = self.ask({})
        return Effort(answer["count"], answer["cpuSeconds"])

    def ask(self, message: dict[str, Any]) -> dict[str, Any]:
        """Send a line and wait for the answer. Raises PeerUnavailable when Node has ended."""
        stdin, stdout = self._process.stdin, self._process.stdout
        assert stdin is not None
        assert stdout is not None
        stdin.write(json.dumps(message) + "\n")
        stdin.flush()
        line = stdout.readline()
        if not line:
            raise PeerUnavailable("Node ended before it answered")
        return json.loads(line)


@contextmanager
def xstate_peer(url: str, sessions: int) -> Iterator[XstatePeer]:
    """Puts xstate to work on a SQLite file with the product's schema. Raises PeerUnavailable."""
    process = subprocess.Popen(
        [npm.tool("node"), SCRIPT],
        cwd=npm.installed(SOURCES),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        peer = XstatePeer(process)
        peer.ask(
            {
                "database": database_url(url).database,
                "pragmas": [pragma.removeprefix("PRAGMA ") for pragma in SQLITE_PRAGMAS],
                "statements": {k: s.for_dialect(SQLITE).text for k, s in STATEMENTS.items()},
                "session_columns": list(session.c.keys()),
                "sessions": sessions,
                "steps": SHORT,
                "answered": ANSWERED,
            }
        )
        yield peer
    finally:
        process.communicate()
