"""The wire contract, walked over HTTP on a real database."""

import uuid
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from tests.integration.conftest import ORIGIN, client_of
from tests.integration.walker import CONTACT, Walker
from trex_app.api.schemas.responses import DefinitionResponse, WorkflowStepResponse

pytestmark = pytest.mark.asyncio(loop_scope="module")

MEMBERS = {
    "sessionId",
    "workflowType",
    "status",
    "stepId",
    "componentName",
    "data",
    "validationRules",
    "navigationOptions",
    "uiConfig",
    "revision",
    "progress",
    "answers",
    "messages",
}


async def test_a_start_answers_the_first_step_and_its_credential(client: httpx.AsyncClient) -> None:
    answer = await client.post("/api/workflow/start", json={})
    step = answer.json()
    assert answer.status_code == 200
    assert set(step) == {*MEMBERS, "sessionToken"}
    assert (step["workflowType"], step["stepId"], step["status"]) == (
        "entry",
        "intent_selection",
        "active",
    )
    assert step["navigationOptions"]["canGoBack"] is False
    cookie = answer.headers["set-cookie"]
    assert cookie.startswith(f"trex_session_{step['sessionId']}={step['sessionToken']};")
    assert "Path=/api;" in cookie
    assert answer.headers["cache-control"] == "no-store"


async def test_the_cookie_of_a_session_is_renewed_with_each_step(
    client: httpx.AsyncClient,
) -> None:
    step = (await client.post("/api/workflow/start", json={})).json()
    token, session = step["sessionToken"], step["sessionId"]
    name = f"trex_session_{session}"

    shown = await client.get(f"/api/workflow/{session}", headers={"cookie": f"{name}={token}"})
    client.cookies.clear()
    by_token = await client.get(
        f"/api/workflow/{session}", headers={"authorization": f"Bearer {token}"}
    )

    assert shown.headers["set-cookie"].startswith(f"{name}={token};")
    assert "set-cookie" not in by_token.headers


async def test_a_journey_and_its_id_may_be_chosen(client: httpx.AsyncClient) -> None:
    chosen = str(uuid.uuid4())
    body = {"sessionId": chosen, "workflowType": "selling", "context": {"locale": "de"}}
    step = (await client.post("/api/workflow/start", json=body)).json()
    assert (step["sessionId"], step["workflowType"]) == (chosen, "selling")


async def test_a_step_has_the_members_of_the_contract(walker: Walker) -> None:
    await walker.submit({"intent": "buying"})
    assert set(walker.step) == MEMBERS
    WorkflowStepResponse.model_validate(walker.step)
    path = walker.step["navigationOptions"]["path"]
    assert [entry["stepId"] for entry in path] == ["intent_selection", "vehicle_knowledge"]


async def test_a_whole_journey_can_be_walked(walker: Walker) -> None:
    await walker.walk_to_the_end()
    assert walker.step["stepId"] == "buying_complete"
    assert walker.step["data"]["references"]


async def test_a_start_with_a_known_id_shows_where_one_stood(walker: Walker) -> None:
    await walker.walk({"intent": "buying"}, {"knows_vehicle": True})
    again = await walker.client.post("/api/workflow/start", json={"sessionId": walker.session})
    assert again.status_code == 200
    assert again.json()["stepId"] == "vehicle_search"
    assert again.json()["revision"] == walker.step["revision"]


async def test_back_and_goto_lose_nothing(walker: Walker) -> None:
    await walker.walk({"intent": "buying"}, {"knows_vehicle": True})
    place = {"sessionId": walker.session, "currentStep": "vehicle_search"}
    back = (await walker.client.post("/api/workflow/back", json=place)).json()
    assert (back["stepId"], back["answers"]["knows_vehicle"]) == ("vehicle_knowledge", True)
    place = {"sessionId": walker.session, "step": "vehicle_search", "revision": back["revision"]}
    there = (await walker.client.post("/api/workflow/goto", json=place)).json()
    assert there["stepId"] == "vehicle_search"


async def test_the_open_step_answers_its_lookups(walker: Walker) -> None:
    await walker.walk({"intent": "buying"}, {"knows_vehicle": True})
    question = {
        "sessionId": walker.session,
        "currentStep": "vehicle_search",
        "name": "vehicles.count",
        "input": {"price_max": 60000},
    }
    answer = await walker.client.post("/api/workflow/lookup", json=question)
    assert answer.status_code == 200, answer.text
    assert answer.json()["name"] == "vehicles.count"
    other = await walker.client.post(
        "/api/workflow/lookup", json={**question, "name": "vin.decode"}
    )
    assert (other.status_code, other.json()["code"]) == (404, "not_found")


async def test_the_history_holds_no_personal_data(walker: Walker) -> None:
    await walker.walk_to_the_end()
    facts = await walker.history()
    assert facts[0]["kind"] == "started"
    assert [fact["revision"] for fact in facts] == sorted(fact["revision"] for fact in facts)
    for name in ("first_name", "last_name", "email", "phone"):
        assert str(CONTACT[name]) not in str(facts)


