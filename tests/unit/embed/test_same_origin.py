"""One build serves any address: no address of the build machine stays in it."""

from pathlib import Path

import pytest

from trex_app.embed.same_origin import BACKEND, EndpointsNotFound, SameOriginPlugin

BAKED = 'var e={PING:`http://localhost:3000/ping`,EVENT:"ws://localhost:3000/_event",T:!1};'


@pytest.fixture
def assets(tmp_path: Path) -> Path:
    folder = tmp_path / "assets"
    folder.mkdir()
    return folder


def test_endpoints_are_found_where_the_page_says_or_where_it_came_from(assets: Path) -> None:
    chunk = assets / "reflex-env-CMiQY6cd.js"
    chunk.write_text(BAKED)
    SameOriginPlugin().post_build(static_dir=assets.parent)
    expected = f'var e={{PING:({BACKEND}+"/ping"),EVENT:({BACKEND}+"/_event"),T:!1}};'
    assert chunk.read_text() == expected


def test_other_addresses_stay_as_they_are(assets: Path) -> None:
    other = 'const help="https://example.org/help";'
    (assets / "env.js").write_text(BAKED)
    (assets / "page.js").write_text(other)
    SameOriginPlugin().post_build(static_dir=assets.parent)
    assert (assets / "page.js").read_text() == other


def test_a_build_without_endpoints_fails(assets: Path) -> None:
    (assets / "page.js").write_text("const a=1;")
    with pytest.raises(EndpointsNotFound):
        SameOriginPlugin().post_build(static_dir=assets.parent)
