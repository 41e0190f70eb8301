"""Commands as a person types them, on an installation of their own."""

import asyncio
import json
import logging
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import structlog
from typer.testing import CliRunner

from trex_app.cli import app
from trex_app.container import Container
from trex_app.core.settings import get_settings


@dataclass(frozen=True, slots=True)
class Printed:
    """What a command printed, and how it ended."""

    exit_code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """What a program reads from it."""
        return json.loads(self.out)


class Terminal:
    """A terminal in an empty folder, with an installation's settings in its environment."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.folder = folder
        self._monkeypatch = monkeypatch

    def set(self, **settings: str | Path) -> None:
        """Set `TREX_*` variables, by their names without the prefix, in lower case."""
        for name, value in settings.items():
            self._monkeypatch.setenv(f"TREX_{name.upper()}", str(value))

    def run(self, *arguments: str | Path, typed: str | None = None) -> Printed:
        """Run a command; what it raises on purpose has become a sentence."""
        get_settings.cache_clear()
        result = CliRunner().invoke(app, [str(a) for a in arguments], input=typed)
        if result.exception is not None and not isinstance(result.exception, SystemExit):
            raise result.exception
        return Printed(result.exit_code, result.stdout, result.stderr)

    def within(self, work: Callable[[Container], Awaitable[Any]]) -> Any:
        """What `work` yields over the same installation, as the server would run it."""

        async def run() -> Any:
            get_settings.cache_clear()
            container = Container(get_settings())
            await container.open(with_jobs=False)
            try:
                return await work(container)
            finally:
                await container.close()

        return asyncio.run(run())

    def journeys(self) -> Path:
        """A folder of one's own journeys, named in the settings."""
        folder = self.folder / "journeys"
        folder.mkdir()
        self.set(workflows_dir=folder)
        return folder


@pytest.fixture
def terminal(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Terminal]:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("TREX_DATA_DIR", str(tmp_path / "var"))
    root = logging.getLogger()
    handlers, level = list(root.handlers), root.level
    yield Terminal(tmp_path, monkeypatch)
    root.handlers, root.level = handlers, level
    structlog.reset_defaults()
    get_settings.cache_clear()