async def test_a_resume_link_works_once(walker: Walker, api: FastAPI) -> None:
    await walker.walk({"intent": "buying"})
    body = {"email": "robin@example.com", "consentReminder": True}
    link = await walker.client.post(f"/api/workflow/{walker.session}/resume-link", json=body)
    token = link.json()["token"]
    assert link.json()["url"] == f"{ORIGIN}/resume/{token}"
    async with client_of(api) as elsewhere:
        resumed = await elsewhere.post("/api/workflow/resume", json={"token": token})
        assert resumed.json()["stepId"] == "vehicle_knowledge"
        there = Walker(elsewhere, resumed.json())
        assert await there.walk({"knows_vehicle": True}) == "vehicle_search"
        again = await elsewhere.post("/api/workflow/resume", json={"token": token})
        assert (again.status_code, again.json()["code"]) == (404, "not_found")


async def test_the_same_submit_twice_counts_once(walker: Walker) -> None:
    await walker.walk({"intent": "buying"})
    before = walker.step
    first = await walker.submit({"knows_vehicle": True}, key=b"answer-1")
    walker.step = before
    again = await walker.submit({"knows_vehicle": True}, key=b"answer-1")
    walker.step = before
    other = await walker.submit({"knows_vehicle": False}, key=b"answer-1")
    assert again.json() == first.json()
    assert (other.status_code, other.json()["code"]) == (422, "idempotency_mismatch")
    assert [fact["kind"] for fact in await walker.history()].count("submitted") == 2


async def test_two_tabs_do_not_overwrite_each_other(walker: Walker) -> None:
    old = walker.step
    await walker.walk({"intent": "buying"})
    walker.step = old
    late = await walker.submit({"intent": "selling"})
    problem = late.json()
    assert (late.status_code, problem["code"]) == (409, "stale_step")
    assert problem["draft"] == {"intent": "selling"}
    assert set(problem["current"]) == MEMBERS
    assert problem["current"]["stepId"] == "vehicle_knowledge"


async def test_restart_begins_anew_with_the_answers_given(walker: Walker) -> None:
    await walker.walk_to_the_end()
    answer = await walker.client.post(f"/api/workflow/{walker.session}/restart")
    fresh = answer.json()
    assert answer.status_code == 200
    assert fresh["sessionId"] != walker.session
    assert fresh["sessionToken"]
    path = [entry["stepId"] for entry in fresh["navigationOptions"]["path"]]
    assert path[:3] == ["intent_selection", "vehicle_knowledge", "vehicle_search"]
    assert fresh["status"] == "active"


async def test_a_journey_under_way_is_gone_on_with_instead(walker: Walker) -> None:
    await walker.walk({"intent": "buying"})
    answer = await walker.client.post(f"/api/workflow/{walker.session}/restart")
    assert (answer.status_code, answer.json()["code"]) == (409, "still_under_way")
    assert (await walker.look())["stepId"] == "vehicle_knowledge"


async def test_definitions_are_graphs_for_tools(client: httpx.AsyncClient) -> None:
    found = (await client.get("/api/workflow/definitions")).json()["definitions"]
    assert {"entry", "buying", "selling"} <= {definition["id"] for definition in found}
    one = await client.get("/api/workflow/definitions/buying")
    assert one.json()["id"] == "buying"
    DefinitionResponse.model_validate(one.json())
    assert (await client.get("/api/workflow/definitions/nothing")).status_code == 404


async def test_a_cookie_is_a_credential_except_for_foreign_pages(api: FastAPI) -> None:
    async with client_of(api) as browser:
        step = (await browser.post("/api/workflow/start", json={})).json()
        body = {
            "sessionId": step["sessionId"],
            "currentStep": "intent_selection",
            "data": {"intent": "buying"},
        }

        async def submit(**headers: str) -> httpx.Response:
            return await browser.post("/api/workflow/transition", json=body, headers=headers)

        assert (await browser.get(f"/api/workflow/{step['sessionId']}")).status_code == 200
        for foreign in ({"origin": "https://evil.example"}, {"sec-fetch-site": "cross-site"}):
            refused = await submit(**foreign)
            assert (refused.status_code, refused.json()["code"]) == (403, "origin_not_allowed")
        for own in ({"origin": ORIGIN}, {}):
            assert (await submit(**own)).json()["stepId"] == "vehicle_knowledge"


@pytest.mark.parametrize(
    ("origin", "allowed"), [(ORIGIN, ORIGIN), ("https://evil.example", None), ("null", None)]
)
async def test_only_known_origins_may_read(
    client: httpx.AsyncClient, origin: str, allowed: str | None
) -> None:
    asked: dict[str, Any] = {
        "origin": origin,
        "access-control-request-method": "POST",
        "access-control-request-headers": "authorization,content-type,idempotency-key",
    }
    preflight = await client.options("/api/workflow/start", headers=asked)
    assert preflight.headers.get("access-control-allow-origin") == allowed
    read = await client.get("/api/workflow/definitions", headers={"origin": origin})
    assert read.headers.get("access-control-allow-origin") == allowed
