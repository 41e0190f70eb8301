"""The sagas benchmark brings leads to the sandbox on each database, beside its floor."""

import pytest

from benchmarks import sagas


def test_leads_are_measured_many_at_once_and_alone(
    capsys: pytest.CaptureFixture[str], postgres_url: str
) -> None:
    found = sagas.run(sagas.Scale(leads=3, alone=2))
    assert set(found) == {"SQLite", "PostgreSQL"}
    for rate in found.values():
        assert rate.per_second > 0
        assert rate.floor_per_second > 0
        assert 0 < rate.p50_ms <= rate.p99_ms
    assert "leads a second" in capsys.readouterr().out
