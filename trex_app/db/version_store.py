"""Versions of workflows: what each hash meant, which one is published, who still uses which."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import func, insert, select
from sqlalchemy.dialects import postgresql, sqlite

from trex_app.core.texts import Texts, translations
from trex_app.db.statements import SQLITE
from trex_app.db.tables import METADATA
from trex_app.db.transaction import Transaction
from trex_app.engine.definition import Json, Workflow
from trex_app.engine.session import Status
from trex_app.engine.wording import wording

_version = METADATA.tables["workflow_version"]
_publication = METADATA.tables["publication"]
_session = METADATA.tables["session"]


class Version(NamedTuple):
    """One version. `sources` holds the source of every workflow it reaches, by id.

    `texts` is what they say in other languages.
    """

    hash: str
    workflow_id: str
    behaviour_hash: str
    sources: Mapping[str, Json]
    texts: Texts
    created_at: datetime


class Publication(NamedTuple):
    """One publication of a workflow."""

    hash: str
    published_at: datetime


class OpenSessions(NamedTuple):
    """How many active sessions of one version stand at one step."""

    hash: str
    frame: str
    step: str
    count: int


def save_version(tx: Transaction, workflow: Workflow, now: datetime) -> None:
    """Keep what this version says, in every language; nothing happens where it is known."""
    values = {
        "hash": workflow.hash,
        "workflow_id": workflow.id,
        "behaviour_hash": workflow.behaviour_hash,
        "sources": _sources(workflow),
        "texts": translations(_wording(workflow)),
        "created_at": now,
    }
    dialect_insert = sqlite.insert if tx.dialect == SQLITE else postgresql.insert
    insertion = dialect_insert(_version).values(values)
    tx.connection.execute(
        insertion.on_conflict_do_update(
            index_elements=[_version.c.hash],
            set_={"texts": insertion.excluded.texts},
            # Kept by a release that kept no texts yet.
            where=_version.c.texts.is_(None),
        )
    )


def load_version(tx: Transaction, workflow_hash: str) -> Version | None:
    """What this version says, from the sources it was saved with."""
    query = select(
        _version.c.hash,
        _version.c.workflow_id,
        _version.c.behaviour_hash,
        _version.c.sources,
        _version.c.texts,
        _version.c.created_at,
    ).where(_version.c.hash == workflow_hash)
    row = tx.connection.execute(query).one_or_none()
    return Version(*row[:4], texts=row.texts or {}, created_at=row.created_at) if row else None


def publish(tx: Transaction, workflow: Workflow, now: datetime) -> None:
    """Make this version the one that new sessions start with."""
    save_version(tx, workflow, now)
    values = {"workflow_id": workflow.id, "hash": workflow.hash, "published_at": now}
    tx.connection.execute(insert(_publication).values(values))


def publications(tx: Transaction, workflow_id: str) -> list[Publication]:
    """Every publication of a workflow, the newest first."""
    query = (
        select(_publication.c.hash, _publication.c.published_at)
        .where(_publication.c.workflow_id == workflow_id)
        .order_by(_publication.c.publication_id.desc())
    )
    return [Publication(*row) for row in tx.connection.execute(query)]


def published(tx: Transaction, workflow_id: str) -> str | None:
    """The hash that new sessions of this workflow start with, if it was ever published."""
    newest = publications(tx, workflow_id)[:1]
    return newest[0].hash if newest else None


def all_published(tx: Transaction) -> dict[str, str]:
    """The hash that new sessions start with, by workflow."""
    query = select(_publication.c.workflow_id, _publication.c.hash).order_by(
        _publication.c.publication_id
    )
    return {row.workflow_id: row.hash for row in tx.connection.execute(query)}


def open_sessions_by_step(tx: Transaction, workflow_id: str) -> list[OpenSessions]:
    """Where the active sessions of a workflow stand, by version."""
    place = (_session.c.workflow_hash, _session.c.frame, _session.c.step)
    query = (
        select(*place, func.count())
        .where(_session.c.workflow_id == workflow_id, _session.c.status == Status.ACTIVE.value)
        .group_by(*place)
        .order_by(*place)
    )
    return [OpenSessions(*row) for row in tx.connection.execute(query)]


def open_session_ids(tx: Transaction, workflow_id: str) -> Iterator[str]:
    """The ids of the active sessions of a workflow, for as long as the transaction is open."""
    query = select(_session.c.session_id).where(
        _session.c.workflow_id == workflow_id, _session.c.status == Status.ACTIVE.value
    )
    yield from tx.connection.execute(query).scalars()


def _wording(workflow: Workflow) -> frozenset[str]:
    return wording(workflow).union(*map(_wording, workflow.calls.values()))


def _sources(workflow: Workflow) -> dict[str, Json]:
    sources: dict[str, Json] = {workflow.id: dict(workflow.source)}
    for called in workflow.calls.values():
        sources.update(_sources(called))
    return sources
