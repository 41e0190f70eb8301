"""A report prints rates beside their floor, and what was reached beside what was wanted."""

import pytest

from benchmarks import report
from benchmarks.__main__ import main
from benchmarks.measuring import Effort, Series
from benchmarks.web import comparison as web


def took(seconds: float, server_seconds: float | None = None) -> Series:
    return Series([Effort(1000, seconds, server_seconds)])


def test_a_rate_is_shown_beside_its_floor(capsys: pytest.CaptureFixture[str]) -> None:
    report.table({"raw": took(0.1), "ours": took(0.2)}, floor="raw")
    heading, raw, ours = capsys.readouterr().out.splitlines()
    assert heading.endswith("of raw")
    assert raw.split() == ["raw", "100.0", "10,000", "100%"]
    assert ours.split() == ["ours", "200.0", "5,000", "50%"]


def test_a_database_servers_time_stands_apart(capsys: pytest.CaptureFixture[str]) -> None:
    report.table({"raw": took(0.1, server_seconds=0.2), "other": took(0.1)})
    _, raw, other = capsys.readouterr().out.splitlines()
    assert raw.split() == ["raw", "100.0", "10,000", "200"]
    assert other.split()[-1] == "-"


@pytest.mark.parametrize(
    ("verdict", "is_met"),
    [
        (report.at_least("rate", 20_000, 20_000), True),
        (report.at_least("rate", 19_999, 20_000), False),
        (report.share_at_least("share", 0.6, 0.6), True),
        (report.share_at_least("share", 0.59, 0.6), False),
        (report.ahead("rate", took(1), took(1)), True),
        (report.ahead("rate", took(1.01), took(1)), False),
        (report.flat("cost", took(1), took(1.09)), True),
        (report.flat("cost", took(1), took(1.11)), False),
        (report.flat("cost", took(1), took(0.89)), False),
    ],
)
def test_a_verdict_says_whether_it_is_met(verdict: report.Verdict, is_met: bool) -> None:
    assert verdict.is_met is is_met


def test_what_is_missed_is_not_hidden(capsys: pytest.CaptureFixture[str]) -> None:
    found = [report.at_least("rate", 5_000, 20_000), report.at_least("other", 2, 1)]
    assert not report.verdicts(found)
    missed, met = capsys.readouterr().out.splitlines()[-2:]
    assert missed.split() == ["NO", "rate", "5,000", "wanted", "at", "least", "20,000"]
    assert met.startswith("yes")


def test_a_run_fails_for_what_it_missed_unless_it_was_quick(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    missed, met = report.at_least("rate", 1, 2), report.at_least("other", 2, 1)
    monkeypatch.setattr(web, "run", lambda scale: [met])
    assert main(["web"]) == 0
    monkeypatch.setattr(web, "run", lambda scale: [met, missed])
    assert main(["web"]) == 1
    assert main(["web", "--quick"]) == 0
    assert "NO" in capsys.readouterr().out
