"""People who walk journeys over REST while things break, and note every answer they get."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import httpx

CONTACT = {
    "first_name": "Robin",
    "last_name": "Vale",
    "email": "robin@example.com",
    "phone": "+1 512 555 0142",
    "postal_code": "60618",
    "contact_channels": ["email"],
    "consent_contact": True,
}
BY_TEXT = {**CONTACT, "contact_channels": ["sms"]}
VEHICLE = {
    "vin": "1HGCM82633A004352",
    "make": "Honda",
    "model": "Accord",
    "year": 2003,
    "mileage_km": 42000,
    "condition": "good",
    "asking_price": 9000,
    "postal_code": "60618",
}
INCOME = {"income_band": "50k_75k"}
APPLICANT = {"birth_date": "1980-05-05", "street": "Elm Street 5", "city": "Chicago"}
PATIENCE_SECONDS = 300
PAUSE_SECONDS = 0.1
AWAY = 503


@dataclass
class Crowd:
    """Everybody who came, what they were answered, and the references they were given.

    With `outlasts` people try again, under the same key, while nobody answers them, or somebody
    says that it is not available right now; without it, either is a fault.
    """

    open_client: Callable[[], httpx.AsyncClient]
    outlasts: bool = False
    statuses: list[int] = field(default_factory=list[int])
    references: list[str] = field(default_factory=list[str])
    faults: list[str] = field(default_factory=list[str])
    refusals: list[httpx.Response] = field(default_factory=list[httpx.Response])

    async def come(self, *walks: "Walk") -> None:
        """Let people walk beside each other, each to the end."""
        await asyncio.gather(*(self._visit(walk) for walk in walks))

    async def _visit(self, walk: "Walk") -> None:
        async with self.open_client() as client:
            visitor = Visitor(self, client)
            await walk(visitor)
        assert visitor.step["status"] == "completed", visitor.step
        self.references += [each["reference"] for each in visitor.step["data"]["references"]]

    def check(self) -> None:
        """Nobody saw our own failure, and who was sent away was told so clearly."""
        assert self.faults == []
        for answer in self.refusals:
            problem = answer.json()
            assert answer.headers["content-type"] == "application/problem+json"
            assert int(answer.headers["retry-after"]) > 0
            assert (problem["code"], problem["retryable"]) == ("unavailable", True)


class Visitor:
    """One person in one journey, at the step that was shown last."""

    def __init__(self, crowd: Crowd, client: httpx.AsyncClient) -> None:
        self._crowd, self._client = crowd, client
        self.step: dict[str, Any] = {}

    async def start(self, workflow: str) -> None:
        """Begin a journey; begun twice is begun once too often, and nothing worse."""
        self.step = await self._ask("start", {"workflowType": workflow}, "")
        self._client.headers["authorization"] = f"Bearer {self.step['sessionToken']}"
        self._client.cookies.clear()

    async def submit(self, *answers: dict[str, Any]) -> None:
        """Answer step after step."""
        for data in answers:
            key = f"{self.step['stepId']}-{self.step['revision']}"
            self.step = await self._ask("transition", {**self._place(), "data": data}, key)

    async def look_up(self, name: str, given: dict[str, Any]) -> None:
        """Ask what the open screen may ask."""
        place = {key: value for key, value in self._place().items() if key != "revision"}
        await self._ask("lookup", {**place, "name": name, "input": given}, "")

    def _place(self) -> dict[str, Any]:
        return {
            "sessionId": self.step["sessionId"],
            "currentStep": self.step["stepId"],
            "revision": self.step["revision"],
        }

    async def _ask(self, action: str, body: dict[str, Any], key: str) -> dict[str, Any]:
        headers = {"idempotency-key": key} if key else {}
        deadline = time.monotonic() + PATIENCE_SECONDS
        while True:
            try:
                path = f"/api/workflow/{action}"
                answer = await self._client.post(path, json=body, headers=headers)
            except httpx.TransportError as error:
                said = f"{action}: {type(error).__name__}"
                may_repeat = self._crowd.outlasts
            else:
                self._crowd.statuses.append(answer.status_code)
                if answer.status_code == httpx.codes.OK:
                    return answer.json()
                said = f"{action}: {answer.status_code} {answer.text}"
                may_repeat = self._crowd.outlasts and answer.status_code == AWAY
                if may_repeat:
                    self._crowd.refusals.append(answer)
            if not may_repeat or time.monotonic() > deadline:
                self._crowd.faults.append(said)
                raise AssertionError(said)
            await asyncio.sleep(PAUSE_SECONDS)


Walk = Callable[[Visitor], Awaitable[None]]


def buyer(contact: dict[str, Any]) -> Walk:
    """Searches, chooses what is found first, and asks its dealer."""

    async def walk(visitor: Visitor) -> None:
        await visitor.start("buying")
        await visitor.submit({"knows_vehicle": True}, {"price_max": 60000})
        vehicle = visitor.step["data"]["vehicles"][0]["vehicle_id"]
        await visitor.submit({"vehicle_id": vehicle}, {"confirmed": True}, contact)

    return walk


async def seller_to_dealers(visitor: Visitor) -> None:
    """Has two dealers nearby make an offer, and agrees to a credit check."""
    await visitor.start("selling")
    await visitor.submit({"has_buyer": False})
    await visitor.look_up("vin.decode", {"vin": VEHICLE["vin"]})
    await visitor.submit(VEHICLE)
    dealers = [dealer["dealer_id"] for dealer in visitor.step["data"]["dealers"][:2]]
    await visitor.submit({"dealer_ids": dealers}, {"consent": True, **APPLICANT})
    await visitor.submit(CONTACT, {"wants_replacement": False})


def private_seller(contact: dict[str, Any]) -> Walk:
    """Has a buyer, and asks for credit on the way; no dealer hears of it."""

    async def walk(visitor: Visitor) -> None:
        await visitor.start("selling")
        await visitor.submit({"has_buyer": True}, VEHICLE, {"buyer_type": "private"})
        await visitor.submit(
            {"buyer_name": "Kim Lee", "buyer_email": "kim@example.com", "agreed_price": 9000}
        )
        wish = {"applicant": "me", "amount": 5000, "credit_consent": True}
        await visitor.submit({"needs_financing": True, **wish, **APPLICANT, **INCOME})
        await visitor.submit(contact, {"wants_replacement": False})

    return walk


EVERYBODY: Sequence[Walk] = (
    *(buyer(CONTACT), seller_to_dealers),
    *(private_seller(CONTACT), private_seller(BY_TEXT)),
)
"""Together they need every partner."""
