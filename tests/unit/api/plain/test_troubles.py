"""Every error of the tree has a page with words and a way on, whatever layer meets it."""

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from tests.installation import TestSettings
from trex_app.api.application import create_api
from trex_app.api.plain import routes
from trex_app.container import Container
from trex_app.core.errors import (
    BodyTooLarge,
    Forbidden,
    NotFound,
    RateLimited,
    SessionCompleted,
    SessionExpired,
    TrexError,
    Unauthenticated,
    Unavailable,
)


@pytest.fixture(scope="module")
def api(tmp_path_factory: pytest.TempPathFactory) -> FastAPI:
    """Never opened: nothing that is asked here gets as far as the database."""
    return create_api(Container(TestSettings(data_dir=tmp_path_factory.mktemp("data"))))


@pytest.fixture
def client(api: FastAPI) -> TestClient:
    return TestClient(api, raise_server_exceptions=False, base_url="http://localhost:3000")


@pytest.mark.parametrize(
    ("error", "status", "way"),
    [
        (NotFound(), 404, 'href="/h"'),
        (SessionExpired(), 410, 'action="/h/buying/-/restart"'),
        (Forbidden(), 403, 'action="/h/buying/-/start-over"'),
        (Unauthenticated(), 401, 'action="/h/buying/-/start-over"'),
        (SessionCompleted(), 409, 'href="/h/buying"'),
        (BodyTooLarge(), 413, 'href="/h/buying"'),
        (RateLimited(17), 429, 'href="/h/buying"'),
        (Unavailable(), 503, 'href="/h/buying"'),
        (TrexError(), 500, 'href="/h/buying"'),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, TrexError) else "",
)
def test_an_error_is_a_page_with_a_way_on(
    client: TestClient,
    monkeypatch: pytest.MonkeyPatch,
    error: TrexError,
    status: int,
    way: str,
) -> None:
    async def failing(*_: object, **__: object) -> None:
        raise error

    monkeypatch.setattr(routes.Visit, "entered", failing)
    client.get("/h/buying", follow_redirects=False)  # brings the cookie
    answer = client.get("/h/buying")
    assert answer.status_code == status
    assert answer.headers["content-type"].startswith("text/html")
    assert "script-src 'none'" in answer.headers["content-security-policy"]
    assert way in answer.text
    assert answer.headers.get("retry-after") == {429: "17", 503: "5"}.get(status)


def test_an_error_speaks_the_language_of_the_address(client: TestClient) -> None:
    assert "Diesen Ablauf gibt es nicht" in client.get("/de/h/-/nowhere").text


def test_a_programs_addresses_answer_as_before(client: TestClient) -> None:
    answer = client.get("/api/nowhere")
    assert answer.headers["content-type"] == "application/problem+json"
