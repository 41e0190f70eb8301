"""Errors that pages report: into the log and the metrics, without anything a person typed."""

import httpx
import pytest
import structlog
from structlog.testing import capture_logs

from trex_app.core.telemetry import BROWSER_ERRORS

pytestmark = pytest.mark.asyncio(loop_scope="module")

REPORT = {
    "kind": "error",
    "name": "TypeError",
    "page": "/j/buying/vehicle_search",
    "places": ["/assets/root-abcdefgh.js:10:2345"],
}


def count(kind: str) -> float:
    (metric,) = BROWSER_ERRORS.labels(kind).collect()
    return next(sample.value for sample in metric.samples if sample.name.endswith("_total"))


async def test_a_report_is_logged_and_counted(client: httpx.AsyncClient) -> None:
    structlog.reset_defaults()
    before = count("error")
    with capture_logs() as lines:
        answer = await client.post("/api/browser-errors", json=REPORT)
    assert answer.status_code == 204
    assert count("error") == before + 1
    (line,) = [line for line in lines if line["event"] == "browser_error"]
    assert line["error"] == "TypeError"
    assert line["places"] == REPORT["places"]


@pytest.mark.parametrize(
    "change",
    [
        {"message": "Ada Lovelace typed ada@example.com"},
        {"name": "Ada Lovelace"},
        {"page": "/resume?token=secret"},
        {"places": ["https://elsewhere.example/x.js:1:1"]},
        {"places": ["/x.js:1:1"] * 9},
        {"kind": "warning"},
    ],
)
async def test_what_could_hold_personal_data_is_refused(
    client: httpx.AsyncClient, change: dict[str, object]
) -> None:
    answer = await client.post("/api/browser-errors", json=REPORT | change)
    assert answer.status_code == 400
    assert "Ada" not in answer.text
    assert "secret" not in answer.text
