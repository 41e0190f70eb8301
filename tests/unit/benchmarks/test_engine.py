"""The engine's benchmark runs and says of everything that is wanted what was reached."""

from pathlib import Path

import pytest

from benchmarks import engine, npm, xstate_peer
from benchmarks.databases import sqlite_url
from benchmarks.journey import ANSWERED, SHORT, program
from benchmarks.product import InMemory
from benchmarks.time_shares import time_shares
from tests.conftest import missing

TINY = engine.Scale(sessions=2, rounds=1, stored=20)


def without_xstate(monkeypatch: pytest.MonkeyPatch) -> None:
    def no_tool(name: str) -> str:
        raise npm.PeerUnavailable(f"{name} is not installed here")

    monkeypatch.setattr(npm, "tool", no_tool)


def test_in_memory(capsys: pytest.CaptureFixture[str]) -> None:
    rate, flatness = engine.in_memory(TINY)
    assert rate.what == "in memory, submits per CPU-second"
    assert flatness.what == "in memory, 8 to 200 steps"
    printed = capsys.readouterr().out
    assert "8 steps" in printed
    assert "decision: admit, walk, settle" in printed


def test_durable_stands_beside_its_floors_and_a_missing_peer_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    without_xstate(monkeypatch)
    verdicts = engine.on_database("SQLite", lambda: sqlite_url(tmp_path), tmp_path, TINY)
    assert [verdict.what for verdict in verdicts] == [
        "SQLite: T-Rex, one submit after the other, of raw driver",
        "SQLite: T-Rex as served, 16 at once, of raw driver",
        "SQLite: T-Rex as served, 64 at once, of raw driver",
        "SQLite, 8 to 200 steps",
        "SQLite, from 0 to 20 others stored",
    ]
    printed = capsys.readouterr().out
    floors = (engine.RAW, engine.RAW_SHARED, engine.CORE)
    for row in (*floors, engine.DURABLE, *engine.SERVED.values()):
        assert f"\n{row} " in printed
    assert "xstate is not measured: node is not installed here." in printed


def test_xstate_answers_as_many_screens_on_the_same_rows(tmp_path: Path) -> None:
    try:
        with xstate_peer.xstate_peer(sqlite_url(tmp_path), sessions=3) as peer:
            effort = peer.round()
    except npm.PeerUnavailable as error:
        missing("xstate", str(error))
        return
    assert effort.count == 3 * ANSWERED
    assert effort.cpu_seconds > 0


def test_a_profile_names_the_parts_of_a_submit() -> None:
    shares = time_shares(InMemory(program(SHORT), 3))
    assert sum(shares.values()) == pytest.approx(1)
    assert {"decision: admit, walk, settle", "validation", "conditions (CEL)"} <= set(shares)
