"""Which implementation stands behind which port."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from tests.installation import TestSettings
from trex_app.core.errors import SettingsInvalid
from trex_app.db.transaction import Database
from trex_app.integrations.chosen import (
    ADDRESSES,
    SANDBOX_SECRET,
    SandboxAddresses,
    choose,
    place_of,
    wants_sandbox,
)
from trex_app.integrations.credit_bureau import CreditBureauClient
from trex_app.integrations.dealer_network import DealerDirectory
from trex_app.integrations.vehicle_listings import VehicleListings
from trex_app.integrations.vpic import VpicDecoder
from trex_app.services.local_partners import (
    LocalVinDecoder,
    OwnDealerNetwork,
    OwnInventory,
    RuleBasedCreditBureau,
)

SANDBOX = "http://127.0.0.1:8025"


def now() -> datetime:
    return datetime(2026, 3, 1, tzinfo=UTC)


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    database = Database(f"sqlite:///{tmp_path}/trex.db")
    yield database
    database.close()


def settings(**given: Any) -> TestSettings:
    return TestSettings(**given)


def test_without_settings_everything_is_local(database: Database) -> None:
    chosen = choose(settings(), database, now)
    assert isinstance(chosen.lookups.inventory, OwnInventory)
    assert isinstance(chosen.lookups.dealers, OwnDealerNetwork)
    assert isinstance(chosen.lookups.vin_decoder, LocalVinDecoder)
    assert isinstance(chosen.bureau, RuleBasedCreditBureau)
    outgoing = (chosen.delivery, chosen.records, chosen.mailer, chosen.text_messages)
    assert (outgoing, chosen.webhook_secret) == ((None,) * 4, None)


def test_a_sandbox_stands_in_for_all(database: Database) -> None:
    chosen = choose(settings(sandbox_url=SANDBOX), database, now)
    assert isinstance(chosen.lookups.inventory, VehicleListings)
    assert isinstance(chosen.lookups.dealers, DealerDirectory)
    assert isinstance(chosen.lookups.vin_decoder, VpicDecoder)
    assert isinstance(chosen.bureau, CreditBureauClient)
    assert None not in (chosen.delivery, chosen.records, chosen.mailer, chosen.text_messages)
    assert chosen.webhook_secret == SANDBOX_SECRET


def test_one_real_partner_goes_with_local_ones(database: Database) -> None:
    chosen = choose(settings(vin_url="https://vpic.nhtsa.dot.gov/api"), database, now)
    assert isinstance(chosen.lookups.vin_decoder, VpicDecoder)
    assert isinstance(chosen.lookups.inventory, OwnInventory)
    assert chosen.mailer is None


def test_a_real_partner_comes_before_the_sandbox() -> None:
    mixed = settings(sandbox_url=SANDBOX, smtp_url="smtp://mail.example")
    places = {partner: place_of(partner, mixed) for partner in ADDRESSES}
    assert places.pop("email") == "partner"
    assert set(places.values()) == {"sandbox"}


@pytest.mark.parametrize(
    ("given", "name"),
    [
        ({"credit_url": "https://bureau.example"}, "TREX_CREDIT_WEBHOOK_SECRET"),
        (
            {"credit_url": "https://bureau.example", "credit_webhook_secret": ""},
            "TREX_CREDIT_WEBHOOK_SECRET",
        ),
        ({"sandbox_url": SANDBOX, "credit_webhook_secret": "x" * 15}, "at least 16 characters"),
        ({"sandbox_url": "inside", "role": "web"}, "TREX_ROLE"),
        ({"sandbox_url": "inside", "role": "worker"}, "TREX_ROLE"),
        ({"sms_url": "https://api.twilio.com"}, "TREX_SMS_FROM"),
        ({"sandbox_url": "outside"}, "TREX_SANDBOX_URL"),
        ({"sandbox_url": "https://127.0.0.1:8025"}, "TREX_SANDBOX_URL"),
        ({"smtp_url": "https://mail.example"}, "TREX_SMTP_URL"),
        ({"redis_url": "elsewhere"}, "TREX_REDIS_URL"),
        ({"smtp_url": "smtp://mail.example", "mail_from": "nobody"}, "TREX_MAIL_FROM"),
    ],
    ids=lambda value: str(value)[:50],
)
def test_what_is_missing_or_wrong_is_named(
    database: Database, given: dict[str, Any], name: str
) -> None:
    with pytest.raises(SettingsInvalid) as refused:
        choose(settings(**given), database, now)
    assert name in refused.value.message


def test_the_mail_of_a_sandbox_has_the_next_port() -> None:
    assert SandboxAddresses.parse("http://[::1]:9000/") == SandboxAddresses(
        "http://[::1]:9000", "smtp://[::1]:9001"
    )


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({}, True),
        ({"sandbox_url": ""}, False),
        ({"sandbox_url": SANDBOX}, False),
        ({"crm_url": "https://crm.example"}, False),
        ({"host": "0.0.0.0"}, False),
        ({"role": "web"}, False),
        ({"role": "worker"}, False),
        ({"public_origin": "https://journeys.example"}, False),
        ({"public_origin": "http://localhost:8080"}, True),
        ({"public_origin": ""}, True),
    ],
    ids=str,
)
def test_a_sandbox_comes_by_itself_only_to_somebody_who_tries_it_out(
    given: dict[str, Any], expected: bool
) -> None:
    assert wants_sandbox(settings(**given)) is expected
