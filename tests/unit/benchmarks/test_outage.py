"""The outage benchmark walks people through with a partner that hangs, and without."""

import pytest

from benchmarks import outage


def test_steps_are_measured_with_and_without_the_fault(
    capsys: pytest.CaptureFixture[str],
) -> None:
    scale = outage.Scale(people=6, seconds=4, think_seconds=0.2, rounds=1)
    (verdict,) = outage.run(scale)
    assert verdict.reached.endswith(" x")
    assert float(verdict.reached.removesuffix(" x")) > 0
    printed = capsys.readouterr().out
    for way in (outage.CALM, outage.HANGING):
        assert f"steps that do not need it; {way}" in printed
        assert f"steps that need it; {way}" in printed
