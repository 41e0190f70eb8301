"""Someone who walks a journey over HTTP, answer by answer."""

from typing import Any, Self

import httpx

CONTACT = {
    "first_name": "Robin",
    "last_name": "Vale",
    "email": "robin@example.com",
    "phone": "+1 512 555 0142",
    "postal_code": "73301",
    "contact_channels": ["email"],
    "consent_contact": True,
}


class Walker:
    """Holds a session's credential and the step last shown; keeps no cookies."""

    def __init__(self, client: httpx.AsyncClient, step: dict[str, Any]) -> None:
        self.client = client
        self.step = step
        self.session = step["sessionId"]
        client.cookies.clear()
        client.headers["authorization"] = f"Bearer {step['sessionToken']}"

    @classmethod
    async def start(cls, client: httpx.AsyncClient, **body: Any) -> Self:
        """Begin a journey."""
        answer = await client.post("/api/workflow/start", json=body)
        assert answer.status_code == 200, answer.text
        return cls(client, answer.json())

    async def submit(
        self, data: Any, *, key: bytes = b"", members: dict[str, Any] | None = None
    ) -> httpx.Response:
        """Answer the step last shown; an accepted answer shows the next one."""
        body = {
            "sessionId": self.session,
            "currentStep": self.step["stepId"],
            "data": data,
            "revision": self.step["revision"],
            **(members or {}),
        }
        headers = {b"idempotency-key": key} if key else {}
        answer = await self.client.post("/api/workflow/transition", json=body, headers=headers)
        if answer.status_code == 200:
            self.step = answer.json()
        return answer

    async def walk(self, *answers: dict[str, Any]) -> str:
        """Answer step after step, each of which must be accepted; yields the step's id then."""
        for data in answers:
            answer = await self.submit(data)
            assert answer.status_code == 200, answer.text
        return self.step["stepId"]

    async def walk_to_the_end(self) -> None:
        """Buy the first vehicle that a search finds."""
        await self.walk({"intent": "buying"}, {"knows_vehicle": True}, {"price_max": 60000})
        vehicle = self.step["data"]["vehicles"][0]["vehicle_id"]
        await self.walk({"vehicle_id": vehicle}, {"confirmed": True}, CONTACT)
        assert self.step["status"] == "completed"

    async def look(self) -> dict[str, Any]:
        """The step as the session holds it now."""
        return (await self.client.get(f"/api/workflow/{self.session}")).json()

    async def history(self) -> list[dict[str, Any]]:
        """Every fact of the session."""
        answer = await self.client.get(f"/api/workflow/{self.session}/history")
        return answer.json()["entries"]
