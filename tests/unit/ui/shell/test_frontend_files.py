"""Built pages answer at once at their own address, and chunks may be kept for ever."""

from pathlib import Path

import pytest
from starlette.applications import Starlette
from starlette.routing import Mount
from starlette.staticfiles import StaticFiles
from starlette.testclient import TestClient

from trex_app.embed.lifetimes import FOR_EVER, SHORT
from trex_app.ui.shell.frontend_files import FrontendFiles


@pytest.fixture
def client(tmp_path: Path) -> TestClient:
    for name in (
        "index.html",
        "j/buying/index.html",
        "assets/root-DPxgM2dx.js",
        "assets/theme.css",
        "de/index.html",
        "de/__spa-fallback.html",
        "embed/0.1.0/trex.js",
        "embed/v1/trex.js",
        "embed/frame/buying/index.html",
    ):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(name)
    files = Starlette(routes=[Mount("/", StaticFiles(directory=tmp_path, html=True))])
    served = FrontendFiles(
        files, static_dir=tmp_path, is_page=lambda path: path == "/j/buying/vehicle_search"
    )
    return TestClient(served, follow_redirects=False)


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("/", "index.html"),
        ("/j/buying", "j/buying/index.html"),
        ("/j/buying/", "j/buying/index.html"),
    ],
)
def test_a_prerendered_page_answers_at_once(client: TestClient, path: str, text: str) -> None:
    answer = client.get(path)
    assert (answer.status_code, answer.text) == (200, text)


@pytest.mark.parametrize(
    ("path", "status", "text"),
    [
        ("/de", 200, "de/index.html"),
        ("/de/", 200, "de/index.html"),
        ("/de/j/buying/vehicle_search", 200, "de/__spa-fallback.html"),
        ("/de/nirgendwo", 404, "de/__spa-fallback.html"),
    ],
)
def test_every_address_of_a_language_answers_in_it(
    client: TestClient, path: str, status: int, text: str
) -> None:
    answer = client.get(path)
    assert (answer.status_code, answer.text) == (status, text)


def test_an_unknown_page_is_not_found(client: TestClient) -> None:
    assert client.get("/j/flying").status_code == 404


def test_a_hashed_chunk_may_be_kept_for_ever(client: TestClient) -> None:
    assert client.get("/assets/root-DPxgM2dx.js").headers["cache-control"] == FOR_EVER


@pytest.mark.parametrize(
    "path", ["/", "/j/buying", "/assets/theme.css", "/assets/gone-DPxgM2dx.js"]
)
def test_what_may_change_is_asked_for_again(client: TestClient, path: str) -> None:
    assert "cache-control" not in client.get(path).headers


@pytest.mark.parametrize(
    ("path", "lifetime"), [("/embed/0.1.0/trex.js", FOR_EVER), ("/embed/v1/trex.js", SHORT)]
)
def test_pages_of_other_sites_may_load_the_loader(
    client: TestClient, path: str, lifetime: str
) -> None:
    headers = client.get(path).headers
    assert headers["cache-control"] == lifetime
    assert headers["access-control-allow-origin"] == "*"
    assert headers["cross-origin-resource-policy"] == "cross-origin"
    assert "etag" in headers


@pytest.mark.parametrize("path", ["/embed/frame/buying", "/embed/0.1.0/gone.js", "/"])
def test_nothing_else_may_be_read_by_them(client: TestClient, path: str) -> None:
    assert "access-control-allow-origin" not in client.get(path).headers
