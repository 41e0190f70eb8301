"""Measuring counts the work, lets contenders take turns, and compares them turn by turn."""

import os
from collections.abc import Iterator

import pytest

from benchmarks.measuring import Effort, Series, cpu_seconds_of, take_turns, timed


class Scripted:
    """A contender whose rounds take what they are told, and that notes when it is asked."""

    def __init__(self, name: str, seconds: list[float], asked: list[str]) -> None:
        self._name, self._asked = name, asked
        self._seconds: Iterator[float] = iter(seconds)

    def round(self) -> Effort:
        self._asked.append(self._name)
        return Effort(10, next(self._seconds))


def series(*seconds: float) -> Series:
    return Series([Effort(10, one) for one in seconds])


def test_contenders_take_turns() -> None:
    asked: list[str] = []
    contenders = {"a": Scripted("a", [3, 1, 2], asked), "b": Scripted("b", [5, 6, 4], asked)}
    found = take_turns(contenders, rounds=3)
    assert [effort.cpu_seconds for effort in found["a"].efforts] == [3, 1, 2]
    assert [effort.cpu_seconds for effort in found["b"].efforts] == [5, 6, 4]
    assert asked == ["a", "b"] * 3


def test_the_median_of_the_rounds_counts() -> None:
    assert series(3, 100, 2).seconds_each == pytest.approx(0.3)
    assert series(3, 100, 2).per_second == pytest.approx(10 / 3)


def test_contenders_are_compared_within_a_round() -> None:
    ours, theirs = series(2, 20, 4), series(1, 10, 3)
    assert ours.rate_beside(theirs) == 0.5


def test_the_time_of_a_server_is_averaged_where_it_is_known() -> None:
    known = Series([Effort(10, 1, server_seconds=1), Effort(10, 1, server_seconds=3)])
    assert known.server_seconds_each == pytest.approx(0.2)
    assert series(1).server_seconds_each is None


def test_timed_work_says_itself_how_much_it_did() -> None:
    effort = timed(lambda: len([number**2 for number in range(1000)]))
    assert effort.count == 1000
    assert effort.server_seconds is None


def test_the_time_of_another_process_is_told_apart() -> None:
    assert timed(lambda: 1, server_process=os.getpid()).server_seconds is not None


def test_a_process_that_does_not_exist_has_no_time() -> None:
    assert cpu_seconds_of(None) is None
    assert cpu_seconds_of(2**30) is None
