"""Figures of the widget are medians, the worst shift counts, the peer's times are the measure."""

from dataclasses import replace

import httpx2

from benchmarks import embed
from benchmarks.web import embedded
from benchmarks.web.contenders import free_port
from benchmarks.web.embedded import Load
from benchmarks.web.figures import side_by_side

LOAD = Load(
    requests=12,
    wire_bytes=120_000,
    visible_ms=1500,
    ready_ms=2500,
    second_step_ms=2800,
    layout_shift=0.0,
)
SLOW = Load(
    requests=12,
    wire_bytes=200_000,
    visible_ms=3000,
    ready_ms=4000,
    second_step_ms=4300,
    layout_shift=0.2,
)


def test_each_figure_has_a_median_of_its_own() -> None:
    loads = [replace(LOAD, visible_ms=v, requests=r) for v, r in ((1, 30), (2, 10), (900, 20))]
    middle = embedded.median_load(loads)
    assert (middle.visible_ms, middle.requests) == (2, 20)


def test_the_worst_shift_of_all_loads_is_shown() -> None:
    loads = [LOAD, LOAD, replace(LOAD, layout_shift=0.3)]
    assert embedded.rows(loads)[-1].value == 0.3


def test_it_is_said_who_is_ahead() -> None:
    ours, theirs = embedded.rows([SLOW]), embedded.rows([LOAD])
    lines = side_by_side(("ours", ours), ("a peer with a long name", theirs))
    visible = next(line for line in lines if line.startswith("visible"))
    assert visible.endswith("2.00  a peer with a long name")


def test_what_is_wanted_is_met_by_a_good_widget_and_missed_by_a_slow_one() -> None:
    good = embed._verdicts({"ours": [LOAD], "peer": [SLOW]}, loader_bytes=1_900)
    bad = embed._verdicts({"ours": [SLOW], "peer": [LOAD]}, loader_bytes=2_100)
    assert [verdict.is_met for verdict in good] == [True] * 6
    assert [verdict.is_met for verdict in bad] == [False] * 6


def test_without_a_peer_only_budgets_are_judged() -> None:
    assert len(embed._verdicts({"ours": [LOAD]}, loader_bytes=1_900)) == 3


def test_the_hosts_page_holds_one_element_of_its_tenant() -> None:
    with embedded.host("http://localhost:1", "acme", free_port()) as address:
        page = httpx2.get(address).text
    assert '<trex-workflow tenant="acme"' in page
    assert 'src="http://localhost:1/embed/v1/trex.js"' in page
