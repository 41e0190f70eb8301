"""A visitor is known by a token of ours, wherever it stands in the cookie header."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trex_app.core.visitor import COOKIE_NAME, SECURE_COOKIE_NAME, new_visitor, visitor_of


@pytest.mark.parametrize("header", ["{}={}", "a=1; {}={}", "{}={}; b=2", "a=1;{}={};b=2"])
def test_a_visitor_is_found_beside_other_cookies(header: str) -> None:
    token = new_visitor()
    assert visitor_of(header.format(COOKIE_NAME, token), is_secure=False) == token


def test_over_https_only_the_cookie_that_no_neighbour_can_set_counts() -> None:
    planted, own = new_visitor(), new_visitor()
    header = f"{COOKIE_NAME}={planted}; {SECURE_COOKIE_NAME}={own}"
    assert visitor_of(header, is_secure=True) == own
    assert visitor_of(f"{COOKIE_NAME}={planted}", is_secure=True) is None


def test_two_visitors_have_different_tokens() -> None:
    assert new_visitor() != new_visitor()


@pytest.mark.parametrize("value", ["", "short", "x" * 44, "x" * 42, "ä" * 43, "/" * 43])
def test_a_made_up_token_names_no_visitor(value: str) -> None:
    assert visitor_of(f"{COOKIE_NAME}={value}", is_secure=False) is None


@given(st.text())
def test_no_header_is_too_odd_to_read(header: str) -> None:
    found = visitor_of(header, is_secure=False)
    assert found is None or found in header
