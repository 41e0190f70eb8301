"""The outage benchmark walks people through with a partner that hangs, and without."""

import pytest

from benchmarks import outage
from benchmarks.outage import CALM, HANGING, Taken


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


def test_the_answers_of_all_rounds_decide_and_no_single_round(
    capsys: pytest.CaptureFixture[str],
) -> None:
    """By rounds it would be twice as slow in two of three."""
    quick, slow = [0.01] * 400, [0.02] * 400
    calm = [Taken(others=slow, needing=slow)] + [Taken(others=quick, needing=quick)] * 2
    hanging = [Taken(others=quick, needing=quick)] + [Taken(others=slow, needing=slow)] * 2
    (verdict,) = outage._print({CALM: calm, HANGING: hanging})
    assert (verdict.reached, verdict.is_met) == ("1.00 x", True)
    assert "20, 10, 10" in capsys.readouterr().out
