"""A frame's socket needs a ticket; whatever else opens one goes on as before."""

import json
import os
import re
import subprocess
import sysconfig
from typing import Any

import pytest

from trex_app.embed.framed_socket import (
    ADMISSION,
    CHANGES,
    ORIGINAL,
    StateScriptChanged,
    with_tickets,
)

PLACES = "\n".join(before for before, _ in CHANGES)


def test_reflex_has_every_place_that_is_changed() -> None:
    changed = with_tickets(ORIGINAL.read_text())
    assert changed.count("admitted(socket.current);") == 2
    assert '?.tokenKey ?? "token"' in changed
    assert '?.reloadKey ?? "reflex_last_reloaded_on_error"' in changed


def test_what_it_says_to_people_is_in_the_language_of_the_page() -> None:
    changed = with_tickets(ORIGINAL.read_text())
    banner = changed.partition("const showNewVersionBanner")[2].partition("\n};\n")[0]
    said = re.findall(
        r"(?:append|textContent =) ?\(+(\{.*?\})\)\[document\.documentElement", banner
    )
    assert [json.loads(text)["de"] for text in said] == [
        "Diese Seite gibt es in einer neueren Fassung.",
        "Neu laden",
    ]
    assert "A new version" not in banner


def test_a_second_build_changes_nothing() -> None:
    once = with_tickets(PLACES)
    assert with_tickets(once) == once


def test_a_build_over_one_of_another_release_has_the_changes_of_this_one() -> None:
    changed = with_tickets(ORIGINAL.read_text())
    assert with_tickets(changed.replace("?.whenOffline(", "?.onceOffline(")) == changed


def test_another_way_of_opening_sockets_is_noticed() -> None:
    with pytest.raises(StateScriptChanged, match="TOKEN_KEY"):
        with_tickets(PLACES.replace('const TOKEN_KEY = "token";', "const KEY = 1;"))


# A socket that notes what is done to it, and a frame whose tickets are counted.
WORLD = """
const reflexEnvironment = { version: "1" };
const done = [];
let tickets = 0;
const io = { opts: {}, open: () => done.push("open") };
const socket = { io, connect: () => done.push("connect") };
"""
FRAMED = "globalThis.trexFrame = { protocols: async () => [`ticket.${++tickets}`] };"


def told(steps: str) -> dict[str, Any]:
    """What was done to the socket, what it offers to the server, and how many tickets it took."""
    path = sysconfig.get_path("scripts") + os.pathsep + os.environ["PATH"]
    answer = "console.log(JSON.stringify({ done, offered: socket.io.opts.protocols, tickets }));"
    result = subprocess.run(
        ["node", "--input-type=module", "--eval", WORLD + ADMISSION + steps + answer],
        env={**os.environ, "PATH": path},
        capture_output=True,
        text=True,
        check=True,
    )
    return json.loads(result.stdout)


def test_one_ticket_opens_the_transport_ahead_and_connects_it() -> None:
    heard = told(f"{FRAMED} opened(socket); await admitted(socket);")
    assert heard == {"done": ["open", "connect"], "offered": ["1", "ticket.1"], "tickets": 1}


def test_each_later_try_takes_another_ticket() -> None:
    heard = told(f"{FRAMED} opened(socket); await admitted(socket); await admitted(socket);")
    assert (heard["tickets"], heard["offered"]) == (2, ["1", "ticket.2"])


def test_what_is_discarded_before_its_ticket_comes_is_never_opened() -> None:
    heard = told(f"{FRAMED} opened(socket); opening.delete(socket); await 0; await 0; await 0;")
    assert heard["done"] == []


def test_outside_of_frames_no_ticket_is_asked_for() -> None:
    heard = told("opened(socket); await admitted(socket);")
    assert heard == {"done": ["open", "connect"], "tickets": 0}
