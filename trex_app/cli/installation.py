"""The installation a command works on: its settings, and its container for as long as needed."""

import asyncio
import re
import tempfile
from collections.abc import Awaitable, Callable, Generator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from trex_app.core.errors import SettingsInvalid, Unavailable

if TYPE_CHECKING:
    from pydantic import ValidationError

    from trex_app.container import Container
    from trex_app.core.settings import Settings

T = TypeVar("T")
NAMED_FIELD = re.compile(r'field "(\w+)"')


class DatabaseUnreachable(Unavailable):
    """The database of the settings does not answer."""

    code = "database_unreachable"
    default_message = (
        "The database {url} cannot be used: {reason}. Start it, or mend TREX_DATABASE_URL; "
        "`python -m trex_app doctor` tells more."
    )


def read_settings() -> "Settings":
    """The settings of the environment. Raises SettingsInvalid naming each wrong one."""
    from pydantic import ValidationError
    from pydantic_settings import SettingsError

    from trex_app.core.settings import get_settings

    try:
        return get_settings()
    except ValidationError as error:
        raise SettingsInvalid("\n".join(_setting_faults(error))) from error
    except SettingsError as error:
        named = NAMED_FIELD.search(str(error))
        name = f"TREX_{named[1]}".upper() if named else "A setting"
        raise SettingsInvalid(
            f'{name} cannot be read: it is JSON, such as ["https://www.example.com"] for a list. '
            "See .env.example."
        ) from error


def _setting_faults(error: "ValidationError") -> Generator[str]:
    from trex_app.core.settings import Settings

    for fault in error.errors(include_input=False, include_url=False):
        name, *places = fault["loc"]
        said = fault["msg"]
        if fault["type"] == "string_pattern_mismatch":
            example = (Settings.model_fields[str(name)].examples or [""])[0]
            said = f"Write it as {example}, with nothing before or behind"
        entry = "".join(f", entry {int(place) + 1}" for place in places if isinstance(place, int))
        yield f"TREX_{str(name).upper()}{entry}: {said}. See .env.example."


@contextmanager
def scratch_container() -> "Generator[Container]":
    """A container over an empty database of its own, thrown away afterwards; it is not open.

    It knows the installation's workflows and capabilities, and touches none of its data.
    """
    from trex_app.container import Container
    from trex_app.integrations.chosen import ADDRESSES

    with tempfile.TemporaryDirectory(prefix="trex-") as folder:
        scratch = {
            "data_dir": Path(folder),
            "database_url": None,
            "host": "127.0.0.1",
            "secret_key": None,
            # Made-up people must reach nobody outside.
            **dict.fromkeys(ADDRESSES.values()),
            "credit_webhook_secret": None,
            "sandbox_url": None,
            "redis_url": None,
        }
        container = Container(read_settings().model_copy(update=scratch))
        try:
            yield container
        finally:
            container.jobs.close()
            container.database.close()


def with_container(work: "Callable[[Container], Awaitable[T]]") -> T:
    """What `work` yields over this installation's container, once the schema is up to date.

    Nothing else happens by itself: loading data, publishing and jobs are left to the server.
    """
    return asyncio.run(_within_container(work))


async def _within_container(work: "Callable[[Container], Awaitable[T]]") -> T:
    from trex_app.container import Container
    from trex_app.core.telemetry import configure_logging

    settings = read_settings()
    configure_logging(settings.log_format, "WARNING")
    container = Container(settings)
    try:
        with database_faults_explained(container):
            await asyncio.to_thread(container.migrate)
            return await work(container)
    finally:
        await container.close()


@contextmanager
def database_faults_explained(container: "Container") -> Generator[None]:
    """Turn a database that does not answer into a sentence. Raises DatabaseUnreachable."""
    from trex_app.db.connections import is_outage

    try:
        yield
    except Exception as error:
        if is_outage(error):
            raise DatabaseUnreachable(
                url=container.database.url.render_as_string(hide_password=True),
                reason=reason_of(error),
            ) from error
        raise


def reason_of(error: BaseException) -> str:
    """The first line of what a driver says, without its own error codes."""
    cause = getattr(error, "orig", None) or error
    return str(cause).strip().partition("\n")[0].rstrip(".")
