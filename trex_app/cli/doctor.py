"""`doctor`: is everything there that T-Rex needs, and how to mend what is not."""

import os
import platform
import shutil
import subprocess
import sys
import sysconfig
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from trex_app.cli.faults import sentence_of
from trex_app.cli.installation import read_settings, reason_of, scratch_container
from trex_app.cli.printing import AsJson, counted, print_json
from trex_app.core.errors import TrexError

if TYPE_CHECKING:
    from trex_app.core.settings import Settings

OLDEST_PYTHON = (3, 11)
OLDEST_NODE = (22, 22)
ANSWER_WITHIN_SECONDS = 3


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at. `fix` says what to do where it is not well.

    A warning is about what works and is probably not meant.
    """

    what: str
    is_well: bool
    state: str
    fix: str = ""
    is_warning: bool = False


def doctor(as_json: AsJson = False) -> None:
    """Check Python, Node.js, settings, database, Redis, partners and definitions.

    Changes nothing. Exit code 1 if one is bad.
    """
    findings = list(_findings())
    if as_json:
        print_json([asdict(finding) for finding in findings])
    else:
        for finding in findings:
            _print_finding(finding)
    if not all(finding.is_well for finding in findings):
        raise typer.Exit(1)


def _print_finding(finding: Finding) -> None:
    mark = typer.style("ok ", fg=typer.colors.GREEN)
    if finding.is_warning:
        mark = typer.style("(!)", fg=typer.colors.YELLOW)
    if not finding.is_well:
        mark = typer.style("bad", fg=typer.colors.RED)
    typer.echo(f"{mark}  {finding.what:<12} {finding.state}")
    if finding.fix:
        typer.echo(f"{'':<18}{finding.fix}")


def _findings() -> Iterator[Finding]:
    yield _python()
    yield _node()
    yield from _unknown()
    try:
        settings = read_settings()
    except TrexError as error:
        yield Finding("settings", False, sentence_of(error), "Mend it in the environment or .env.")
        return
    yield Finding("settings", True, f"{settings.environment}, port {settings.port}")
    checks = (_secret, _data_folder, _database, _connections, _redis, _partners, _definitions)
    for check in checks:
        finding = check(settings)
        if finding is not None:
            yield finding


def _python() -> Finding:
    is_well = sys.version_info >= OLDEST_PYTHON
    fix = "" if is_well else f"Use Python {'.'.join(map(str, OLDEST_PYTHON))} or newer."
    return Finding("python", is_well, platform.python_version(), fix)


def _node() -> Finding:
    from trex_app.ui.build import find_npm

    search_path = os.pathsep.join([sysconfig.get_path("scripts"), *os.get_exec_path()])
    fix = "Run `pip install -r requirements.txt` again: it brings Node.js."
    try:
        find_npm(search_path)
        answer = subprocess.run(  # noqa: S603
            [str(shutil.which("node", path=search_path)), "--version"],
            capture_output=True,
            text=True,
            check=True,
        )
    except TrexError as error:
        return Finding("node", False, error.message)
    except (OSError, subprocess.CalledProcessError) as error:
        return Finding("node", False, reason_of(error), fix)
    version = answer.stdout.strip().removeprefix("v")
    is_well = tuple(int(part) for part in version.split(".")[:2]) >= OLDEST_NODE
    return Finding("node", is_well, f"{version}, with npm", "" if is_well else fix)


def _unknown() -> Iterator[Finding]:
    """Names that look like settings and are none: a misspelt one is never read."""
    from trex_app.core.settings import unknown_settings

    for name, nearest in unknown_settings().items():
        fix = f"Did you mean {nearest}?" if nearest else "Remove it; .env.example names them all."
        yield Finding(name, True, "is no setting and is not read", fix, is_warning=True)


def _secret(settings: "Settings") -> Finding:
    from trex_app.core.settings import LOOPBACK_HOSTS

    kept = settings.data_dir / "secret_key"
    may_make_one = not settings.is_production or settings.host in LOOPBACK_HOSTS
    if settings.secret_key is None and not kept.exists() and may_make_one:
        return Finding("secret", True, f"made at the first start, in {kept}")
    try:
        origin = "TREX_SECRET_KEY" if settings.secret_key else str(kept)
        return Finding("secret", bool(settings.master_secret), origin)
    except TrexError as error:
        return Finding("secret", False, "missing or weak", sentence_of(error))
    except OSError as error:
        return Finding("secret", False, f"{kept}: {error.strerror}", "Make the file readable.")


def _data_folder(settings: "Settings") -> Finding:
    folder = settings.data_dir.resolve()
    nearest = next(place for place in (folder, *folder.parents) if place.exists())
    if nearest.is_dir() and os.access(nearest, os.W_OK):
        return Finding("data folder", True, str(folder))
    return Finding("data folder", False, f"{folder} cannot be written", "Set TREX_DATA_DIR.")


def _database(settings: "Settings") -> Finding:
    from sqlalchemy.exc import SQLAlchemyError

    from trex_app.db import migrate
    from trex_app.db.connections import create_engine, database_url

    try:
        url = database_url(settings.resolved_database_url)
    except TrexError as error:
        return Finding("database", False, sentence_of(error), "See .env.example.")
    name = url.render_as_string(hide_password=True)
    if url.get_backend_name() == "sqlite" and not Path(str(url.database)).exists():
        return Finding("database", True, f"{name}, made at the first start")
    engine = create_engine(url, "read")
    try:
        with engine.connect() as connection:
            is_current = migrate.is_current(connection)
    except SQLAlchemyError as error:
        fix = "Start the database, or mend TREX_DATABASE_URL."
        return Finding("database", False, f"{name}: {reason_of(error)}", fix)
    finally:
        engine.dispose()
    if is_current:
        return Finding("database", True, f"{name}, schema of this version")
    fix = "Run `python -m trex_app migrate`; every start does so, too."
    return Finding("database", False, f"{name}, schema of another version", fix)


def _connections(settings: "Settings") -> Finding | None:
    """Whether PostgreSQL gives this process what it wants; whoever is there already counts, too."""
    from sqlalchemy.exc import SQLAlchemyError

    from trex_app.container.foundation import most_connections
    from trex_app.db.connections import create_engine, database_url, room_of

    try:
        engine = create_engine(database_url(settings.resolved_database_url), "read")
        if engine.dialect.name != "postgresql":
            return None
        with engine.connect() as connection:
            room = room_of(connection)
    except (TrexError, SQLAlchemyError):
        return None  # the finding on the database tells of it
    wanted = most_connections(settings)
    state = f"{room.in_use} of {room.most} in use, a process of this role opens up to {wanted}"
    is_well = wanted <= room.most
    fix = "" if is_well else "Raise max_connections of the PostgreSQL server."
    return Finding("connections", is_well, state, fix)


def _redis(settings: "Settings") -> Finding | None:
    if settings.redis_url is None:
        return None
    import redis

    try:
        server = redis.Redis.from_url(
            settings.redis_url, socket_connect_timeout=ANSWER_WITHIN_SECONDS
        )
        server.ping()
    except (redis.RedisError, ValueError) as error:
        fix = "Start Redis, or mend TREX_REDIS_URL."
        return Finding("redis", False, reason_of(error), fix)
    return Finding("redis", True, "answers")


def _partners(settings: "Settings") -> Finding:
    """Which partners are real; that some are not is no fault, but should be known."""
    from trex_app.integrations.chosen import ADDRESSES, choose, place_of, wants_sandbox

    try:
        with scratch_container() as container:
            # Redis has a finding of its own.
            alone = settings.model_copy(update={"redis_url": None})
            choose(alone, container.database, container.clock)
    except TrexError as error:
        return Finding("partners", False, "cannot be called", sentence_of(error))
    places = {partner: place_of(partner, settings) for partner in ADDRESSES}
    state = "; ".join(
        f"{place}: {', '.join(partner for partner in places if places[partner] == place)}"
        for place in dict.fromkeys(places.values())
    )
    if wants_sandbox(settings):
        state += " (`run` and `dev` start a sandbox for all)"
    is_played = "sandbox" in places.values()
    fix = "The sandbox passes nothing on: set the addresses of real partners." if is_played else ""
    return Finding("partners", True, state, fix)


def _definitions(settings: "Settings") -> Finding:
    from trex_app.container import definition_folders
    from trex_app.engine.checker import check
    from trex_app.engine.source import read_folders

    own = settings.workflows_dir
    if own is not None and not own.is_dir():
        fix = f"Make the folder {own.resolve()}, or mend TREX_WORKFLOWS_DIR."
        return Finding("workflows", False, f"TREX_WORKFLOWS_DIR={own} is no folder", fix)
    reading = read_folders(definition_folders(settings))
    with scratch_container() as container:
        problems = [*reading.problems, *check(reading.raws, container.capabilities.names())]
    if problems:
        more = f" (and {counted(len(problems) - 1, 'more problem')})" if problems[1:] else ""
        fix = "Mend the file; `python -m trex_app workflows check` names every problem."
        return Finding("workflows", False, f"{problems[0]}{more}", fix)
    state = counted(len(reading.raws), "definition")
    if own is not None and not any(own.glob("*.yaml")):
        state = f"{state}, none of them in TREX_WORKFLOWS_DIR={own}"
        fix = "Put journeys there, one `<id>.yaml` each, or name the folder that holds them."
        return Finding("workflows", True, state, fix, is_warning=True)
    return Finding("workflows", True, state)
