"""How things are measured: by CPU time, in turns, each beside the others of the same turn.

CPU time leaves out what other programs do and how long a disk takes, but not what a busy machine
does to the caches. So contenders take turns, in many short rounds: a busy minute meets all of
them, two are compared within each round, and the median of the rounds counts.
"""

import gc
import os
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Protocol, TypeAlias

CLOCK_TICKS_PER_SECOND = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True, slots=True)
class Effort:
    """How often a contender did its work, and the CPU time that took in all.

    `server_seconds` is what a database server used for it, where that can be told.
    """

    count: int
    cpu_seconds: float
    server_seconds: float | None = None

    @property
    def seconds_each(self) -> float:
        """CPU seconds of doing the work once."""
        return self.cpu_seconds / self.count


class Contender(Protocol):
    """Something that is measured beside others."""

    def round(self) -> Effort:
        """Do one round of the work; what has to be prepared for it does not count."""
        ...


Measure: TypeAlias = Callable[[Callable[[], int], int | None], Effort]
"""Runs work that says how often it did what is measured; the id of a process that serves it."""


def timed(work: Callable[[], int], server_process: int | None = None) -> Effort:
    """The CPU time of this process for `work`, and apart from it that of `server_process`."""
    gc.collect()
    server_begin = cpu_seconds_of(server_process)
    begin = time.process_time()
    count = work()
    spent = time.process_time() - begin
    server_end = cpu_seconds_of(server_process)
    if server_begin is None or server_end is None:
        return Effort(count, spent)
    return Effort(count, spent, server_end - server_begin)


@dataclass(frozen=True, slots=True)
class Series:
    """The rounds of one contender, in order."""

    efforts: Sequence[Effort]

    @property
    def seconds_each(self) -> float:
        """CPU seconds of doing the work once."""
        return median(effort.seconds_each for effort in self.efforts)

    @property
    def per_second(self) -> float:
        """How often the work is done in a CPU-second."""
        return 1 / self.seconds_each

    @property
    def server_seconds_each(self) -> float | None:
        """CPU seconds of a database server for doing the work once, where that can be told."""
        known = [e.server_seconds / e.count for e in self.efforts if e.server_seconds is not None]
        return sum(known) / len(known) if known else None

    def rate_beside(self, other: "Series") -> float:
        """How many times as often as `other` this does its work in a CPU-second."""
        pairs = zip(self.efforts, other.efforts, strict=True)
        return median(theirs.seconds_each / ours.seconds_each for ours, theirs in pairs)


def take_turns(contenders: Mapping[str, Contender], rounds: int) -> dict[str, Series]:
    """Let each contender do a round, so many times; what it took, by name."""
    efforts: dict[str, list[Effort]] = {name: [] for name in contenders}
    for _ in range(rounds):
        for name, contender in contenders.items():
            efforts[name].append(contender.round())
    return {name: Series(taken) for name, taken in efforts.items()}


def cpu_seconds_of(process_id: int | None) -> float | None:
    """CPU time a process has used so far, in ticks of 10 ms; None where that cannot be told."""
    try:
        fields = Path(f"/proc/{process_id}/stat").read_text(encoding="utf-8")
    except OSError:
        return None
    user_ticks, system_ticks = fields.rpartition(")")[2].split()[11:13]
    return (int(user_ticks) + int(system_ticks)) / CLOCK_TICKS_PER_SECOND
