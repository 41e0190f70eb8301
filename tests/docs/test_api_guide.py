"""What the guide to the API says works when it is typed in."""

import re
from pathlib import Path

from tests.live_server import running_api

GUIDE = Path(__file__).parents[2] / "docs" / "guide" / "api.md"
ADDRESS = "http://localhost:3000"
EXAMPLE = re.compile(r"^```python\n(.*?)^```", re.DOTALL | re.MULTILINE)


def test_the_examples_of_the_api_guide_run_in_order(tmp_path: Path) -> None:
    text = GUIDE.read_text(encoding="utf-8")
    assert ADDRESS in text
    with running_api(tmp_path) as address:
        names: dict[str, object] = {}
        for example in EXAMPLE.finditer(text):
            line = text.count("\n", 0, example.start()) + 1
            # Blank lines in front let a failing example name its line in the guide.
            source = "\n" * line + example[1].replace(ADDRESS, address)
            exec(compile(source, str(GUIDE), "exec"), names)
    assert "graphs" in names
