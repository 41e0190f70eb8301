"""What sites are let and refused over HTTP: tickets, readable answers, frames and their cookies."""

from collections.abc import AsyncIterator
from dataclasses import replace

import httpx
import pytest
import pytest_asyncio
from fastapi import FastAPI

from tests.integration.conftest import ORIGIN, client_of
from trex_app.container import Container
from trex_app.core.crypto import TokenKind
from trex_app.core.visitor import framed_visitor_of
from trex_app.services.tenants import Tenant
from trex_app.services.tickets import HostNotAllowed

pytestmark = pytest.mark.asyncio(loop_scope="module")

HOST = "https://www.acme.example"
BUNDLE = "https://cdn.acme.example"
EVIL = "https://evil.example"
ACME = Tenant("acme", "Acme", (HOST,), (BUNDLE,), theme={"accent": "#123456"})
SELLER = Tenant("seller", "Seller", ("https://seller.example",), workflows=("selling",))
TICKETS = "/api/embed/tickets"
VISITORS = "/api/embed/visitors"
ALLOWED = "access-control-allow-origin"
WITH_COOKIES = "access-control-allow-credentials"
IN_FRAME = {"sec-fetch-dest": "iframe"}


@pytest_asyncio.fixture(scope="module", loop_scope="module", autouse=True)
async def acme(container: Container) -> Tenant:
    await container.tenants.add(SELLER)
    return await container.tenants.add(ACME)


@pytest_asyncio.fixture(loop_scope="module")
async def site(api: FastAPI) -> AsyncIterator[httpx.AsyncClient]:
    async with client_of(api) as client:
        yield client


async def ask(site: httpx.AsyncClient, origin: str | None, **more: str) -> httpx.Response:
    headers = {} if origin is None else {"origin": origin}
    return await site.post(TICKETS, json={"tenant": "acme", **more}, headers=headers)


class TestTickets:
    async def test_a_page_of_the_tenant_gets_one(
        self, site: httpx.AsyncClient, container: Container
    ) -> None:
        answer = await ask(site, HOST, workflow="selling", sessionKey="left")
        given = answer.json()
        assert answer.status_code == 200
        assert answer.headers[ALLOWED] == HOST
        assert WITH_COOKIES not in answer.headers
        assert answer.headers["cache-control"] == "no-store"
        assert set(given) == {
            *("ticket", "expiresAt", "workflow", "theme", "locales", "release"),
        }
        assert (given["workflow"], given["theme"]) == ("selling", {"accent": "#123456"})
        embedding = await container.tickets.redeem(given["ticket"], ORIGIN)
        assert embedding is not None
        assert (embedding.tenant_id, embedding.session_key) == ("acme", "left")

    async def test_any_other_page_can_read_why_it_gets_none(self, site: httpx.AsyncClient) -> None:
        answer = await ask(site, EVIL)
        assert answer.status_code == 403
        assert answer.headers[ALLOWED] == EVIL
        assert WITH_COOKIES not in answer.headers
        problem = answer.json()
        assert problem["code"] == HostNotAllowed.code
        assert f"python -m trex_app tenants set acme --origin {EVIL}" in problem["detail"]
        assert ACME.name not in answer.text
        assert HOST not in answer.text

    @pytest.mark.parametrize("origin", [None, "null", f"{EVIL};rm -rf", f"{EVIL} {HOST}"])
    async def test_what_names_no_origin_is_refused(
        self, site: httpx.AsyncClient, origin: str | None
    ) -> None:
        answer = await ask(site, origin)
        assert answer.status_code == 403
        assert answer.json()["code"] == "no_host_origin"
        assert ALLOWED not in answer.headers
        assert "evil" not in answer.text

    @pytest.mark.parametrize(
        "wish",
        [
            {"tenant": "a; rm -rf /"},
            {"tenant": ""},
            {"tenant": "acme", "sessionKey": "a b"},
            {"tenant": "acme", "sessionKey": "x" * 65},
            {"tenant": "acme", "bundleOrigin": "https://*.example"},
            {"tenant": "acme", "bundleOrigin": f"{BUNDLE}/path"},
            {"tenant": "acme", "more": 1},
        ],
    )
    async def test_what_is_not_as_agreed_is_refused(
        self, site: httpx.AsyncClient, wish: dict[str, str]
    ) -> None:
        answer = await site.post(TICKETS, json=wish, headers={"origin": HOST})
        assert answer.status_code == 400

    async def test_a_change_holds_without_a_restart(
        self, site: httpx.AsyncClient, container: Container
    ) -> None:
        page = "https://new.acme.example"
        assert (await ask(site, page)).status_code == 403
        await container.tenants.change("acme", lambda t: replace(t, origins=(*t.origins, page)))
        container.tenant_directory._read_at -= 2
        assert (await ask(site, page)).status_code == 200
        await container.tenants.change("acme", lambda t: replace(t, origins=(HOST,)))
        container.tenant_directory._read_at -= 2
        assert (await ask(site, page)).status_code == 403


