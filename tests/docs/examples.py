"""The examples of a page of documentation, and how each kind is tried out.

- A block whose first line is a comment with a path (`# journeys/tyres.yaml`) is a file: written.
- `python` blocks of a page run one after the other and share their names.
- `console` blocks are commands behind `$`, each followed by what it prints, where the page says;
  `…` leaves something out.
"""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.DOTALL | re.MULTILINE)
FILE_NAME = re.compile(r"# ([\w./-]+\.\w+)\n")
COMMAND_SECONDS = 120


@dataclass(frozen=True)
class Example:
    """A fenced block: its language, its text, and the line of the page on which it begins."""

    language: str
    text: str
    line: int


def examples_of(page: Path) -> list[Example]:
    """Every fenced block of a page, in order."""
    text = page.read_text(encoding="utf-8")
    return [
        Example(block[1], block[2], text.count("\n", 0, block.start()) + 2)
        for block in BLOCK.finditer(text)
    ]


def write_files(page: Path, folder: Path) -> list[Path]:
    """Write the files that the page shows; their paths."""
    written: list[Path] = []
    for example in examples_of(page):
        name = FILE_NAME.match(example.text)
        if name is not None:
            path = folder / name[1]
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(example.text, encoding="utf-8")
            written.append(path)
    return written


def run_python(page: Path) -> dict[str, object]:
    """Run the page's Python from top to bottom; the names it leaves."""
    names: dict[str, object] = {"__name__": "guide"}
    for example in examples_of(page):
        if example.language == "python":
            # Blank lines in front let a failing example name its line in the page.
            source = "\n" * (example.line - 1) + example.text
            exec(compile(source, str(page), "exec"), names)
    return names


def run_console(page: Path, folder: Path) -> None:
    """Type the page's commands in `folder`, one after the other, and compare what they print."""
    for example in examples_of(page):
        if example.language != "console":
            continue
        for command, shown in _commands(example.text):
            printed = _run(command, folder)
            if not shown.strip():
                continue
            assert _pattern(shown).fullmatch(printed), (
                f"{page.name}:{example.line}: {command}\nprints\n{printed}\nnot\n{shown}"
            )


def _commands(text: str) -> Iterator[tuple[str, str]]:
    """Each command of a block with the lines that follow it."""
    for part in re.split(r"^\$ ", text, flags=re.MULTILINE)[1:]:
        command, _, shown = part.partition("\n")
        yield command, shown


def _run(command: str, folder: Path) -> str:
    """What a command prints in an installation that knows nothing of this machine's settings."""
    own = {name: value for name, value in os.environ.items() if not name.startswith("TREX_")}
    path = os.pathsep.join([str(Path(sys.executable).parent), own.get("PATH", os.defpath)])
    finished = subprocess.run(
        command,
        shell=True,
        cwd=folder,
        env={**own, "PATH": path, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=COMMAND_SECONDS,
        check=False,
    )
    assert finished.returncode == 0, f"{command}\n{finished.stdout}"
    return finished.stdout


def _pattern(shown: str) -> re.Pattern[str]:
    """What is shown, word for word, but for the places where `…` leaves something out."""
    lines = [r".*".join(map(re.escape, line.split("…"))) for line in shown.rstrip().split("\n")]
    # A line with nothing but `…` leaves out any number of lines.
    text = "\n".join(lines).replace("\n.*\n", "\n(?:.*\n)*")
    text = re.sub(r"^\.\*\n", "(?:.*\n)*", text)
    text = re.sub(r"\n\.\*$", "\n(?:.*\n?)*", text)
    return re.compile(text + r"\s*")
