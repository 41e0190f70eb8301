"""Pages that can be known at build time are prerendered, and no others."""

import json

import pytest

from trex_app.embed.prerender import RouterConfigurationChanged, prerendered_paths, with_paths


@pytest.mark.parametrize(
    ("routes", "paths"),
    [
        (["index"], ["/"]),
        (["j/buying/[[step]]"], ["/j/buying"]),
        (["about", "index"], ["/", "/about"]),
        (["j/[journey]/[[step]]"], []),
        (["404"], []),
        (["files/[[...splat]]"], ["/files"]),
    ],
)
def test_a_route_is_prerendered_without_its_optional_segments(
    routes: list[str], paths: list[str]
) -> None:
    assert prerendered_paths(routes) == paths


def test_the_router_is_told_the_paths() -> None:
    source = 'export default {"ssr": false, "prerender": true, "build": "build"};'
    changed = with_paths(source, ["/", "/j/buying"])
    told = json.loads(changed.removeprefix("export default ").removesuffix(";"))
    assert told == {"ssr": False, "prerender": ["/", "/j/buying"], "build": "build"}


def test_a_router_configuration_of_another_shape_is_refused() -> None:
    with pytest.raises(RouterConfigurationChanged):
        with_paths('export default {"prerender": false};', ["/"])


def test_the_development_server_prerenders_nothing() -> None:
    source = 'export default {"ssr": false};'
    assert with_paths(source, ["/"]) == source
