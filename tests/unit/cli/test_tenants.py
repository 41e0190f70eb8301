"""`tenants`: an operator lets sites show journeys, and takes that back."""

import pytest

from tests.unit.cli.conftest import Printed, Terminal

HOST = "https://www.acme.example"


@pytest.fixture
def acme(terminal: Terminal) -> Printed:
    more = ("--name", "Acme Motors", "--theme", "accent=#123456", "--bundle-origin", f"{HOST}:8443")
    return terminal.run("tenants", "add", "acme", "--origin", HOST, *more)


def shown(terminal: Terminal) -> dict[str, object]:
    return terminal.run("tenants", "show", "acme", "--json").json


def test_without_tenants_the_list_says_what_that_means(terminal: Terminal) -> None:
    assert "no site may show journeys" in terminal.run("tenants", "list").out


def test_an_added_one_is_shown_and_listed(terminal: Terminal, acme: Printed) -> None:
    assert acme.exit_code == 0
    assert "accent=#123456" in acme.out
    listed = terminal.run("tenants", "list").out
    assert HOST in listed
    assert "1 tenant" in listed
    (found,) = terminal.run("tenants", "list", "--json").json
    assert found == shown(terminal)
    assert found == {
        "tenant_id": "acme",
        "name": "Acme Motors",
        "origins": [HOST],
        "bundle_origins": [f"{HOST}:8443"],
        "default_workflow": None,
        "workflows": [],
        "theme": {"accent": "#123456"},
        "dealer_ids": [],
        "may_share_answers": False,
        "may_be_framed": True,
    }


def test_set_adds_to_lists_and_replaces_the_rest(terminal: Terminal, acme: Printed) -> None:
    new = "https://shop.acme.example"
    words = ("--origin", new, "--theme", "space=2px", "--name", "Acme", "--share-answers")
    assert terminal.run("tenants", "set", "acme", *words).exit_code == 0
    after = shown(terminal)
    assert after["origins"] == [HOST, new]
    assert after["theme"] == {"accent": "#123456", "space": "2px"}
    assert (after["name"], after["may_share_answers"]) == ("Acme", True)
    assert after["may_be_framed"] is True


def test_set_takes_away_what_is_named(terminal: Terminal, acme: Printed) -> None:
    terminal.run("tenants", "set", "acme", "--workflow", "selling", "--unframed")
    words = ("--without", "accent", "--without", f"{HOST}:8443", "--workflow", "", "--framed")
    terminal.run("tenants", "set", "acme", *words)
    after = shown(terminal)
    assert (after["theme"], after["bundle_origins"]) == ({}, [])
    assert (after["default_workflow"], after["may_be_framed"]) == (None, True)
    assert after["origins"] == [HOST]


def test_the_last_origin_stays(terminal: Terminal, acme: Printed) -> None:
    refusal = terminal.run("tenants", "set", "acme", "--without", HOST)
    assert refusal.exit_code == 1
    assert "at least one --origin" in refusal.err


def test_a_removed_one_is_gone(terminal: Terminal, acme: Printed) -> None:
    assert terminal.run("tenants", "remove", "acme").out == "Removed acme.\n"
    for words in (("show", "acme"), ("remove", "acme"), ("set", "acme")):
        refusal = terminal.run("tenants", *words)
        assert refusal.exit_code == 1
        assert "There is no tenant acme." in refusal.err


@pytest.mark.parametrize(
    ("words", "advice"),
    [
        (("--origin", "https://*.acme.example"), "Name each origin by itself"),
        (("--origin", "acme.example"), "has no scheme"),
        (("--origin", HOST, "--theme", "accent"), "TOKEN=VALUE"),
        (("--origin", HOST, "--theme", "accent=url(x)"), "a colour"),
        (("--origin", HOST, "--dealer", "nobody"), "no dealer nobody"),
    ],
)
def test_what_is_wrong_is_said(terminal: Terminal, words: tuple[str, ...], advice: str) -> None:
    refusal = terminal.run("tenants", "add", "new", *words)
    assert refusal.exit_code == 1
    assert advice in refusal.err


def test_an_id_is_given_once(terminal: Terminal, acme: Printed) -> None:
    refusal = terminal.run("tenants", "add", "acme", "--origin", HOST)
    assert "`tenants set acme`" in refusal.err
