"""Origins are taken exactly as browsers send them, and nothing else passes for one."""

import pytest

from trex_app.core.errors import ValidationFailed
from trex_app.core.origins import is_loopback, is_origin, origin_from


@pytest.mark.parametrize(
    "origin",
    [
        "https://www.example.com",
        "https://example.com:8443",
        "http://localhost:3000",
        "http://127.0.0.1",
        "https://xn--mnchen-3ya.example",
        "http://shop.localhost:18300",
    ],
)
def test_what_a_browser_sends_is_an_origin(origin: str) -> None:
    assert is_origin(origin)
    assert origin_from(origin) == origin


@pytest.mark.parametrize(
    "text",
    [
        "",
        "null",
        "*",
        "https://*.example.com",
        "https://",
        "//example.com",
        "ftp://example.com",
        "javascript:alert(1)",
        "https://Example.com",
        "https://example.com/",
        "https://example.com:443",
        "http://example.com:80",
        "https://example.com:0",
        "https://example.com:65536",
        "https://example.com:08",
        "https://user@example.com",
        "https://example.com evil.example",
        "https://example.com; script-src *",
        "https://example.com\r\nset-cookie: a=b",
        "https://example.com\n",
        "https://example.com$(id)",
        "https://example.com`id`",
        "https://example.com|id",
        "https://example.com'",
        "https://-example.com",
        "https://example..com",
        "https://münchen.example",
        f"https://{'a' * 64}.example",
        f"https://{'a.' * 150}example",
    ],
)
def test_anything_else_is_none(text: str) -> None:
    assert not is_origin(text)


@pytest.mark.parametrize(
    ("typed", "origin"),
    [
        (" https://WWW.Example.com ", "https://www.example.com"),
        ("HTTPS://example.com:443", "https://example.com"),
        ("http://example.com:80", "http://example.com"),
        ("https://example.com:80", "https://example.com:80"),
    ],
)
def test_what_a_person_types_becomes_what_a_browser_sends(typed: str, origin: str) -> None:
    assert origin_from(typed) == origin


@pytest.mark.parametrize(
    ("typed", "advice"),
    [
        ("https://*.example.com", "Name each origin by itself"),
        ("www.example.com", "has no scheme"),
        ("https://münchen.example", "xn-- form"),
        ("https://example.com/shop", "leave out everything behind the host"),
        ("https://example.com/", "leave out everything behind the host"),
        ("https://me@example.com", "user name"),
        ("https://exa mple.com", "is no origin"),
        ("http://[::1]:3000", "is no origin"),
    ],
)
def test_a_wrong_one_is_refused_with_what_to_do(typed: str, advice: str) -> None:
    with pytest.raises(ValidationFailed) as refusal:
        origin_from(typed)
    (fault,) = refusal.value.errors
    assert advice in fault.message


@pytest.mark.parametrize("host", ["localhost", "localhost:3000", "127.0.0.1:1", "a.localhost:9"])
def test_this_machine_is_known_by_its_names(host: str) -> None:
    assert is_loopback(host)


@pytest.mark.parametrize("host", ["", "example.com", "localhost.example.com", "127.0.0.1.example"])
def test_any_other_host_is_another_machine(host: str) -> None:
    assert not is_loopback(host)
