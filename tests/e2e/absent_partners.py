"""The app over partners that can be absent: for what people see while one is away, or slow.

A partner is away, or takes its time, while the data folder holds a file that says so.
"""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import cache, wraps
from pathlib import Path
from typing import Any

from trex_app import container
from trex_app.container import Container, own_partners
from trex_app.core.clock import Clock
from trex_app.core.errors import Unavailable
from trex_app.core.settings import get_settings
from trex_app.db.transaction import Database
from trex_app.services.shipped_capabilities import Partners
from trex_app.ui.build import serve

SERVE_WITH_ABSENT_PARTNERS = "from tests.e2e.absent_partners import serve_it; serve_it()"


PARTNERS = ("inventory", "dealers", "vin_decoder")
LOOK_SECONDS = 0.02


@contextmanager
def absent(folder: Path, partner: str, how: str = "away") -> Iterator[None]:
    """Let a partner of the app in `folder` be away for a while, or slow: it answers after."""
    mark = _mark(folder, partner, how)
    mark.touch()
    try:
        yield
    finally:
        mark.unlink()


def serve_it() -> None:
    """Serve the built pages over these partners until told to stop."""
    # In the place of the container of the process, before the app asks for it.
    container.get_container = cache(lambda: Container(get_settings(), partners=_partners))
    serve(get_settings())


def _partners(database: Database, clock: Clock) -> Partners:
    own, folder = own_partners(database, clock), get_settings().data_dir
    absent: dict[str, Any] = {
        name: _Absent(getattr(own, name), _mark(folder, name, "away"), _mark(folder, name, "slow"))
        for name in PARTNERS
    }
    return replace(own, **absent)


class _Absent:
    """A partner in front of another: while its marks are there it is away, or takes its time."""

    def __init__(self, partner: Any, away: Path, slow: Path) -> None:
        self._partner = partner
        self._away = away
        self._slow = slow

    def __getattr__(self, name: str) -> Any:
        ask = getattr(self._partner, name)

        @wraps(ask)
        async def asked(*args: Any, **kwargs: Any) -> Any:
            while self._slow.exists():  # noqa: ASYNC110 - another process says when it is over
                await asyncio.sleep(LOOK_SECONDS)
            if self._away.exists():
                raise Unavailable
            return await ask(*args, **kwargs)

        return asked


def _mark(folder: Path, partner: str, how: str) -> Path:
    return folder / f"{partner}-is-{how}"
