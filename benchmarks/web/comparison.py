"""The benchmark of the screens: the product's beside the peer's, in turns, by the same browser."""

import sys
import tempfile
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

from playwright.sync_api import Browser

from benchmarks import report
from benchmarks.npm import PeerUnavailable
from benchmarks.report import Verdict
from benchmarks.web import browser, contenders, figures
from benchmarks.web.contenders import Contender
from benchmarks.web.figures import Change, FirstScreen, Measured


@dataclass(frozen=True, slots=True)
class Scale:
    """How much is measured: loads of the first screen, and walks of five submits each."""

    loads: int = 7
    walks: int = 14


@dataclass(slots=True)
class Rounds:
    """What the rounds of one contender have brought so far."""

    screens: list[FirstScreen] = field(default_factory=list)
    changes: list[Change] = field(default_factory=list)


def run(scale: Scale) -> list[Verdict]:
    """Measure and print; nothing to judge where there is no browser."""
    report.heading("Screens: first screen of a new visitor, and step changes of the buying journey")
    try:
        with tempfile.TemporaryDirectory() as name, browser.chromium() as chromium:
            return _compare(chromium, Path(name), scale)
    except browser.BrowserUnavailable as error:
        report.note(f"The screens are not measured: {error}.")
        return []


def _compare(chromium: Browser, folder: Path, scale: Scale) -> list[Verdict]:
    port = contenders.free_port()
    with ExitStack() as stack:
        ours = stack.enter_context(contenders.product(folder, port))
        both = [ours]
        try:
            both.append(stack.enter_context(contenders.mui_peer(folder, port, ours.address)))
        except PeerUnavailable as error:
            report.note(f"React + MUI is not measured: {error}.")
        found = _measure(chromium, both, scale)
    peer = next((pair for pair in found.items() if pair[0] != ours.name), None)
    report.note(f"medians of {scale.loads} loads; {len(found[ours.name].changes)} submits each")
    for line in figures.table((ours.name, found[ours.name]), peer):
        print(line)
    sys.stdout.flush()
    return figures.verdicts(found[ours.name])


def _measure(chromium: Browser, both: Sequence[Contender], scale: Scale) -> dict[str, Measured]:
    """In turns, so that a busy minute meets both; a first round that does not count warms up."""
    rounds = {contender.name: Rounds() for contender in both}
    for contender in both:
        browser.walk(chromium, contender)
    for _ in range(scale.loads):
        for contender in both:
            rounds[contender.name].screens.append(browser.first_screen(chromium, contender))
    for _ in range(scale.walks):
        for contender in both:
            rounds[contender.name].changes.extend(browser.walk(chromium, contender))
    return {
        contender.name: Measured(
            screens=rounds[contender.name].screens,
            changes=rounds[contender.name].changes,
            files=browser.files(chromium, contender),
            shows_heading_without_scripts=browser.shows_heading_without_scripts(
                chromium, contender
            ),
        )
        for contender in both
    }
