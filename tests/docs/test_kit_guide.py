"""The guide to the kit names parts that exist, and its examples draw."""

import importlib
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
GUIDE = (ROOT / "docs" / "guide" / "kit.md").read_text(encoding="utf-8")
THEME = (ROOT / "assets" / "theme.css").read_text(encoding="utf-8")
EXAMPLES = re.findall(r"^```python\n(.*?)^```", GUIDE, re.DOTALL | re.MULTILINE)
PARTS = GUIDE[GUIDE.index("## Parts") : GUIDE.index("## Over the page")]
TOKENS = GUIDE[GUIDE.index("## Tokens") : GUIDE.index("The theme follows")]
ROWS = re.findall(r"^\| `(\w+)` \| (.*) \|$", PARTS, re.MULTILINE)


def test_the_examples_draw_one_after_the_other() -> None:
    names: dict[str, object] = {}
    for example in EXAMPLES:
        exec(compile(example, "docs/guide/kit.md", "exec"), names)
    assert {"contact", "question", "summary", "save"} <= set(names)


@pytest.mark.parametrize(("module", "parts"), ROWS, ids=[module for module, _ in ROWS])
def test_every_part_that_is_named_exists(module: str, parts: str) -> None:
    family = importlib.import_module(f"trex_app.ui.kit.{module}")
    named = re.findall(r"`(\w+)`", parts)
    assert named
    assert [name for name in named if not callable(getattr(family, name, None))] == []


def test_every_token_that_is_named_exists() -> None:
    tokens = re.findall(r"`([\w-]+)`", TOKENS[TOKENS.index("| grounds") :])
    written_out = [token for token in tokens if not token.startswith("-")]
    assert written_out
    assert [token for token in written_out if f"--trex-{token}:" not in THEME] == []
