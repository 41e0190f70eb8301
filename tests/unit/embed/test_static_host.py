"""The rules for a static host: what may be kept how long, who may read it, which page answers."""

from pathlib import Path

import pytest

from trex_app.embed.lifetimes import ASK_AGAIN, FOR_EVER, READABLE, SHORT
from trex_app.embed.static_host import write_rules

POLICY = "default-src 'none'; frame-ancestors https://www.acme.example"
RELEASES = ["/embed/0.1.0/*", "/embed/0.2.0/*"]


@pytest.fixture
def root(tmp_path: Path) -> Path:
    write_rules(tmp_path, POLICY, ["0.1.0", "0.2.0"])
    return tmp_path


@pytest.fixture
def headers(root: Path) -> dict[str, dict[str, str]]:
    """By the pattern of the address."""
    blocks = (root / "_headers").read_text().strip().split("\n\n")
    found = (block.splitlines() for block in blocks)
    return {lines[0]: dict(line.strip().split(": ", 1) for line in lines[1:]) for lines in found}


@pytest.mark.parametrize("pattern", RELEASES)
def test_an_exact_release_is_kept_for_ever(headers, pattern: str) -> None:
    assert headers[pattern]["Cache-Control"] == FOR_EVER


@pytest.mark.parametrize("pattern", [*RELEASES, "/embed/v1/*"])
def test_every_site_may_run_what_is_made_for_sites(headers, pattern: str) -> None:
    assert READABLE.items() <= headers[pattern].items()


def test_no_other_file_is_told_to_be_read_by_every_site(headers) -> None:
    readable = {p for p, said in headers.items() if said.keys() & READABLE.keys()}
    assert readable == {*RELEASES, "/embed/v1/*"}


def test_the_pointer_is_kept_for_minutes(headers) -> None:
    assert headers["/embed/v1/*"]["Cache-Control"] == SHORT


def test_chunks_are_kept_for_ever(headers) -> None:
    assert headers["/assets/*"] == {"Cache-Control": FOR_EVER}


@pytest.mark.parametrize("pattern", ["/embed/frame/*", "/de/embed/frame/*"])
def test_pages_have_their_policy_and_are_asked_for_again(headers, pattern: str) -> None:
    expected = {"Cache-Control": ASK_AGAIN, "Content-Security-Policy": POLICY}
    assert headers[pattern] == expected


def test_no_header_is_said_twice_for_an_address(headers) -> None:
    """Hosts join what two rules say, and two joined policies are both enforced."""
    for pattern, said in headers.items():
        others = [h for p, h in headers.items() if p != pattern and pattern.startswith(p[:-1])]
        assert not any(said.keys() & other.keys() for other in others)


def test_a_step_is_answered_by_the_page_of_its_language(root: Path) -> None:
    rules = [line.split() for line in (root / "_redirects").read_text().splitlines()]
    assert rules == [
        ["/embed/frame/*", "/embed/frame/__spa-fallback.html", "200"],
        ["/de/embed/frame/*", "/de/embed/frame/__spa-fallback.html", "200"],
    ]


def test_nginx_is_told_the_same(root: Path, headers) -> None:
    locations = {
        block.partition(" {")[0]: block
        for block in (root / "_nginx.conf").read_text().split("location ")[1:]
    }
    assert [f"{prefix}*" for prefix in locations] == list(headers)
    for prefix, block in locations.items():
        for name, value in {**headers["/*"], **headers[f"{prefix}*"]}.items():
            assert f'add_header {name} "{value}";' in block
