"""Every answer is hardened, and a page may run exactly the scripts that were built into it."""

import base64
import hashlib
from pathlib import Path

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import Route
from starlette.testclient import TestClient

from trex_app.api.security_headers import (
    ALWAYS,
    SecurityHeaders,
    content_security_policy,
    inline_script_hashes,
)


def source_of(script: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()}'"


def page(_request: Request) -> Response:
    return HTMLResponse("<h1>T-Rex</h1>")


def data(_request: Request) -> Response:
    return JSONResponse({})


def manual(_request: Request) -> Response:
    return HTMLResponse("", headers={"content-security-policy": "its own"})


@pytest.fixture
def client() -> TestClient:
    routes = [Route("/", page), Route("/data", data), Route("/manual", manual)]
    policy = content_security_policy(["'sha256-abc='"])
    return TestClient(SecurityHeaders(Starlette(routes=routes), page_policy=policy))


@pytest.mark.parametrize("path", ["/", "/data", "/nowhere"])
def test_every_answer_is_hardened(client: TestClient, path: str) -> None:
    headers = client.get(path).headers
    assert {name: headers[name] for name in ALWAYS} == ALWAYS


def test_a_page_names_the_scripts_it_may_run(client: TestClient) -> None:
    policy = client.get("/").headers["content-security-policy"]
    assert "script-src 'self' 'sha256-abc='" in policy
    assert "unsafe" not in policy


def test_data_needs_no_content_policy(client: TestClient) -> None:
    assert "content-security-policy" not in client.get("/data").headers


def test_a_page_with_its_own_policy_keeps_it(client: TestClient) -> None:
    assert client.get("/manual").headers["content-security-policy"] == "its own"


def test_every_inline_script_of_the_build_is_found(tmp_path: Path) -> None:
    (tmp_path / "j").mkdir()
    (tmp_path / "index.html").write_text(
        '<script>first()</script><script type="module">\nsecond("ä")\n</script>'
        '<script src="/assets/a.js"></script><script type="module" src="/b.js"></script>'
    )
    (tmp_path / "j" / "index.html").write_text('<script data-src="x">third()</script>')
    expected = {source_of(text) for text in ("first()", '\nsecond("ä")\n', "third()")}
    assert inline_script_hashes(tmp_path) == expected


def test_without_a_build_there_are_no_scripts(tmp_path: Path) -> None:
    assert inline_script_hashes(tmp_path / "nowhere") == frozenset()
