"""The implementations behind the ports, as an installation with or without a sandbox has them."""

from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Self

from tests.installation import TestSettings
from tests.sandbox_process import SandboxProcess
from trex_app.db.transaction import Database
from trex_app.integrations.chosen import ADDRESSES, choose
from trex_app.integrations.dealer_network import DealerDirectory
from trex_app.integrations.vehicle_listings import VehicleListings
from trex_app.ports import LeadDocument, Mail
from trex_app.services.local_partners import OwnDealerNetwork

NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
AT_LEISURE = {
    "timeout_seconds": 60,
    "slow_share": 1,
    "retries": 0,
    "fresh_seconds": 0,
    "failures_in_a_row": 1000,
    "window_calls": 10_000,
}
"""A busy machine is no outage, nothing is answered from memory while a partner is well."""
SOON = {**AT_LEISURE, "timeout_seconds": 2}
"""The same for partners who never answer."""

DEALER = {
    "dealer_id": "lakeshore-motors",
    "name": "Lakeshore Motors",
    "phone": "+1 773 555 0157",
    "email": "sales@lakeshore-motors.example",
    "street": "N Western Ave",
    "city": "Chicago",
    "region": "IL",
    "postal_code": "60618",
    "country": "US",
}
CONTACT = {
    "first_name": "Ada",
    "last_name": "Example",
    "email": "ada@example.com",
    "phone": "+13125550123",
    "postal_code": "60618",
    "contact_channels": ["email", "sms"],
    "consent_contact": True,
}
CHECK = {
    "applicant": "me",
    "birth_date": "1990-05-01",
    "street": "12 Main St",
    "city": "Chicago",
    "postal_code": "60618",
    "income_band": "50k_75k",
    "amount": 18_000,
}


class Installation:
    """What the settings choose, over a given database."""

    def __init__(
        self, database: Database, sandbox: SandboxProcess | None, policy: Mapping[str, Any]
    ) -> None:
        addresses: Any = (
            {"sandbox_url": sandbox.url, "smtp_url": sandbox.smtp_url} if sandbox else {}
        )
        settings = TestSettings(
            data_dir=Path("never-written"),
            partner_policies={partner: dict(policy) for partner in ADDRESSES},
            **addresses,
        )
        self.chosen = choose(settings, database, lambda: NOW)
        self.own_inventory = self.chosen.lookups.saved_inventory
        self.inventory = self.chosen.lookups.inventory
        self.dealers = self.chosen.lookups.dealers
        if sandbox is not None:
            # Nothing stands in for a partner because the machine is busy.
            gateway, seconds = self.chosen.gateway, policy["timeout_seconds"]
            self.inventory = VehicleListings(gateway, self.own_inventory, seconds)
            self.dealers = DealerDirectory(gateway, OwnDealerNetwork(database), seconds)
        self.vin_decoder = self.chosen.lookups.vin_decoder
        self.bureau = self.chosen.bureau
        # Nothing can take these without a partner; the tests that use them have one.
        self.delivery: Any = self.chosen.delivery
        self.records: Any = self.chosen.records
        self.mailer: Any = self.chosen.mailer
        self.text_messages: Any = self.chosen.text_messages

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.chosen.gateway.aclose()


def a_lead(**changes: Any) -> LeadDocument:
    given: dict[str, Any] = {
        "reference": "TRX-7K2M-9QPD",
        "kind": "buying",
        "created_at": NOW,
        "locale": "en",
        "contact": CONTACT,
        "vehicle": {
            "vehicle_id": "v3f1c0a9b8d7e6f5",
            "make": "Toyota",
            "model": "Corolla",
            "trim": "Plus",
            "year": 2019,
            "vin": "5YFBURHE0FP123456",
            "stock_number": "T00012",
            "price": {"amount_minor": 1_689_500, "currency": "USD"},
            "mileage_km": 84_210,
            "body_type": "sedan",
            "transmission": "automatic",
            "colour": "blue",
        },
        "details": {"message": "Is it still there?", "wants_test_drive": True},
    }
    return LeadDocument(**{**given, **changes})


def a_mail(**changes: Any) -> Mail:
    given: dict[str, Any] = {
        "message_id": "<confirmation-1@journeys.example>",
        "to": "ada@example.com",
        "subject": "Ihre Anfrage für einen Toyota ist da",
        "text": "Schöne Grüße",
        "html": "<p>Schöne <b>Grüße</b></p>",
        "locale": "de",
    }
    return Mail(**{**given, **changes})
