"""A person's data from the command line: found, exported, erased, and not kept for ever."""

import json

import pytest

from tests.unit.cli.conftest import Terminal
from trex_app.container import Container
from trex_app.services.views import Caller, StepView

CALLER = Caller(visitor="seller")
EMAIL = "seller@example.org"
ANSWERS = (
    {"has_buyer": True},
    {
        "vin": "1HGCM82633A004352",
        "mileage_km": 90_000,
        "condition": "good",
        "asking_price": 7_500,
        "postal_code": "60618",
    },
    {"buyer_type": "private"},
    {"buyer_name": "Mary Shelley", "buyer_email": "mary@example.org", "agreed_price": 7_000},
    {"needs_financing": False},
    {
        "first_name": "Ada",
        "last_name": "Byron",
        "email": EMAIL,
        "phone": "312 555 0147",
        "postal_code": "60618",
        "contact_channels": ["email"],
        "consent_contact": True,
    },
)


@pytest.fixture
def reference(terminal: Terminal) -> str:
    """The reference of a sale that somebody sent."""

    async def sell(container: Container) -> str:
        view: StepView = await container.journeys.start(CALLER, "selling")
        for answers in ANSWERS:
            view = await container.journeys.submit(CALLER, view.session_id, view.step_id, answers)
        (lead,) = await container.leads.list_leads(1)
        return lead.reference

    terminal.set(load_demo_data="false")
    return terminal.within(sell)


@pytest.mark.parametrize("option", ["--email", "--phone", "--reference"])
def test_all_that_is_held_of_a_person_is_exported(
    terminal: Terminal, reference: str, option: str
) -> None:
    known = {"--email": EMAIL, "--phone": "312 555 0147", "--reference": reference}
    done = terminal.run("privacy", "export", option, known[option])
    assert done.exit_code == 0
    (session,) = done.json["sessions"]
    assert session["leads"][0]["reference"] == reference
    assert EMAIL in done.out


def test_nobody_is_exported_by_none_or_two_names(terminal: Terminal, reference: str) -> None:
    for given in ([], ["--email", EMAIL, "--reference", reference]):
        done = terminal.run("privacy", "export", *given)
        assert done.exit_code == 1
        assert "exactly one" in done.err


def test_who_is_not_held_is_not_found(terminal: Terminal, reference: str) -> None:
    done = terminal.run("privacy", "export", "--email", "nobody@example.org")
    assert (done.exit_code, done.out) == (1, "")
    assert "Nothing is held" in done.err


def test_erasing_asks_first_and_leaves_nothing(terminal: Terminal, reference: str) -> None:
    refused = terminal.run("privacy", "erase", "--email", EMAIL, typed="n\n")
    assert refused.exit_code == 1
    assert "erases 1 session" in refused.out
    done = terminal.run("privacy", "erase", "--email", EMAIL, typed="y\n")
    assert "Erased 1 session, 1 lead." in done.out
    again = terminal.run("privacy", "erase", "--email", EMAIL, "--yes", "--json")
    assert again.exit_code == 1
    assert EMAIL not in terminal.run("leads", "show", reference).out


def test_erasing_tells_programs_how_much(terminal: Terminal, reference: str) -> None:
    done = terminal.run("privacy", "erase", "--reference", reference, "--yes", "--json")
    assert done.json == {"sessions": 1, "leads": 1}


def test_retention_counts_before_it_erases(terminal: Terminal, reference: str) -> None:
    nothing = {
        "idle_sessions": 0,
        "finished_sessions": 0,
        "leads": 0,
        "messages": 0,
        "resume_links": 0,
    }
    assert terminal.run("privacy", "retain", "--dry-run", "--json").json == nothing
    done = terminal.run("privacy", "retain")
    assert done.exit_code == 0
    assert "idle sessions" in done.out


def test_a_former_secret_can_be_dropped_once_all_was_put_under_the_new_one(
    terminal: Terminal, reference: str
) -> None:
    former = (terminal.folder / "var" / "secret_key").read_text().strip()
    current = "a new secret of more than thirty-two characters"
    terminal.set(secret_key=current, secret_key_previous=json.dumps([former]))
    done = terminal.run("privacy", "rewrap", "--json")
    assert done.exit_code == 0
    assert done.json["rewrapped"] == {"session": 1, "lead": 1, "credit_check": 0, "message": 0}
    assert sum(terminal.run("privacy", "rewrap", "--json").json["rewrapped"].values()) == 0
    terminal.set(secret_key_previous="[]")
    assert EMAIL in terminal.run("privacy", "export", "--reference", reference).out


def test_what_no_secret_opens_is_told(terminal: Terminal, reference: str) -> None:
    assert reference
    terminal.set(secret_key="another secret of more than thirty-two characters")
    done = terminal.run("privacy", "rewrap")
    assert done.exit_code == 1
    assert "Not readable by any secret that is set" in done.out
