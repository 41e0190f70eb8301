"""What stands in the way of an export is said before anything is built."""

import pytest

from tests.unit.cli.conftest import Terminal
from trex_app.cli.export import _policy
from trex_app.embed import export as exporting
from trex_app.embed.export import Exported
from trex_app.ui import build


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("t.example", "has no scheme"),
        ("https://t.example/api", "leave out everything behind the host"),
        ("https://*.t.example", "Name each origin by itself"),
        ("https://me@t.example", "holds a user name"),
        ('https://t.example"onload=', "is no origin"),
        ("http://t.example", "is not https"),
    ],
)
def test_a_backend_that_no_browser_could_use_is_refused(
    terminal: Terminal, url: str, said: str
) -> None:
    printed = terminal.run("export", "--backend-url", url, "--out", terminal.folder / "dist")
    assert printed.exit_code == 1
    assert "--backend-url" in printed.err
    assert said in printed.err
    assert not (terminal.folder / "dist").exists()


def test_a_site_that_is_no_origin_is_refused(terminal: Terminal) -> None:
    printed = terminal.run(
        *("export", "--backend-url", "https://t.example", "--out", "dist"),
        *("--framed-by", "www.acme.example"),
    )
    assert (printed.exit_code, "--framed-by" in printed.err) == (1, True)


def test_a_folder_with_something_else_in_it_is_refused(terminal: Terminal) -> None:
    (terminal.folder / "letter.txt").write_text("mine")
    printed = terminal.run("export", "--backend-url", "https://t.example", "--out", terminal.folder)
    assert printed.exit_code == 1
    assert "not empty" in printed.err
    assert (terminal.folder / "letter.txt").read_text() == "mine"


def test_the_pages_may_speak_to_their_server_and_stand_on_the_named_sites(tmp_path) -> None:
    policy = _policy(tmp_path, "https://t.example", ["https://www.acme.example"])
    assert "connect-src 'self' https://t.example wss://t.example;" in policy
    assert policy.endswith("frame-ancestors https://www.acme.example")


def test_without_named_sites_any_may_show_the_pages(tmp_path) -> None:
    assert _policy(tmp_path, "https://t.example", []).endswith("frame-ancestors *")


@pytest.mark.parametrize(
    ("sites", "said"),
    [
        (
            [],
            "Warning: any site may show these pages in a frame. Export again with --framed-by URL, "
            "once for each site that may.\n",
        ),
        (["--framed-by", "https://www.acme.example"], ""),
    ],
)
def test_an_export_for_any_site_is_made_and_warned_of(
    terminal: Terminal, monkeypatch: pytest.MonkeyPatch, sites: list[str], said: str
) -> None:
    out = terminal.folder / "dist"
    monkeypatch.setattr(build, "ensure_build", lambda: terminal.folder)
    monkeypatch.setattr(build, "offer_runtime", lambda: None)
    monkeypatch.setattr(exporting, "export", lambda *_: Exported(3, 1000, "sha384-x"))
    printed = terminal.run("export", "--backend-url", "https://t.example", "--out", out, *sites)
    assert (printed.exit_code, printed.err) == (0, said)
    assert printed.out.startswith(f"{out} holds 3 files")
