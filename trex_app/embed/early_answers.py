"""Have prerendered first screens keep what is answered before the page's own scripts run."""

from pathlib import Path
from typing import Any, Final

from reflex_base.plugins import Plugin

SCRIPT: Final = Path(__file__).parent / "browser" / "early-answers.js"
MARK: Final = 'data-alive="false"'
"""What a step has that was drawn before the server knew of it; see trex_app/ui/steps/frame.py."""

ANCHOR: Final = "</head>"


class EarlyAnswersPlugin(Plugin):
    """Write the script into every page that is prerendered with a step.

    It is a part of the page, for it has to be there as soon as the step can be seen. Elsewhere it
    would have nothing to do.
    """

    def post_build(self, **context: Any) -> None:
        """Change the pages under `static_dir`."""
        script = code_of(SCRIPT.read_text(encoding="utf-8"))
        static_dir: Path = context["static_dir"]
        for file in static_dir.rglob("*.html"):
            page = file.read_text(encoding="utf-8")
            if MARK in page and script not in page:
                file.write_text(with_script(page, script), encoding="utf-8")


def with_script(page: str, script: str) -> str:
    """The HTML of a page with the code of a script at the end of its head."""
    return page.replace(ANCHOR, f"<script>{script}</script>{ANCHOR}", 1)


def code_of(source: str) -> str:
    """A script without its comments and without the room at the beginnings of its lines."""
    lines = (line.strip() for line in source.splitlines())
    return "\n".join(line for line in lines if line and not line.startswith("//"))
