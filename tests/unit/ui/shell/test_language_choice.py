"""The start page greets a person in their own language, and a chosen one is kept."""

import pytest
from starlette.applications import Starlette
from starlette.responses import HTMLResponse, PlainTextResponse
from starlette.routing import Route
from starlette.testclient import TestClient

from trex_app.ui.shell.language_choice import LanguageChoice

GERMAN = {"accept-language": "de-AT,de;q=0.9,en;q=0.5"}
PAGE = {"accept": "text/html,application/xhtml+xml"}
ENGLISH = {"accept-language": "en-GB,en;q=0.9,de;q=0.5"}


@pytest.fixture
def client() -> TestClient:
    page = Route("/{path:path}", lambda _: HTMLResponse("a page"))
    chunk = Route("/assets/{path:path}", lambda _: PlainTextResponse("a script"))
    pages = Starlette(routes=[chunk, page])
    return TestClient(LanguageChoice(pages, is_secure=False), follow_redirects=False)


def chosen(locale: str) -> dict[str, str]:
    return {"cookie": f"other=1; trex_language={locale}"}


@pytest.mark.parametrize("headers", [GERMAN, ENGLISH | chosen("de"), GERMAN | chosen("klingon")])
def test_who_speaks_german_is_led_to_the_german_page(
    client: TestClient, headers: dict[str, str]
) -> None:
    answer = client.get("/", headers=headers)
    assert (answer.status_code, answer.headers["location"]) == (302, "/de")


@pytest.mark.parametrize("headers", [ENGLISH, {"accept-language": "fr"}, {}, GERMAN | chosen("en")])
def test_everybody_else_reads_the_english_page(client: TestClient, headers: dict[str, str]) -> None:
    assert client.get("/", headers=headers).status_code == 200


@pytest.mark.parametrize(
    "inside", [{"sec-fetch-site": "same-origin"}, {"referer": "http://testserver/de"}]
)
def test_a_link_of_our_own_leads_where_it_says(client: TestClient, inside: dict[str, str]) -> None:
    assert client.get("/", headers=GERMAN | inside).status_code == 200


@pytest.mark.parametrize("path", ["/j/buying", "/de", "/resume/token", "/api/health"])
def test_every_other_address_says_its_language_itself(client: TestClient, path: str) -> None:
    answer = client.get(path, headers=GERMAN)
    assert (answer.status_code, "vary" in answer.headers) == (200, False)


@pytest.mark.parametrize("headers", [GERMAN, ENGLISH])
def test_a_cache_knows_what_the_answer_depends_on(
    client: TestClient, headers: dict[str, str]
) -> None:
    vary = client.get("/", headers=headers).headers["vary"]
    assert {"Accept-Language", "Cookie", "Referer", "Sec-Fetch-Site"} <= set(vary.split(", "))


@pytest.mark.parametrize(
    ("before", "path", "choice"),
    [("/de", "/", "en"), ("/j/buying", "/de/j/buying", "de"), ("/de/j/x", "/j/x", "en")],
)
def test_who_follows_the_switch_has_chosen(
    client: TestClient, before: str, path: str, choice: str
) -> None:
    headers = PAGE | {"referer": f"http://testserver{before}"}
    cookie = client.get(path, headers=headers).headers["set-cookie"]
    assert cookie.startswith(f"trex_language={choice};")
    assert all(said in cookie for said in ("HttpOnly", "SameSite=lax", "Path=/"))


@pytest.mark.parametrize(
    ("path", "headers"),
    [
        ("/de/j/buying", {"referer": "http://testserver/de"}),
        ("/de/j/buying", {"referer": "http://elsewhere.example/"}),
        ("/de/j/buying", {}),
        ("/assets/a.txt", {"referer": "http://testserver/de"}),
        ("/assets/a.js", {"referer": "http://testserver/de", "accept": "*/*"}),
    ],
)
def test_nobody_else_has(client: TestClient, path: str, headers: dict[str, str]) -> None:
    assert "set-cookie" not in client.get(path, headers=PAGE | headers).headers
