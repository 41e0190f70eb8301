"""The figures of the screens are medians, stand side by side, and are judged by what is wanted."""

import json
from dataclasses import replace

import pytest

from benchmarks.web import comparison, contenders, figures
from benchmarks.web.figures import Bytes, Change, FirstScreen, Measured

SCREEN = FirstScreen(
    requests=12,
    first_paint_ms=100,
    largest_paint_ms=120,
    alive_ms=400,
    click_to_paint_ms=16,
    layout_shift=0.0,
    task_ms=200,
    script_ms=80,
)
FILES = {"HTML": Bytes(3_000, 2_000), "JS": Bytes(150_000, 130_000), "CSS": Bytes(9_000, 8_000)}
GOOD = Measured(
    screens=[SCREEN],
    changes=[Change(waited, task_ms=20, script_ms=5) for waited in (40, 50, 60, 500)],
    files=FILES,
    shows_heading_without_scripts=True,
)
SLOW = Measured(
    screens=[replace(SCREEN, first_paint_ms=300, layout_shift=0.2)],
    changes=[Change(160, task_ms=20, script_ms=5)],
    files=FILES | {"JS": Bytes(180_000, 160_000), "CSS": Bytes(21_000, 19_000)},
    shows_heading_without_scripts=False,
)


@pytest.mark.parametrize(("share", "value"), [(0.0, 1), (0.5, 50), (0.99, 99), (1.0, 100)])
def test_a_quantile_is_a_value_that_was_measured(share: float, value: int) -> None:
    assert figures.quantile(range(100, 0, -1), share) == value


def test_each_figure_of_a_screen_has_a_median_of_its_own() -> None:
    screens = [
        replace(SCREEN, task_ms=task, script_ms=script)
        for task, script in ((1, 30), (2, 10), (900, 20))
    ]
    middle = figures.median_screen(screens)
    assert (middle.task_ms, middle.script_ms) == (2, 20)


def test_figures_stand_beside_the_peers_with_who_is_ahead() -> None:
    lines = figures.table(("ours", GOOD), ("peer", SLOW))
    first_paint = next(line for line in lines if line.startswith("first contentful"))
    assert first_paint.split()[-4:] == ["100", "300", "0.33", "ours"]
    requests = next(line for line in lines if line.startswith("requests"))
    assert requests.split()[-1] == "even"
    shift = next(line for line in lines if line.startswith("layout shift"))
    assert shift.split()[-4:] == ["0.0000", "0.2000", "0.00", "ours"]


def test_without_a_peer_the_figures_stand_alone() -> None:
    head, *lines = figures.table(("ours", GOOD), None)
    assert head.split() == ["ours"]
    assert len(lines) == len(figures.rows(GOOD))


def test_what_is_wanted_is_met_by_a_good_screen_and_missed_by_a_slow_one() -> None:
    assert all(verdict.is_met for verdict in figures.verdicts(GOOD))
    assert not any(verdict.is_met for verdict in figures.verdicts(SLOW))


def test_a_missing_browser_is_named(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv("TREX_TEST_CHROMIUM", raising=False)
    monkeypatch.setenv("PATH", "")
    assert comparison.run(comparison.Scale(loads=1, walks=1)) == []
    assert "The screens are not measured: install Chromium" in capsys.readouterr().out


def test_the_peers_packages_are_pinned_and_name_no_registry() -> None:
    lock = json.loads((contenders.PEER_SOURCES / "package-lock.json").read_text("utf-8"))
    wanted = json.loads((contenders.PEER_SOURCES / "package.json").read_text("utf-8"))
    for name, pinned in wanted["dependencies"].items():
        assert lock["packages"][f"node_modules/{name}"]["version"] == pinned
    assert not any("resolved" in package for package in lock["packages"].values())
