"""Where the time goes: a profile, condensed to the parts that a submit consists of."""

import cProfile
import pstats
import time
from collections import Counter
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Protocol

import trex_app
from benchmarks.measuring import Effort, Measure

PACKAGE = str(Path(trex_app.__file__).parent)
OTHER = "other"
# By the file a function is written in, or by the name of a function of a compiled library.
FILES: Mapping[str, str] = {
    "engine/validation.py": "validation",
    "engine/formats.py": "validation",
    "engine/conditions.py": "conditions (CEL)",
    "engine/session.py": "state to and from JSON",
    "engine/digest.py": "digests",
    "engine/": "decision: admit, walk, settle",
    "core/crypto.py": "encryption and chain",
    "db/event_chain.py": "history row",
    "db/": "database layer",
    "services/presentation.py": "next step's view",
    "services/": "services",
}
COMPILED: Mapping[str, str] = {
    "commit": "driver: commit",
    "execute' of 'builtins.Program": "conditions (CEL)",
    "jsonschema_rs": "validation",
    "is_valid": "validation",
    "orjson": "state to and from JSON",
    "AESGCM": "encryption and chain",
    "blake2b": "encryption and chain",
    "urandom": "encryption and chain",
    "sqlite3": "driver: statements",
    "psycopg": "driver: statements",
}
DRIVERS = ("psycopg", "sqlite3")


class Profiled(Protocol):
    """A contender whose work can be run under a profile."""

    def round(self, measure: Measure) -> Effort:
        """One round, in which `measure` is given the work."""
        ...


def time_shares(contender: Profiled) -> dict[str, float]:
    """The share of each part in the time of a round, largest first.

    A profile makes small functions look dearer than they are: shares are for orientation.
    """
    profile = cProfile.Profile(time.thread_time)  # waiting for the disk is not work

    def profiled(work: Callable[[], int], _server_process: int | None) -> Effort:
        return Effort(profile.runcall(work), 0.0)

    contender.round(profiled)
    seconds: Counter[str] = Counter()
    stats: Any = pstats.Stats(profile)
    for function, (_calls, _primitive, own_seconds, _cumulated, callers) in stats.stats.items():
        part = _part(function)
        if part is not None:
            seconds[part] += own_seconds
            continue
        # What Python itself does (`isinstance`, `dict.get`, …) belongs to whoever asked for it.
        for caller, (_calls, _primitive, seconds_for_caller, _cumulated) in callers.items():
            seconds[_part(caller) or OTHER] += seconds_for_caller
    total = sum(seconds.values())
    return {part: spent / total for part, spent in seconds.most_common()}


def _part(function: tuple[str, int, str]) -> str | None:
    """The part that a function belongs to, or None where that depends on its caller."""
    file, _line, name = function
    if file == "~":
        return next((part for mark, part in COMPILED.items() if mark in name), None)
    if file.startswith(PACKAGE):
        inside = file[len(PACKAGE) + 1 :]
        return next((part for mark, part in FILES.items() if inside.startswith(mark)), OTHER)
    return "driver: statements" if any(driver in file for driver in DRIVERS) else None
