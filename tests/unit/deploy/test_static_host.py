"""nginx holds an export by the rules that were written with it."""

import re
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import httpx2
import pytest

from tests.conftest import missing
from trex_app.embed.static_host import write_rules

CONFIG = Path(__file__).parents[3] / "deploy" / "static" / "nginx.conf"
POLICY = "script-src 'self' 'sha256-0KQMUrjjBJkGLa6IZUbAwGsfAHf0svFN2mi3Fb4PmSg='; img-src 'self'"
FILES = {
    "embed/frame/selling.html": "the page of selling",
    "embed/frame/__spa-fallback.html": "any page",
    "de/embed/frame/__spa-fallback.html": "irgendeine Seite",
    "embed/v1/trex.js": "the loader",
    "embed/v1/bus.js": "the bus",
    "embed/0.1.0/trex.js": "the pinned loader",
    "assets/root-DPxgM2dx.js": "a chunk",
    "favicon.svg": "<svg/>",
}
START_SECONDS = 30


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def configured(folder: Path, port: int) -> Path:
    """The example of deploy/, without TLS, on a port and over a folder of the test's own."""
    server = CONFIG.read_text(encoding="utf-8")
    server = re.sub(r"^\s+ssl_\w+ .*$", "", server, flags=re.MULTILINE)
    server = server.replace("listen 443 ssl", f"listen 127.0.0.1:{port}")
    server = server.replace("/srv/trex", str(folder / "dist"))
    paths = "".join(
        f"{kind}_temp_path {folder}/{kind};\n"
        for kind in ("proxy", "fastcgi", "uwsgi", "scgi", "client_body")
    )
    config = folder / "nginx.conf"
    config.write_text(
        f"pid {folder}/pid;\ndaemon off;\nmaster_process off;\nevents {{}}\n"
        f"http {{\naccess_log off;\n{paths}{server}}}\n"
    )
    return config


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx2.Client]:
    program = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin")
    if program is None:
        missing("nginx", "apt-get install nginx-light")
    folder = tmp_path_factory.mktemp("nginx")
    for name, content in FILES.items():
        path = folder / "dist" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content)
    write_rules(folder / "dist", POLICY, ["0.1.0"])
    port = free_port()
    command = [program, "-c", str(configured(folder, port)), "-e", str(folder / "error.log")]
    process = subprocess.Popen(command, cwd=folder)
    try:
        with httpx2.Client(base_url=f"http://127.0.0.1:{port}") as client:
            wait_until_it_answers(client, process, folder / "error.log")
            yield client
    finally:
        process.terminate()
        process.wait(timeout=30)


def wait_until_it_answers(
    client: httpx2.Client, process: subprocess.Popen[bytes], log: Path
) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        try:
            client.get("/favicon.svg")
            return
        except httpx2.TransportError:
            time.sleep(0.05)
    pytest.fail(log.read_text(), pytrace=False)


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("/embed/frame/selling?tenant=acme", "the page of selling"),
        ("/embed/frame/selling/contact", "any page"),
        ("/embed/frame/of_ones_own", "any page"),
        ("/de/embed/frame/selling/contact", "irgendeine Seite"),
        ("/embed/v1/trex.js", "the loader"),
    ],
)
def test_each_address_is_answered(client: httpx2.Client, path: str, text: str) -> None:
    answer = client.get(path)
    assert (answer.status_code, answer.text) == (200, text)


@pytest.mark.parametrize(
    ("path", "lifetime"),
    [
        ("/assets/root-DPxgM2dx.js", "immutable"),
        ("/embed/0.1.0/trex.js", "immutable"),
        ("/embed/v1/trex.js", "max-age=300"),
        ("/embed/frame/selling", "no-cache"),
    ],
)
def test_each_file_is_kept_as_long_as_it_may(
    client: httpx2.Client, path: str, lifetime: str
) -> None:
    headers = client.get(path).headers
    assert lifetime in headers["cache-control"]
    assert headers["x-content-type-options"] == "nosniff"


def test_pages_have_their_policy(client: httpx2.Client) -> None:
    for path in ("/embed/frame/selling", "/embed/frame/selling/contact"):
        assert client.get(path).headers["content-security-policy"] == POLICY


@pytest.mark.parametrize("path", ["/embed/v1/trex.js", "/embed/v1/bus.js", "/embed/0.1.0/trex.js"])
def test_sites_may_run_what_is_made_for_them(client: httpx2.Client, path: str) -> None:
    first = client.get(path, headers={"origin": "https://www.acme.example"})
    kept = {"if-none-match": first.headers["etag"]}
    for answer in (first, client.get(path, headers=kept), client.head(path)):
        assert answer.status_code in {200, 304}
        assert answer.headers.get_list("access-control-allow-origin") == ["*"]
        assert answer.headers["cross-origin-resource-policy"] == "cross-origin"


@pytest.mark.parametrize("path", ["/embed/frame/selling", "/assets/root-DPxgM2dx.js"])
def test_sites_may_not_read_what_stands_in_frames(client: httpx2.Client, path: str) -> None:
    assert "access-control-allow-origin" not in client.get(path).headers


@pytest.mark.parametrize("path", ["/_headers", "/_redirects", "/_nginx.conf", "/nowhere"])
def test_rules_are_nobody_elses(client: httpx2.Client, path: str) -> None:
    assert client.get(path).status_code == 404
