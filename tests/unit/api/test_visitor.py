"""The visitor cookie comes with the page, once, and where scripts cannot read it."""

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import Route
from starlette.testclient import TestClient

from trex_app.api.visitor import VisitorCookie, cookie_of
from trex_app.core.visitor import COOKIE_NAME, new_visitor, visitor_of


def page(request: Request) -> Response:
    if "if-none-match" in request.headers:
        return Response(status_code=304)
    return HTMLResponse("<h1>T-Rex</h1>", headers={"etag": '"1"'})


def data(_request: Request) -> Response:
    return JSONResponse({})


def browser(*, is_secure: bool = False) -> TestClient:
    paths = ("/", "/embed/v1/trex.js", "/embed/0.1.0/trex.js")
    app = Starlette(routes=[*(Route(path, page) for path in paths), Route("/data", data)])
    return TestClient(VisitorCookie(app, is_secure=is_secure), base_url="https://t.example")


def test_the_first_page_brings_the_cookie() -> None:
    client = browser()
    answer = client.get("/")
    token = client.cookies[COOKIE_NAME]
    assert visitor_of(f"{COOKIE_NAME}={token}", is_secure=False) == token
    assert "HttpOnly" in answer.headers["set-cookie"]
    assert "SameSite=lax" in answer.headers["set-cookie"]
    assert answer.headers["cache-control"] == "private, no-cache"


def test_a_known_visitor_keeps_the_cookie() -> None:
    client = browser()
    client.get("/")
    assert "set-cookie" not in client.get("/").headers


def test_two_visitors_get_different_cookies() -> None:
    tokens = set()
    for client in (browser(), browser()):
        client.get("/")
        tokens.add(client.cookies[COOKIE_NAME])
    assert len(tokens) == 2


def test_only_pages_bring_a_cookie() -> None:
    assert "set-cookie" not in browser().get("/data").headers


def test_a_page_kept_by_the_browser_still_brings_a_missing_cookie() -> None:
    answer = browser().get("/", headers={"if-none-match": '"1"'})
    assert answer.status_code == 200
    assert "set-cookie" in answer.headers


@pytest.mark.parametrize("path", ["/embed/v1/trex.js", "/embed/0.1.0/trex.js"])
def test_a_site_may_use_the_loader_kept_by_the_browser(path: str) -> None:
    """It is asked for without any cookie, and a whole answer each time would be for nothing."""
    assert browser().get(path, headers={"if-none-match": '"1"'}).status_code == 304


def test_a_known_visitor_may_use_the_page_kept_by_the_browser() -> None:
    client = browser()
    client.get("/")
    assert client.get("/", headers={"if-none-match": '"1"'}).status_code == 304


@pytest.mark.parametrize("is_secure", [True, False])
def test_the_cookie_is_secure_where_the_site_is(is_secure: bool) -> None:
    header = browser(is_secure=is_secure).get("/").headers["set-cookie"]
    assert ("Secure" in header) == is_secure
    assert header.startswith("__Host-trex_visitor=" if is_secure else "trex_visitor=")
    assert "Path=/" in header
    assert "Domain" not in header


def test_a_cookie_that_a_neighbour_may_have_planted_is_replaced() -> None:
    client = browser(is_secure=True)
    planted = {"cookie": f"{COOKIE_NAME}={new_visitor()}"}
    assert "set-cookie" in client.get("/", headers=planted).headers


def test_a_page_that_brings_the_cookie_itself_is_left_as_it_is() -> None:
    visitor = new_visitor()

    def greeting(_request: Request) -> Response:
        cookie = cookie_of(visitor, is_secure=False)
        return HTMLResponse("<h1>T-Rex</h1>", headers={"set-cookie": cookie})

    app = Starlette(routes=[Route("/", greeting)])
    client = TestClient(VisitorCookie(app, is_secure=False), base_url="https://t.example")
    answer = client.get("/")
    assert answer.headers.get_list("set-cookie") == [cookie_of(visitor, is_secure=False)]
