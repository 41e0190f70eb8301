"""What a person is told of every decision there can be."""

from typing import get_args

from trex_app.services.credit import Decision
from trex_app.ui.steps.credit import VERDICTS


def test_every_decision_has_its_words() -> None:
    assert {"pending", *VERDICTS} == set(get_args(Decision))
