"""The gateway benchmark measures both kinds of network, and tells what a call costs more."""

import pytest

from benchmarks import gateway


def test_both_kinds_of_network_are_measured(capsys: pytest.CaptureFixture[str]) -> None:
    found = gateway.run(gateway.Scale(calls=16, rounds=1))
    assert set(found) == {gateway.FROM_MEMORY, gateway.OVER_LOOPBACK}
    printed = capsys.readouterr().out
    assert printed.count("The gateway adds") == 2
    assert printed.count("calls per CPU-second") == 2
