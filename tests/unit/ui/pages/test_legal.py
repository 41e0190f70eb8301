"""What the privacy page says is what the code does."""

import ast
from collections.abc import Iterator

from trex_app.ui.build import PROJECT_DIR
from trex_app.ui.pages.legal import PRIVACY

SOURCES = sorted((PROJECT_DIR / "trex_app").rglob("*.py"))
JOURNEYS, LANGUAGE = "tell your browser's journeys from those of others", "remember the language"
SITE, LINK = "the site whose page a journey stands in", "what a link of ours has opened"
PURPOSES = {
    "trex_visitor": JOURNEYS,
    "__Host-trex_visitor": JOURNEYS,
    "trex_framed_visitor": JOURNEYS,
    "__Host-trex_framed_visitor": JOURNEYS,
    "trex_journey_": JOURNEYS,
    "trex_session_": JOURNEYS,
    "trex_language": LANGUAGE,
    "trex_tenant": SITE,
    "trex_framed_tenant": SITE,
    "trex_status_pass": LINK,
    "trex_data_pass": LINK,
}


def cookies() -> Iterator[str]:
    """The name of every cookie, or what such names begin with."""
    for path in SOURCES:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Assign | ast.AnnAssign):
                continue
            target = node.targets[0] if isinstance(node, ast.Assign) else node.target
            value = node.value.value if isinstance(node.value, ast.Constant) else None
            is_name = isinstance(target, ast.Name) and "COOKIE" in target.id
            if is_name and isinstance(value, str) and "trex_" in value:
                yield value


def test_every_cookie_is_there_for_one_of_the_purposes_that_are_said() -> None:
    said = dict(PRIVACY)["Cookies"]
    assert set(cookies()) == set(PURPOSES)
    assert [purpose for purpose in PURPOSES.values() if purpose not in said] == []
