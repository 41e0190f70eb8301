"""Sites run our scripts as modules of another origin: browsers ask whether they may read them."""

import httpx2
import pytest

from tests.e2e.conftest import RunningApp
from tests.e2e.embed.host import Host
from trex_app import __version__
from trex_app.embed.lifetimes import POINTER
from trex_app.embed.manifest import SIDECARS
from trex_app.embed.releases import EMBED_DIR
from trex_app.ui.build import STATIC_DIR, ensure_build

STRANGER = "https://stranger.example"
SCRIPTS = {"trex.js", "bus.js", "preload.js"}


def files_of(version: str) -> list[str]:
    """The addresses of all that stands in the folder of a release."""
    ensure_build()
    folder = STATIC_DIR / EMBED_DIR / version
    names = {file.name for file in folder.iterdir() if file.suffix not in SIDECARS}
    assert names >= SCRIPTS
    return [f"/{EMBED_DIR}/{version}/{name}" for name in sorted(names)]


@pytest.mark.parametrize("version", [__version__, POINTER])
@pytest.mark.parametrize("coding", ["identity", "gzip", "br"])
def test_every_site_may_read_every_file_of_a_release(
    app: RunningApp, host: Host, version: str, coding: str
) -> None:
    with httpx2.Client(base_url=app.address, headers={"accept-encoding": coding}) as client:
        for path in files_of(version):
            for origin in (None, STRANGER, host.address):
                asked = {} if origin is None else {"origin": origin}
                answer = client.get(path, headers=asked)
                kept = client.get(path, headers={**asked, "if-none-match": answer.headers["etag"]})
                assert (answer.status_code, kept.status_code) == (200, 304), path
                for said in (answer.headers, kept.headers):
                    assert said["access-control-allow-origin"] in {"*", origin}, path
                    assert said["cross-origin-resource-policy"] == "cross-origin", path


def test_scripts_are_told_to_be_scripts(app: RunningApp) -> None:
    """A module of any other type is refused by browsers."""
    for name in SCRIPTS:
        answer = httpx2.get(f"{app.address}/{EMBED_DIR}/{POINTER}/{name}")
        assert answer.headers["content-type"].startswith("text/javascript")


@pytest.mark.parametrize("path", ["/embed/frame.js", "/embed/frame/buying?tenant=acme", "/"])
def test_no_site_may_read_what_is_not_made_for_sites(
    app: RunningApp, host: Host, path: str
) -> None:
    answer = httpx2.get(f"{app.address}{path}", headers={"origin": STRANGER})
    assert answer.status_code == 200
    assert "access-control-allow-origin" not in answer.headers