class TestReadingTheApi:
    async def preflight(self, site: httpx.AsyncClient, path: str, origin: str) -> httpx.Response:
        headers = {
            "origin": origin,
            "access-control-request-method": "POST",
            "access-control-request-headers": "content-type",
        }
        return await site.options(path, headers=headers)

    @pytest.mark.parametrize("origin", [HOST, BUNDLE])
    async def test_a_tenants_page_may_without_cookies(
        self, site: httpx.AsyncClient, origin: str
    ) -> None:
        path = "/api/workflow/definitions"
        answer = await site.get(path, headers={"origin": origin})
        assert answer.headers[ALLOWED] == origin
        assert WITH_COOKIES not in answer.headers
        preflight = await self.preflight(site, "/api/workflow/start", origin)
        assert preflight.headers[ALLOWED] == origin
        assert preflight.headers["access-control-max-age"] == "60"

    async def test_our_own_pages_may_with_cookies(self, site: httpx.AsyncClient) -> None:
        answer = await site.get("/api/workflow/definitions", headers={"origin": ORIGIN})
        assert answer.headers[ALLOWED] == ORIGIN
        assert answer.headers[WITH_COOKIES] == "true"

    @pytest.mark.parametrize("origin", [EVIL, "null", f"{HOST}.evil.example", f"{HOST}:8443"])
    async def test_a_page_of_an_unknown_origin_gets_nothing(
        self, site: httpx.AsyncClient, origin: str
    ) -> None:
        answer = await site.get("/api/workflow/definitions", headers={"origin": origin})
        assert ALLOWED not in answer.headers
        preflight = await self.preflight(site, "/api/workflow/start", origin)
        assert preflight.status_code == 400
        assert ALLOWED not in preflight.headers

    @pytest.mark.parametrize("origin", [None, ORIGIN, HOST, EVIL])
    async def test_caches_keep_the_answers_of_origins_apart(
        self, site: httpx.AsyncClient, origin: str | None
    ) -> None:
        headers = {} if origin is None else {"origin": origin}
        answer = await site.get("/api/workflow/definitions", headers=headers)
        assert answer.headers["vary"] == "Origin"

    async def test_every_page_may_ask_for_a_ticket(self, site: httpx.AsyncClient) -> None:
        preflight = await self.preflight(site, TICKETS, EVIL)
        assert preflight.status_code == 200
        assert preflight.headers[ALLOWED] == EVIL
        assert WITH_COOKIES not in preflight.headers


class TestVisitors:
    async def test_somebody_new_gets_cookie_and_token_of_one_visitor(
        self, site: httpx.AsyncClient, container: Container
    ) -> None:
        answer = await site.post(VISITORS, headers={"origin": BUNDLE})
        assert answer.headers[ALLOWED] == BUNDLE
        assert answer.headers[WITH_COOKIES] == "true"
        cookie = answer.headers["set-cookie"]
        for attribute in ("Secure", "HttpOnly", "SameSite=None", "Partitioned", "Path=/"):
            assert attribute in cookie.split("; ")
        visitor = framed_visitor_of(cookie.partition(";")[0], is_secure=False)
        assert container.keyring.verify(TokenKind.VISITOR, answer.json()["visitor"]) == visitor

    async def test_whose_browser_keeps_cookies_needs_no_token(
        self, site: httpx.AsyncClient
    ) -> None:
        first = await site.post(VISITORS, headers={"origin": BUNDLE})
        cookie = first.headers["set-cookie"].partition(";")[0]
        again = await site.post(VISITORS, headers={"origin": BUNDLE, "cookie": cookie})
        assert again.json() == {"visitor": None}
        assert "set-cookie" not in again.headers

    async def test_a_tenants_own_page_cannot_read_it_with_cookies(
        self, site: httpx.AsyncClient
    ) -> None:
        answer = await site.post(VISITORS, headers={"origin": HOST})
        assert WITH_COOKIES not in answer.headers

    async def test_no_cookie_goes_where_browsers_would_not_keep_it(self, api: FastAPI) -> None:
        transport = httpx.ASGITransport(api)
        async with httpx.AsyncClient(transport=transport, base_url="http://t.example") as client:
            answer = await client.post(VISITORS)
        assert "set-cookie" not in answer.headers
        assert answer.json()["visitor"]


