"""What Prometheus scrapes and Grafana draws exists: every target, every metric, every label."""

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from prometheus_client.parser import text_string_to_metric_families
from prometheus_client.samples import Sample

from trex_app.core.telemetry import REGISTRY
from trex_app.messaging.subscriptions import SUBSCRIPTIONS
from trex_app.services.contacts import Channel
from trex_app.services.messages import Purpose

DEPLOY = Path(__file__).parents[3] / "deploy"
METRIC = re.compile(r"\b(trex_[a-z_]+)(?:\{([^}]*)\})?")
GROUPED = re.compile(r"\bby \(([^)]*)\)")
GROWTH = re.compile(r"increase\((trex_[a-z_]+)(?:\{([^}]*)\})?\[")
START = """
import asyncio
from trex_app.container import get_container
from trex_app.core.telemetry import metrics_text
container = get_container()
asyncio.run(container.open(with_jobs=False))
print(metrics_text().decode())
"""
# What Prometheus adds itself.
ADDED_LABELS = {"instance", "job", "le"}


def _labels_of_metrics() -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for collector in set(REGISTRY._collector_to_names):
        for name in REGISTRY._collector_to_names[collector]:
            found[name] = set(getattr(collector, "_labelnames", ())) | ADDED_LABELS
    return found


LABELS = _labels_of_metrics()


def _load(name: str) -> Any:
    return yaml.safe_load((DEPLOY / name).read_text(encoding="utf-8"))


def panels() -> list[dict[str, Any]]:
    return json.loads((DEPLOY / "grafana-dashboard.json").read_text(encoding="utf-8"))["panels"]


def expressions() -> Iterator[str]:
    for panel in panels():
        for target in panel.get("targets", ()):
            yield target["expr"]
    for group in _load("alerts.yml")["groups"]:
        for rule in group["rules"]:
            yield rule["expr"]


@pytest.mark.parametrize("expression", list(expressions()))
def test_an_expression_names_metrics_and_labels_that_exist(expression: str) -> None:
    named = METRIC.findall(expression)
    assert named or expression.startswith("up{")
    for metric, chosen in named:
        assert metric in LABELS, f"there is no metric {metric}"
        labels = set(re.findall(r"(\w+)[=!]", chosen))
        for group in GROUPED.findall(expression):
            labels |= {label.strip() for label in group.split(",")}
        assert labels <= LABELS[metric], f"{metric} has no {labels - LABELS[metric]}"


def test_the_dashboard_shows_every_metric_there_is() -> None:
    shown = {metric for each in expressions() for metric, _ in METRIC.findall(each)}
    bare = {re.sub(r"_(bucket|total)$", "", metric) for metric in shown}
    families = {family.name for family in REGISTRY.collect()}
    assert families == bare


def test_panels_have_numbers_of_their_own_and_do_not_cover_each_other() -> None:
    placed: set[tuple[int, int]] = set()
    for panel in panels():
        at = panel["gridPos"]
        cells = {
            (x, y)
            for x in range(at["x"], at["x"] + at["w"])
            for y in range(at["y"], at["y"] + at["h"])
        }
        assert not placed & cells, panel["title"]
        placed |= cells
    assert len({panel["id"] for panel in panels()}) == len(panels())


def test_prometheus_scrapes_every_process_of_the_topology() -> None:
    services = _load("compose.yaml")["services"]
    targets = {
        target
        for job in _load("prometheus.yml")["scrape_configs"]
        for group in job["static_configs"]
        for target in group["targets"]
    }
    port = services["worker-1"]["command"][-1]
    web = {f"{name}:3000" for name in services if name.startswith("web-")}
    workers = {f"{name}:{port}" for name in services if name.startswith("worker-")}
    assert targets == web | workers
    for file in _load("prometheus.yml")["rule_files"]:
        assert (DEPLOY / file).is_file()


@pytest.fixture(scope="module")
def at_start(tmp_path_factory: pytest.TempPathFactory) -> list[Sample]:
    """What a process tells that has just started and done nothing."""
    folder = tmp_path_factory.mktemp("start")
    ours = {name: value for name, value in os.environ.items() if not name.startswith("TREX_")}
    settings = {"TREX_DATA_DIR": str(folder), "TREX_LOAD_DEMO_DATA": "false"}
    result = subprocess.run(
        [sys.executable, "-c", START],
        cwd=folder,
        env={**ours, **settings, "PYTHONPATH": str(DEPLOY.parent)},
        capture_output=True,
        text=True,
        check=True,
        timeout=120,
    )
    families = text_string_to_metric_families(result.stdout)
    return [sample for family in families for sample in family.samples]


def growths() -> Iterator[tuple[str, str]]:
    for group in _load("alerts.yml")["groups"]:
        for rule in group["rules"]:
            yield from GROWTH.findall(rule["expr"])


@pytest.mark.parametrize(("metric", "chosen"), list(growths()))
def test_what_an_alert_asks_the_growth_of_is_there_from_the_start(
    at_start: list[Sample], metric: str, chosen: str
) -> None:
    """A series that appears with its first event never grew, so that nobody would be told."""
    wanted = dict(re.findall(r'(\w+)="([^"]*)"', chosen))
    series = [s for s in at_start if s.name == metric and wanted.items() <= s.labels.items()]
    assert series
    assert {sample.value for sample in series} == {0}


def test_each_series_of_an_alert_is_there_from_the_start(at_start: list[Sample]) -> None:
    def values(metric: str, label: str) -> set[str]:
        return {sample.labels[label] for sample in at_start if sample.name == metric}

    assert {"", "buying", "selling", "entry"} <= values("trex_refusals_total", "workflow")
    assert set(SUBSCRIPTIONS) == values("trex_event_deliveries_total", "handler")
    assert set(Purpose) == values("trex_messages_total", "purpose")
    assert set(Channel) == values("trex_messages_total", "channel")
    assert {"dealers", "email", "credit"} <= values("trex_partner_calls_total", "partner")
    assert {"rescue", "workers"} <= values("trex_periodic_failures_total", "work")


def test_every_alert_says_what_it_means_and_stands_in_the_guide() -> None:
    guide = (DEPLOY.parent / "docs" / "operations.md").read_text(encoding="utf-8")
    for group in _load("alerts.yml")["groups"]:
        for rule in group["rules"]:
            assert rule["annotations"]["summary"]
            assert f"`{rule['alert']}`" in guide, f"the guide does not know {rule['alert']}"
