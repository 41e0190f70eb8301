"""Leads from the command line."""

import random

import pytest
from sqlalchemy import text

from tests.unit.cli.conftest import Terminal
from trex_app.container import Container
from trex_app.db.transaction import Transaction
from trex_app.services.simulation import Person, ServiceEdge, visit
from trex_app.services.tenants import Tenant
from trex_app.services.views import Caller

NONE_SINCE = "There are no leads since then.\n"
DECIDED = {("buying_confirmation", "email"): "ada@example.org"}


@pytest.fixture
def reference(terminal: Terminal) -> str:
    """The reference of a lead that somebody sent."""

    async def buy(container: Container) -> str:
        edge = ServiceEdge(container.journeys, Caller(visitor="buyer"))
        person = Person(random.Random(1), DECIDED)
        ending = await visit(person, edge, await edge.start("buying"))
        return ending.data["references"][0]["reference"]

    return terminal.within(buy)


def test_without_leads_the_list_says_so(terminal: Terminal) -> None:
    assert terminal.run("leads", "list").out == "There are no leads yet.\n"
    assert terminal.run("leads", "list", "--json").json == []


def test_the_list_names_leads_without_personal_data(terminal: Terminal, reference: str) -> None:
    printed = terminal.run("leads", "list")
    assert reference in printed.out
    assert printed.out.endswith("1 lead\n")
    assert "ada@example.org" not in printed.out
    (row,) = terminal.run("leads", "list", "--json").json
    assert (row["reference"], row["journey"]) == (reference, "buying")
    assert "ada@example.org" not in str(row)


def test_the_list_can_begin_at_a_time(terminal: Terminal, reference: str) -> None:
    assert reference in terminal.run("leads", "list", "--since", "2020-01-31").out
    assert terminal.run("leads", "list", "--since", "2999-01-31").out == NONE_SINCE


def test_the_list_can_be_of_one_status(terminal: Terminal, reference: str) -> None:
    assert reference in terminal.run("leads", "list", "--status", "received").out
    printed = terminal.run("leads", "list", "--status", "parked")
    assert printed.out == "There are no leads that are parked.\n"


def test_the_list_can_be_of_one_tenant(terminal: Terminal) -> None:
    async def buy(container: Container) -> None:
        await container.tenants.add(Tenant("acme", "Acme", ("https://acme.example",)))
        edge = ServiceEdge(container.journeys, Caller(visitor="buyer", tenant="acme"))
        await visit(Person(random.Random(1), DECIDED), edge, await edge.start("buying"))

    terminal.within(buy)
    assert terminal.run("leads", "list", "--tenant", "acme").out.endswith("1 lead\n")
    printed = terminal.run("leads", "list", "--tenant", "other")
    assert printed.out == "There are no such leads from pages of other.\n"


def test_what_the_list_cannot_be_of_is_refused_with_what_it_can(terminal: Terminal) -> None:
    printed = terminal.run("leads", "list", "--status", "foo")
    assert (printed.exit_code, "Value error" in printed.err) == (2, False)
    assert "'foo' is not one of 'received', 'processing'" in printed.err
    printed = terminal.run("leads", "list", "--since", "foo")
    assert (printed.exit_code, "2026-03-01T12:00" in printed.err) == (2, True)


def test_each_part_of_a_lead_stands_under_its_name(terminal: Terminal, reference: str) -> None:
    async def confirm(container: Container) -> None:
        def work(tx: Transaction) -> None:
            key = tx.connection.execute(text("SELECT key FROM lead")).scalar_one()
            container.communications.confirm(tx, key)

        await container.database.write(work)

    terminal.within(confirm)
    lines = terminal.run("leads", "show", reference).out.splitlines()
    at = lines.index("Messages")
    assert lines[at - 1] == ""
    assert lines[at + 1].split()[:3] == ["PURPOSE", "CHANNEL", "STATUS"]
    assert lines[at + 2].split()[:2] == ["confirmation", "email"]
    assert "Dealers" not in lines  # there are none yet


def test_a_lead_is_shown_without_personal_data(terminal: Terminal, reference: str) -> None:
    printed = terminal.run("leads", "show", reference.lower())
    assert reference in printed.out
    assert "ada@example.org" not in printed.out
    lead = terminal.run("leads", "show", reference, "--json").json
    assert (lead["status"], lead["dealers"], lead["messages"]) == ("received", [], [])
    assert "details" not in lead


def test_personal_data_is_shown_on_request(terminal: Terminal, reference: str) -> None:
    assert "ada@example.org" in terminal.run("leads", "show", reference, "--details").out
    lead = terminal.run("leads", "show", reference, "--details", "--json").json
    assert lead["details"]["contact"]["email"] == "ada@example.org"


def test_a_lead_can_be_called_back(terminal: Terminal, reference: str) -> None:
    printed = terminal.run("leads", "cancel", reference)
    assert printed.out == f"{reference} is received. It is being called back.\n"
    answer = terminal.run("leads", "cancel", reference, "--json").json
    assert answer == {"reference": reference, "status": "received"}


def test_a_lead_on_its_way_cannot_be_repeated(terminal: Terminal, reference: str) -> None:
    printed = terminal.run("leads", "retry", reference)
    assert (printed.exit_code, printed.err) == (
        1,
        "This lead is on its way and goes on by itself.\n",
    )


def test_an_unknown_reference_is_refused(terminal: Terminal) -> None:
    printed = terminal.run("leads", "show", "TRX-0000-0000")
    assert (printed.exit_code, printed.err) == (1, "There is no lead with this reference.\n")
