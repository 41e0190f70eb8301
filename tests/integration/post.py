"""An installation whose mail and text messages stay here, to be read by tests."""

from pathlib import Path
from typing import Any

from sqlalchemy import text

from tests.installation import TestSettings
from tests.integration.world import ADA, CONTACT, SettableClock, World
from trex_app.container import Container
from trex_app.ports import Mail
from trex_app.services.messages import Purpose, message_id_of
from trex_app.services.views import Caller, StepView

SALE = (
    {"has_buyer": True},
    {
        "vin": "1HGCM82633A004352",
        "mileage_km": 42000,
        "condition": "good",
        "asking_price": 9000,
        "postal_code": "60618",
    },
    {"buyer_type": "private"},
    {"buyer_name": "Mary Shelley", "buyer_email": "mary@example.org", "agreed_price": 8800},
    {"needs_financing": False},
)


class Mailbox:
    """Takes mails, or fails as it is told to."""

    def __init__(self) -> None:
        self.mails: list[Mail] = []
        self.fault: Exception | None = None

    async def send(self, mail: Mail) -> None:
        if self.fault is not None:
            raise self.fault
        self.mails.append(mail)

    def to(self, address: str) -> list[Mail]:
        return [mail for mail in self.mails if mail.to == address]


class Phones:
    """Takes text messages, or fails as it is told to."""

    def __init__(self) -> None:
        self.texts: list[tuple[str, str]] = []
        self.fault: Exception | None = None

    async def send(self, to: str, body: str, idempotency_key: str) -> None:
        if self.fault is not None:
            raise self.fault
        self.texts.append((to, body))


class Post(World):
    """One installation with a mailbox and phones."""

    def __init__(self, url: str, data_dir: Path, **settings: Any) -> None:
        self.clock = SettableClock()
        self.mailbox, self.phones = Mailbox(), Phones()
        given = TestSettings(data_dir=data_dir, database_url=url, **settings)
        self.container = Container(
            given,
            self.clock,
            self._partners,
            mailer=self.mailbox,
            text_messages=self.phones,
        )
        self.journeys = self.container.journeys

    async def sell(self, caller: Caller = ADA, **contact: Any) -> StepView:
        """A sale to the end, without any dealer or bureau."""
        view = await self.start("selling", caller)
        for answer in (*SALE, {**CONTACT, **contact}, {"wants_replacement": False}):
            view = await self.journeys.submit(caller, view.session_id, view.step_id, answer)
        return view

    async def lead_of(self, view: StepView) -> str:
        """The key of the lead that a journey sent."""
        rows = await self.rows("SELECT key, session_id FROM lead")
        return next(row["key"] for row in rows if row["session_id"] == view.session_id)

    async def confirmed(self, view: StepView) -> str:
        """Have the confirmation of a journey written; its message's id."""
        key = await self.lead_of(view)
        communications = self.container.communications
        await self.container.database.write(lambda tx: communications.confirm(tx, key))
        return message_id_of(Purpose.CONFIRMATION, key)

    async def deliver(self, message_id: str) -> dict[str, Any]:
        """Try once to send a message, in its present round; its row."""
        row = await self.message(message_id)
        await self.container.message_delivery.attempt(message_id, row["round"])
        return await self.message(message_id)

    async def message(self, message_id: str) -> dict[str, Any]:
        rows = await self.rows("SELECT * FROM message")
        return next(row for row in rows if row["message_id"] == message_id)

    async def rows(self, query: str) -> list[dict[str, Any]]:
        return await self.container.database.read(
            lambda tx: [dict(row) for row in tx.connection.execute(text(query)).mappings()]
        )
