"""Who may frame which page, and that a browser never holds on to what was once allowed."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.testclient import TestClient
from starlette.types import ASGIApp

from tests.tenant_world import EVIL, HOST, TenantWorld
from trex_app.api.framing import Framing
from trex_app.api.security_headers import SecurityHeaders, content_security_policy
from trex_app.api.visitor import VisitorCookie
from trex_app.core.visitor import new_visitor

FRAME = "/embed/frame/selling"
PLAIN = "/h/selling?tenant=acme"
IN_FRAME = {"sec-fetch-dest": "iframe"}
OTHER_PAGES = ["/", "/j/selling", "/privacy", "/embed/v1/trex.js", "/embed/framed", "/de/j/selling"]


async def page(request: Request) -> Response:
    if request.url.path in {"/embed/unknown-tenant", "/de/embed/unknown-tenant"}:
        return HTMLResponse("nothing here", 404)
    if "if-none-match" in request.headers:
        return Response(status_code=304)
    return HTMLResponse("a page", headers={"etag": '"1"', "cache-control": "max-age=60"})


@pytest.fixture
def world(tmp_path: Path) -> Iterator[TenantWorld]:
    with TenantWorld.on_sqlite(tmp_path) as world:
        yield world


def site(
    world: TenantWorld, *, is_secure: bool = True, at: str = "https://t.example"
) -> TestClient:
    app: ASGIApp = Starlette()
    app.add_route("/{path:path}", page)
    app = VisitorCookie(app, is_secure=is_secure)
    app = SecurityHeaders(app, page_policy=content_security_policy(()))
    app = Framing(app, directory=world.directory, is_secure=is_secure)
    return TestClient(app, base_url=at)


def visitors_of(answer: Any) -> list[str]:
    """The cookies of an answer that make the browser a visitor."""
    return [kept for kept in answer.headers.get_list("set-cookie") if "_visitor=" in kept]


def ancestors(answer: Any) -> str:
    policy = answer.headers["content-security-policy"]
    return policy.partition("frame-ancestors ")[2]


@pytest.mark.parametrize("path", [FRAME, f"{FRAME}/vehicle", f"/de{FRAME}"])
def test_an_embedded_page_may_stand_in_the_tenants_pages(world: TenantWorld, path: str) -> None:
    answer = site(world).get(f"{path}?tenant=acme")
    assert answer.status_code == 200
    assert ancestors(answer) == HOST
    assert "x-frame-options" not in answer.headers


@pytest.mark.parametrize("query", ["", "?tenant=", "?tenant=nobody", "?tenant=acme&tenant=other"])
@pytest.mark.parametrize("path", [FRAME, f"/de{FRAME}"])
def test_without_a_tenant_there_is_none(world: TenantWorld, path: str, query: str) -> None:
    answer = site(world).get(path + query)
    assert answer.status_code == 404
    assert ancestors(answer) == "'none'"
    assert answer.headers["x-frame-options"] == "DENY"


def test_a_tenant_that_may_not_be_framed_has_no_pages(world: TenantWorld) -> None:
    world.run(world.tenants.change("acme", lambda t: replace(t, may_be_framed=False)))
    assert site(world).get(f"{FRAME}?tenant=acme").status_code == 404


def test_a_journey_that_the_tenant_may_not_show_is_none_of_its_pages(world: TenantWorld) -> None:
    world.run(world.tenants.change("acme", lambda t: replace(t, workflows=("buying",))))
    assert site(world).get(f"{FRAME}?tenant=acme").status_code == 404
    for path in (f"{FRAME}/vehicle", PLAIN, "/de/h/selling/vehicle"):
        answer = site(world).get(path, params={"tenant": "acme"}, headers=IN_FRAME)
        assert ancestors(answer) == "'none'"
        assert not [c for c in answer.headers.get_list("set-cookie") if "tenant" in c]
    for path in ("/embed/frame/buying", "/de/h/buying/vehicle", "/h", "/h/-/link"):
        assert ancestors(site(world).get(f"{path}?tenant=acme")) == HOST


@pytest.mark.parametrize("path", OTHER_PAGES)
def test_no_other_page_may_be_framed(world: TenantWorld, path: str) -> None:
    answer = site(world).get(f"{path}?tenant=acme")
    assert ancestors(answer) == "'none'"
    assert answer.headers["x-frame-options"] == "DENY"


def test_an_evil_page_is_in_no_policy(world: TenantWorld) -> None:
    headers = {"origin": EVIL, "referer": EVIL}
    answer = site(world).get(f"{FRAME}?tenant=acme", headers=headers)
    assert EVIL not in answer.headers["content-security-policy"]


def test_a_change_holds_without_a_restart_also_for_a_page_that_was_kept(
    world: TenantWorld,
) -> None:
    client, headers = site(world), {"if-none-match": '"1"'}
    cookie = {"cookie": f"__Host-trex_framed_visitor={new_visitor()}"}
    address = f"{FRAME}?tenant=acme"
    assert client.get(address, headers=cookie).headers["cache-control"] == "private, no-cache"
    added = "https://new.acme.example"
    world.run(world.tenants.change("acme", lambda t: replace(t, origins=(added,))))
    world.wait()
    answer = client.get(address, headers={**cookie, **headers})
    assert answer.status_code == 304
    assert ancestors(answer) == added
    assert "x-frame-options" not in answer.headers


def test_without_a_database_nobody_may_frame_anything(world: TenantWorld) -> None:
    world.take_database_away()
    assert site(world).get(f"{FRAME}?tenant=acme").status_code == 503
    assert site(world).get("/h/selling?tenant=acme").headers["x-frame-options"] == "DENY"


class TestCookies:
    def test_an_embedded_page_leaves_it_to_its_script_to_ask_for_a_visitor(
        self, world: TenantWorld
    ) -> None:
        """Of two widgets on a page, the second one's would take the place of the first one's."""
        for headers in ({}, IN_FRAME):
            answer = site(world).get(f"{FRAME}?tenant=acme", headers=headers)
            assert visitors_of(answer) == []

    def test_of_a_plain_page_in_a_frame_are_partitioned(self, world: TenantWorld) -> None:
        (cookie,) = visitors_of(site(world).get(PLAIN, headers=IN_FRAME))
        assert cookie.startswith("__Host-trex_framed_visitor=")
        for attribute in ("Secure", "HttpOnly", "SameSite=None", "Partitioned", "Path=/"):
            assert attribute in cookie.split("; ")

    def test_of_a_page_of_its_own_stay_as_they_are(self, world: TenantWorld) -> None:
        cookie = site(world).get("/j/selling?tenant=acme").headers["set-cookie"]
        assert cookie.startswith("__Host-trex_visitor=")
        assert "SameSite=lax" in cookie
        assert "Partitioned" not in cookie

    def test_one_does_not_stand_for_the_other(self, world: TenantWorld) -> None:
        kept = {"cookie": f"__Host-trex_visitor={new_visitor()}"}
        (cookie,) = visitors_of(site(world).get(PLAIN, headers={**IN_FRAME, **kept}))
        assert cookie.startswith("__Host-trex_framed_visitor=")

    def test_on_this_machine_they_need_no_tls(self, world: TenantWorld) -> None:
        client = site(world, is_secure=False, at="http://localhost:3000")
        (cookie,) = visitors_of(client.get(PLAIN, headers=IN_FRAME))
        assert cookie.startswith("trex_framed_visitor=")
        assert "Secure; SameSite=None; Partitioned" in cookie

    def test_elsewhere_without_tls_there_are_none(self, world: TenantWorld) -> None:
        client = site(world, is_secure=False, at="http://t.example")
        assert "set-cookie" not in client.get(PLAIN, headers=IN_FRAME).headers

    def test_a_link_from_the_tenants_page_is_remembered(self, world: TenantWorld) -> None:
        cookies = site(world).get("/h/selling?tenant=acme").headers.get_list("set-cookie")
        (cookie,) = [c for c in cookies if "tenant" in c]
        assert cookie == "__Host-trex_tenant=acme; Path=/; HttpOnly; SameSite=Lax; Secure"

    def test_a_step_that_is_reloaded_in_its_frame_is_still_the_tenants(
        self, world: TenantWorld
    ) -> None:
        client = site(world)
        opened = client.get(f"{FRAME}?tenant=acme", headers=IN_FRAME)
        kept = "__Host-trex_framed_tenant=acme"
        assert any(c.startswith(f"{kept}; ") for c in opened.headers.get_list("set-cookie"))
        step = f"{FRAME}/vehicle"
        answer = client.get(step, headers={**IN_FRAME, "cookie": kept})
        assert (answer.status_code, ancestors(answer)) == (200, HOST)
        assert site(world).get(step, headers={"cookie": kept}).status_code == 404
        assert site(world).get(step, headers=IN_FRAME).status_code == 404
