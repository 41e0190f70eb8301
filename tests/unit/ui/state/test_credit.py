"""When the page goes on looking for a credit decision."""

import pytest

from trex_app.ui.state.credit import PAUSES_SECONDS, is_pending


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        ({"credit": {"decision": "pending"}}, True),
        ({"credit": {"decision": "approved"}}, False),
        ({"credit": {"decision": "referred"}}, False),
        ({"credit": None}, False),
        ({}, False),
    ],
)
def test_only_a_request_without_decision_is_pending(data: dict[str, object], expected: bool):
    assert is_pending(data) is expected


def test_it_looks_soon_at_first_and_ever_more_rarely():
    assert list(PAUSES_SECONDS) == sorted(PAUSES_SECONDS)
    assert PAUSES_SECONDS[0] == 1
