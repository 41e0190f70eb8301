"""What the operations guide names in logs and metrics exists, and every warning is in it."""

import ast
import re
from collections.abc import Iterator

import pytest

from tests.docs.examples import ROOT
from trex_app.core.telemetry import REGISTRY

GUIDE = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
LOGGED = re.compile(r"^- \*\*Log:\*\*(.+?)(?=\n- \*\*|\n\n)", re.MULTILINE | re.DOTALL)
EVENT = re.compile(r"`([a-z]+(?:_[a-z]+)+)`")
METRIC = re.compile(r"`(trex_[a-z_]+)`")
NOT_EVENTS = {"correlation_id", "away_seconds", "is_wanted"}
LOUD = {"warning", "error", "exception"}
# Of interest to whoever writes journeys or ports, and explained by what they say.
NOT_OF_OPERATIONS = {"gateway_loop_too_busy_to_close", "handler_refused"}


def events(levels: set[str]) -> Iterator[str]:
    """The name of every line that the product's code logs at one of these levels."""
    for file in ROOT.glob("trex_app/**/*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            match node:
                case ast.Call(
                    func=ast.Attribute(value=ast.Name(id="log"), attr=level),
                    args=[ast.Constant(value=str(name)), *_],
                ) if level in levels and " " not in name:
                    yield name


def test_every_line_that_the_guide_names_is_logged_somewhere() -> None:
    named = {name for part in LOGGED.findall(GUIDE) for name in EVENT.findall(part)}
    assert len(named) > 20
    assert named - NOT_EVENTS - set(events(LOUD | {"info"})) == set()


def test_every_warning_and_error_stands_in_the_guide() -> None:
    explained = set(EVENT.findall(GUIDE))
    assert set(events(LOUD)) - explained - NOT_OF_OPERATIONS == set()


def test_every_metric_that_a_failure_names_exists() -> None:
    families = {family.name for family in REGISTRY.collect()}
    failures = GUIDE.partition("## What each failure looks like")[2]
    assert {name.removesuffix("_total") for name in METRIC.findall(failures)} <= families


@pytest.mark.parametrize("failure", re.findall(r"^### (.+)$", GUIDE, re.MULTILINE))
def test_a_failure_says_what_to_do(failure: str) -> None:
    section = GUIDE.partition(f"### {failure}\n")[2].partition("\n### ")[0]
    assert "- **Do:**" in section