class TestThemes:
    async def test_a_tenants_is_a_stylesheet(self, site: httpx.AsyncClient) -> None:
        answer = await site.get("/api/embed/themes/acme.css")
        assert answer.headers["content-type"].startswith("text/css")
        assert "--trex-accent: #123456;" in answer.text

    async def test_of_nobody_it_is_empty(self, site: httpx.AsyncClient) -> None:
        assert (await site.get("/api/embed/themes/nobody.css")).text == ""


class TestPlainPages:
    async def test_the_tenants_pages_may_frame_them(self, site: httpx.AsyncClient) -> None:
        answer = await site.get("/h/?tenant=acme", headers=IN_FRAME)
        policy = answer.headers["content-security-policy"]
        assert policy.endswith(f"frame-ancestors {HOST}")
        assert "x-frame-options" not in answer.headers
        assert 'href="/api/embed/themes/acme.css"' in answer.text

    async def test_only_what_the_tenant_may_show_is_listed(self, site: httpx.AsyncClient) -> None:
        listed = (await site.get("/h/?tenant=seller")).text
        assert 'href="/h/selling"' in listed
        assert 'href="/h/buying"' not in listed
        everything = (await site.get("/h/?tenant=acme")).text
        assert 'href="/h/selling"' in everything
        assert 'href="/h/buying"' in everything

    @pytest.mark.parametrize(
        "query", ["", "?tenant=nobody", "?tenant=", "?tenant=acme&tenant=nobody", "?tenant=%0d%0a"]
    )
    async def test_without_a_tenant_nobody_may(self, site: httpx.AsyncClient, query: str) -> None:
        answer = await site.get(f"/h/{query}")
        assert "frame-ancestors 'none'" in answer.headers["content-security-policy"]
        assert answer.headers["x-frame-options"] == "DENY"

    async def test_a_journey_in_a_frame_has_cookies_of_its_own(
        self, site: httpx.AsyncClient, container: Container
    ) -> None:
        entered = await site.get("/h/selling?tenant=acme", headers=IN_FRAME)
        cookies = entered.headers.get_list("set-cookie")
        assert {cookie.partition("=")[0] for cookie in cookies} == {
            *("trex_framed_visitor", "trex_framed_tenant"),
        }
        assert all("SameSite=None; Partitioned" in cookie for cookie in cookies)
        kept = "; ".join(cookie.partition(";")[0] for cookie in cookies)
        headers = {**IN_FRAME, "cookie": kept}
        started = await site.get(entered.headers["location"], headers=headers)
        given = started.headers.get_list("set-cookie")
        assert any(cookie.startswith("trex_journey_selling=") for cookie in given)
        assert all("Secure; SameSite=None; Partitioned" in cookie for cookie in given)
        answer = await site.get(started.headers["location"], headers=headers)
        assert answer.status_code == 200
        assert f"frame-ancestors {HOST}" in answer.headers["content-security-policy"]
        assert await tenants_of_sessions(container) == ["acme"]

    async def test_where_a_frame_may_keep_no_cookie_the_way_leads_out_of_it(
        self, site: httpx.AsyncClient
    ) -> None:
        entered = await site.get("/h/selling?tenant=acme", headers=IN_FRAME)
        site.cookies.clear()
        answer = await site.get(entered.headers["location"], headers=IN_FRAME)
        assert answer.status_code == 403
        assert f"frame-ancestors {HOST}" in answer.headers["content-security-policy"]
        way = 'href="/h/selling?tenant=acme" target="_blank" rel="noopener"'
        assert way in answer.text

    async def test_the_frames_cookies_mean_nothing_outside_it(
        self, site: httpx.AsyncClient
    ) -> None:
        answer = await site.get("/h/", headers={"cookie": "trex_framed_tenant=acme"})
        assert "frame-ancestors 'none'" in answer.headers["content-security-policy"]


async def tenants_of_sessions(container: Container) -> list[str]:
    def work(tx) -> list[str]:
        rows = tx.connection.exec_driver_sql("SELECT tenant FROM session WHERE tenant IS NOT NULL")
        return list(rows.scalars())

    return await container.database.read(work)
