"""Runs the benchmarks, all by default.

`python -m benchmarks [engine|http|gateway|events|sagas|outage|web|embed …] [--quick]`
"""

import argparse
import sys
from collections.abc import Sequence

from benchmarks import embed, engine, events, gateway, http, outage, report, sagas
from benchmarks.web import comparison as web
from trex_app.core.telemetry import configure_logging

NAMES = ("engine", "http", "gateway", "events", "sagas", "outage", "web", "embed")
QUICK_ENGINE = engine.Scale(sessions=20, rounds=3, stored=5_000)
QUICK_HTTP = http.Scale(sessions=16, rounds=1)
QUICK_GATEWAY = gateway.Scale(calls=50, rounds=3)
QUICK_EVENTS = events.Scale(events=20)
QUICK_SAGAS = sagas.Scale(leads=10, alone=3)
QUICK_OUTAGE = outage.Scale(people=20, seconds=8, think_seconds=1, rounds=1)
QUICK_WEB = web.Scale(loads=1, walks=1)
QUICK_EMBED = embed.Scale(loads=1)


def main(arguments: list[str]) -> int:
    """Run what is named; 1 where something wanted was not reached, in a run that is not quick."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="|".join(NAMES), help="what to measure")
    parser.add_argument("--quick", action="store_true", help="few rounds: shows that it works")
    chosen = parser.parse_args(arguments)
    unknown = set(chosen.names) - set(NAMES)
    if unknown:
        parser.error(f"there is no benchmark called {', '.join(sorted(unknown))}")
    configure_logging("text", "WARNING")
    report.circumstances()
    are_all_met = _measure(chosen.names or NAMES, chosen.quick)
    return 0 if are_all_met or chosen.quick else 1


def _measure(names: Sequence[str], is_quick: bool) -> bool:
    are_met: list[bool] = []
    if "http" in names:
        http.run(QUICK_HTTP if is_quick else http.Scale())
    if "engine" in names:
        are_met.append(report.verdicts(engine.run(QUICK_ENGINE if is_quick else engine.Scale())))
    if "gateway" in names:
        gateway.run(QUICK_GATEWAY if is_quick else gateway.Scale())
    if "events" in names:
        events.run(QUICK_EVENTS if is_quick else events.Scale())
    if "sagas" in names:
        sagas.run(QUICK_SAGAS if is_quick else sagas.Scale())
    if "outage" in names:
        are_met.append(report.verdicts(outage.run(QUICK_OUTAGE if is_quick else outage.Scale())))
    if "web" in names:
        are_met.append(report.verdicts(web.run(QUICK_WEB if is_quick else web.Scale())))
    if "embed" in names:
        are_met.append(report.verdicts(embed.run(QUICK_EMBED if is_quick else embed.Scale())))
    return all(are_met)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
