"""The events benchmark measures every way on each database, beside the floor of the same way."""

import pytest

from benchmarks import events


def test_every_way_is_measured_beside_its_floor(
    capsys: pytest.CaptureFixture[str], rabbitmq_url: str, postgres_url: str
) -> None:
    found = events.run(events.Scale(events=3))
    assert set(found) == {"SQLite", "PostgreSQL"}
    for ways in found.values():
        assert set(ways) == {*events.FLOOR_OF, *events.FLOOR_OF.values()}
        assert all(0 < latency.p50_ms <= latency.p99_ms for latency in ways.values())
    assert "p50 beside the floor" in capsys.readouterr().out


def test_without_rabbitmq_the_local_way_is_measured(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("benchmarks.event_floors.RABBITMQ_URL", "amqp://127.0.0.1:1/")
    found = events.run(events.Scale(events=2))
    assert set(found["SQLite"]) == {events.BARE, events.LOCAL}
    assert "no RabbitMQ: " in capsys.readouterr().out
