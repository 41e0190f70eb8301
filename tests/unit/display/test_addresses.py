"""The address of a page says in which language it is."""

import pytest

from trex_app.display.addresses import is_plain_html, locale_of, path_in, plain_path


@pytest.mark.parametrize(
    ("path", "locale", "plain"),
    [
        ("/", "en", "/"),
        ("/j/buying/vehicle_search", "en", "/j/buying/vehicle_search"),
        ("/de", "de", "/"),
        ("/de/", "de", "/"),
        ("/de/j/buying", "de", "/j/buying"),
        ("/dealers", "en", "/dealers"),
        ("/entry", "en", "/entry"),
        ("/j/de", "en", "/j/de"),
    ],
)
def test_an_address_names_its_language(path: str, locale: str, plain: str) -> None:
    assert (locale_of(path), plain_path(path)) == (locale, plain)


@pytest.mark.parametrize("plain", ["/", "/j/buying", "/j/buying/[[step]]"])
@pytest.mark.parametrize("locale", ["en", "de"])
def test_a_page_has_an_address_in_each_language(locale: str, plain: str) -> None:
    path = path_in(locale, plain)
    assert (locale_of(path), plain_path(path)) == (locale, plain)


@pytest.mark.parametrize(
    ("path", "is_plain"),
    [
        ("/h", True),
        ("/h/", True),
        ("/h/buying/vehicle_search", True),
        ("/de/h", True),
        ("/de/h/buying", True),
        ("/hello", False),
        ("/j/h", False),
        ("/de/j/buying", False),
    ],
)
def test_the_plain_html_has_addresses_of_its_own(path: str, is_plain: bool) -> None:
    assert is_plain_html(path) == is_plain
