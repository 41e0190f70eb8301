"""The app over a database that can be away: for what people see meanwhile.

It is away while the data folder holds a file that says so.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import wraps
from pathlib import Path
from typing import Any

from trex_app.core.errors import Unavailable
from trex_app.core.settings import get_settings
from trex_app.db.transaction import Database
from trex_app.ui.build import serve

SERVE_WITH_ABSENT_DATABASE = "from tests.e2e.absent_database import serve_it; serve_it()"


@contextmanager
def without_database(folder: Path) -> Iterator[None]:
    """Let the database of the app in `folder` be away for a while."""
    mark = _mark(folder)
    mark.touch()
    try:
        yield
    finally:
        mark.unlink()


def serve_it() -> None:
    """Serve the built pages over this database until told to stop."""
    mark = _mark(get_settings().data_dir)
    for name in ("read", "write"):
        setattr(Database, name, _absent(getattr(Database, name), mark))
    serve(get_settings())


def _absent(ask: Any, mark: Path) -> Any:
    @wraps(ask)
    async def asked(*args: Any, **kwargs: Any) -> Any:
        if mark.exists():  # noqa: ASYNC240 - a look takes a moment
            raise Unavailable
        return await ask(*args, **kwargs)

    return asked


def _mark(folder: Path) -> Path:
    return folder / "database-is-away"
