"""The HTTP benchmark lets both servers answer every transition."""

from pathlib import Path

import pytest

from benchmarks import http
from benchmarks.__main__ import main
from benchmarks.databases import sqlite_url
from benchmarks.journey import ANSWERED


def test_both_servers_answer_all_transitions(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(http, "CONNECTIONS", (1, 2))
    scale = http.Scale(sessions=2, rounds=1)
    best = http.on_database("SQLite", lambda: sqlite_url(tmp_path), tmp_path, scale)
    assert set(best) == {(name, count) for name in (http.BARE, http.PRODUCT) for count in (1, 2)}
    for load in best.values():
        assert load.count == 2 * ANSWERED
        assert 0 < load.p50_ms <= load.p99_ms
    assert "server CPU us" in capsys.readouterr().out


def test_an_unknown_benchmark_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["speed"])
    assert "there is no benchmark called speed" in capsys.readouterr().err
