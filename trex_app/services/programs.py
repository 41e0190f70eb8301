"""Which version of a workflow a session runs: files in development, published ones otherwise.

A session keeps the hash it started with; every version in use is stored, so old and new ones
load side by side. A published change that only touches how a step looks reaches open sessions,
because it has the same behaviour hash.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from functools import partial

import anyio.to_thread
import structlog

from trex_app.core import texts
from trex_app.core.clock import Clock
from trex_app.core.errors import NotFound
from trex_app.db import version_store
from trex_app.db.transaction import Database
from trex_app.engine.definition import Workflow
from trex_app.engine.loader import DefinitionFiles, from_source
from trex_app.engine.program import Program
from trex_app.services.refusals import count_from_zero

log = structlog.get_logger(__name__)
PUBLICATIONS_MAX_AGE = timedelta(seconds=2)
"""How long another process's publication may go unnoticed."""
FILES_MAX_AGE = timedelta(milliseconds=200)
"""How long an edited file may go unnoticed, so that one request looks at every file once."""


class Programs:
    """Compiled workflows by id (for a new session) and by hash (for one that is pinned)."""

    def __init__(
        self, database: Database, files: DefinitionFiles, clock: Clock, *, follows_files: bool
    ) -> None:
        self._database = database
        self._files = files
        self._clock = clock
        self._follows_files = follows_files
        self._by_hash: dict[str, Program] = {}
        self._stored: set[str] = set()
        self._published: Mapping[str, str] = {}
        self._published_at: datetime | None = None
        self._followed: Mapping[str, Workflow] = {}
        self._followed_at: datetime | None = None

    async def open(self) -> None:
        """Publish what has never been published, so that a new file is enough to start."""
        if self._follows_files:
            return
        published = await self._database.read(version_store.all_published)
        now = self._clock()
        for workflow_id in published:
            count_from_zero(workflow_id)
        for workflow in self._files.current().values():
            count_from_zero(workflow.id)
            await self.store(await self._compiled(workflow))
            if workflow.id not in published:
                await self._database.write(lambda tx, w=workflow: version_store.publish(tx, w, now))
            elif published[workflow.id] != workflow.hash:
                log.warning("workflow_file_differs_from_published", workflow=workflow.id)
                await self.store(await self.pinned(published[workflow.id]))

    async def current(self, workflow_id: str) -> Program:
        """The program a new session of `workflow_id` starts with. Raises NotFound."""
        if self._follows_files:
            workflow = self._in_files().get(workflow_id)
            if workflow is None:
                raise self._unknown(workflow_id)
            program = await self._compiled(workflow)
            await self.store(program)
            return program
        published = (await self._publications()).get(workflow_id)
        if published is None:
            raise self._unknown(workflow_id)
        return await self.pinned(published)

    async def pinned(self, workflow_hash: str) -> Program:
        """The program with exactly this hash. Raises NotFound."""
        program = self._by_hash.get(workflow_hash)
        if program is not None:
            return program
        version = await self._database.read(
            lambda tx: version_store.load_version(tx, workflow_hash)
        )
        if version is None:
            raise NotFound("This version of the journey is no longer stored. Please start anew.")
        texts.keep(version.texts)
        read = partial(from_source, version.sources)
        workflows = await anyio.to_thread.run_sync(read)
        return await self._compiled(workflows[version.workflow_id])

    async def as_shown(self, program: Program) -> Program:
        """The newest program with the same behaviour: only its looks may differ."""
        try:
            current = await self.current(program.id)
        except NotFound:
            return program
        is_same = current.workflow.behaviour_hash == program.workflow.behaviour_hash
        return current if is_same else program

    async def ids(self) -> list[str]:
        """The ids of every workflow that can be started, sorted."""
        if self._follows_files:
            return sorted(self._in_files())
        return sorted(await self._publications())

    async def store(self, program: Program) -> None:
        """Keep this version in the database, so that sessions pinned to it survive any change."""
        if program.hash in self._stored:
            return
        now = self._clock()
        await self._database.write(lambda tx: version_store.save_version(tx, program.workflow, now))
        self._stored.add(program.hash)

    async def _compiled(self, workflow: Workflow) -> Program:
        """The program of a workflow, compiled once per hash; others are answered meanwhile."""
        program = self._by_hash.get(workflow.hash)
        if program is None:
            program = await anyio.to_thread.run_sync(Program, workflow)
            program = self._by_hash.setdefault(workflow.hash, program)
        return program

    def _in_files(self) -> Mapping[str, Workflow]:
        """What the files say; looked at again now and then, since they are being edited."""
        now = self._clock()
        if _is_older(self._followed_at, FILES_MAX_AGE, now):
            self._followed = self._files.current()
            self._followed_at = now
        return self._followed

    async def _publications(self) -> Mapping[str, str]:
        """What is published; read again now and then, since another process may publish."""
        now = self._clock()
        if _is_older(self._published_at, PUBLICATIONS_MAX_AGE, now):
            if self._published:
                # One request reads; those that come meanwhile go by what is known.
                self._published_at = now
            self._published = await self._database.read(version_store.all_published)
            self._published_at = now
            for workflow_id in self._published:
                count_from_zero(workflow_id)
        return self._published

    def _unknown(self, workflow_id: str) -> NotFound:
        return NotFound("There is no journey called {name}.", name=workflow_id[:64])


def _is_older(at: datetime | None, age: timedelta, now: datetime) -> bool:
    return at is None or now - at > age
