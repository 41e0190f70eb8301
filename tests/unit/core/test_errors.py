"""The error tree: every error has a code, a status and a sentence."""

from collections.abc import Iterator

import pytest

from trex_app.core import errors
from trex_app.core.errors import FieldError, RateLimited, SealedStep, TrexError, ValidationFailed


def tree(root: type[TrexError]) -> Iterator[type[TrexError]]:
    yield root
    for child in root.__subclasses__():
        yield from tree(child)


def own_tree() -> list[type[TrexError]]:
    return [kind for kind in tree(TrexError) if kind.__module__ == errors.__name__]


@pytest.mark.parametrize("kind", own_tree(), ids=lambda kind: kind.__name__)
def test_every_error_says_who_it_is_and_what_to_do(kind: type[TrexError]) -> None:
    assert kind.code.replace("_", "").isalpha()
    assert 400 <= kind.status < 600
    assert kind.default_message.endswith(".")


def test_every_code_means_one_error() -> None:
    codes = [kind.code for kind in own_tree()]
    assert len(codes) == len(set(codes))


def test_a_message_is_the_template_with_its_values() -> None:
    error = TrexError("There are {count} of them.", count=3)
    assert error.message == str(error) == "There are 3 of them."
    assert error.template == "There are {count} of them."


def test_braces_in_a_message_without_values_stay() -> None:
    assert TrexError("{odd}").message == "{odd}"


def test_a_validation_error_leads_with_its_first_fault() -> None:
    faults = [
        FieldError("email", "format", "Enter an e-mail address."),
        FieldError("year", "maximum", "At most {limit}.", {"limit": 2030}),
    ]
    details = ValidationFailed(faults).details()
    assert details["field"] == "email"
    assert [fault["message"] for fault in details["errors"]] == [
        "Enter an e-mail address.",
        "At most 2030.",
    ]


def test_a_sealed_step_names_what_was_sent() -> None:
    assert SealedStep(sent=["Your request to the dealer"]).details() == {
        "sent": ["Your request to the dealer"]
    }


def test_a_rate_limit_says_when_to_come_back() -> None:
    error = RateLimited(30)
    assert error.is_retryable
    assert error.retry_after_seconds == 30
    assert "30 seconds" in error.message
