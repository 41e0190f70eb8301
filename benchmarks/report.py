"""Prints what was measured: tables, and beside each number that is wanted the one reached."""

import platform
import sqlite3
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from os import cpu_count

from benchmarks.measuring import Series

NAME_WIDTH = 46


@dataclass(frozen=True, slots=True)
class Verdict:
    """What was wanted of a figure, and what was reached."""

    what: str
    reached: str
    wanted: str
    is_met: bool


def heading(text: str) -> None:
    print(f"\n{text}\n{'-' * len(text)}")


def note(text: str) -> None:
    print(f"  {text}")


def circumstances() -> None:
    """Where and when this run happened: figures mean nothing without it."""
    day = datetime.now(UTC).date().isoformat()
    print(f"Measured on {day}, {cpu_count()} cores ({platform.machine()}), {platform.system()};")
    names = ("psycopg", "sqlalchemy", "orjson", "cryptography")
    packages = ", ".join(f"{name} {version(name)}" for name in names)
    print(f"Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}, {packages}")


def table(found: Mapping[str, Series], floor: str | None = None, what: str = "submits") -> None:
    """A line each: CPU time, how many a CPU-second, the share of the floor's rate.

    Where a database server worked for it, its CPU time stands apart and in no rate.
    """
    has_server = any(series.server_seconds_each is not None for series in found.values())
    server = f"{'server us':>11}" if has_server else ""
    share = f"{'of ' + floor:>24}" if floor else ""
    print(f"{'':{NAME_WIDTH}}{'CPU us':>8}{what + ' per CPU-second':>26}{server}{share}")
    for name, series in found.items():
        line = f"{name:{NAME_WIDTH}}{series.seconds_each * 1e6:8.1f}{series.per_second:26,.0f}"
        if has_server:
            line += f"{_microseconds(series.server_seconds_each):>11}"
        if floor:
            line += f"{series.rate_beside(found[floor]):24.0%}"
        print(line)
    sys.stdout.flush()


def _microseconds(seconds: float | None) -> str:
    return "-" if seconds is None else f"{seconds * 1e6:.0f}"


def shares(found: Mapping[str, float]) -> None:
    """Which part takes which share of the time."""
    for name, share in found.items():
        print(f"    {name:44}{share:6.0%}")


def at_least(what: str, reached: float, wanted: float) -> Verdict:
    """A rate that should not be lower."""
    return Verdict(what, f"{reached:,.0f}", f"at least {wanted:,.0f}", reached >= wanted)


def share_at_least(what: str, reached: float, wanted: float) -> Verdict:
    """A share that should not be lower."""
    return Verdict(what, f"{reached:.0%}", f"at least {wanted:.0%}", reached >= wanted)


def ahead(what: str, ours: Series, theirs: Series) -> Verdict:
    """A rate that should not be lower than somebody else's."""
    rate = ours.rate_beside(theirs)
    return Verdict(what, f"{rate:.2f} x", "at least 1.00 x", rate >= 1)


def flat(what: str, small: Series, large: Series, tolerance: float = 0.10) -> Verdict:
    """A cost that should not differ between a small and a large case."""
    change = cost_change(small, large)
    return Verdict(what, f"{change:+.1%}", f"±{tolerance:.0%}", abs(change) <= tolerance)


def cost_change(small: Series, large: Series) -> float:
    """By which part the large case costs more than the small one."""
    return 1 / large.rate_beside(small) - 1


def verdicts(found: list[Verdict]) -> bool:
    """Reached beside wanted, a line each; whether all was reached."""
    if found:
        heading("Reached, beside what was wanted")
    for verdict in found:
        mark = "yes" if verdict.is_met else "NO"
        print(f"{mark:4}{verdict.what:62}{verdict.reached:>10}   wanted {verdict.wanted}")
    return all(verdict.is_met for verdict in found)
