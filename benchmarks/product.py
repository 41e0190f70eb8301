"""The product as a contender: the decision alone, with load and save, and as it is served."""

import asyncio
import itertools
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from sqlalchemy import bindparam, func, select

from benchmarks.floors import Sizes, server_process_of
from benchmarks.journey import (
    ANSWERED,
    answers,
    begin,
    decide,
    step_id,
    walked,
    workflow_id,
    write_definitions,
)
from benchmarks.measuring import Effort, Measure, timed
from trex_app.container import Container
from trex_app.core.crypto import Keyring
from trex_app.core.settings import Settings
from trex_app.db.connections import create_engine, database_url
from trex_app.db.lane import Lane, Transaction
from trex_app.db.session_statements import session, session_event
from trex_app.db.session_store import SessionStore
from trex_app.db.statements import Statement
from trex_app.engine.program import Program
from trex_app.engine.session import Session
from trex_app.services.views import Caller, StepView

VISITOR = "v" * 43
STATE_SIZE = Statement(
    select(func.length(session.c.state)).where(session.c.session_id == bindparam("session_id"))
)
EVENT_SIZES = Statement(
    select(func.length(session_event.c.personal), func.length(session_event.c.data)).where(
        session_event.c.session_id == bindparam("session_id")
    )
)


class InMemory:
    """The decision alone: validate, walk, state the facts. Nothing is read or written."""

    def __init__(self, journey: Program, sessions: int) -> None:
        self._journey = journey
        self._stages = walked(journey)[:-1]
        self._repeats = sessions
        self._answers = answers()

    def round(self, measure: Measure = timed) -> Effort:
        """Every stage of the journey, over and over."""
        return measure(self._decide_all, None)

    def _decide_all(self) -> int:
        journey, given = self._journey, self._answers
        stages = itertools.repeat(self._stages, self._repeats)
        for stage in itertools.chain.from_iterable(stages):
            decide(journey, stage, next(given))
        return len(self._stages) * self._repeats


class Durable:
    """Load, decide, update, insert, commit: one transaction a submit, everything guaranteed.

    State and personal data are encrypted, the history is chained, the revision is checked.
    """

    def __init__(self, url: str, journey: Program, sessions: int) -> None:
        self._journey, self._sessions = journey, sessions
        self._store = SessionStore(Keyring(b"a secret of the benchmark's own"))
        engine_url = database_url(url)
        self._lane = Lane(
            create_engine(engine_url, "write"), engine_url.get_backend_name(), "write"
        )
        self._answers = answers()
        self._server_process = self._run(server_process_of)

    def close(self) -> None:
        """Close the connection."""
        self._lane.close()

    def add(self, session: Session) -> str:
        """Store a session; its id."""
        self._run(lambda tx: self._store.insert(tx, session, [], owner=VISITOR))
        return session.session_id

    def submit(self, tx: Transaction, session_id: str, answer: Mapping[str, Any]) -> None:
        """Answer the current screen of a stored session."""
        stored = self._store.load(tx, session_id)
        assert stored is not None
        outcome = decide(self._journey, stored.session, answer)
        self._store.update(tx, stored, outcome.session, outcome.events)

    def round(self, measure: Measure = timed) -> Effort:
        """New sessions (not counted), and all their answers."""
        ids = [self.add(begin(self._journey)) for _ in range(self._sessions)]
        return measure(lambda: self.answer_all(ids), self._server_process)

    def answer_all(self, session_ids: Sequence[str]) -> int:
        """Every session's first answers, one screen after the other."""
        for session_id in itertools.chain.from_iterable(itertools.repeat(session_ids, ANSWERED)):
            self._run(partial(self.submit, session_id=session_id, answer=next(self._answers)))
        return len(session_ids) * ANSWERED

    def sizes(self) -> Sizes:
        """How large the rows of one journey are, as they stand in the database."""
        session_id = self.add(begin(self._journey))
        states = list(self._state_sizes(session_id))
        personal, data = self._lengths(EVENT_SIZES, session_id)
        return Sizes(states, personal, data)

    def _state_sizes(self, session_id: str) -> Iterator[int]:
        for answer in itertools.islice(self._answers, ANSWERED):
            self._run(partial(self.submit, session_id=session_id, answer=answer))
            yield self._lengths(STATE_SIZE, session_id)[0]

    def _lengths(self, statement: Statement, session_id: str) -> tuple[int, ...]:
        return self._run(lambda tx: tx.run(statement, {"session_id": session_id}).fetchone())

    def _run(self, work: Callable[[Transaction], Any]) -> Any:
        outcome = self._lane.run(work)
        if outcome.error is not None:
            raise outcome.error
        return outcome.result


class Served:
    """`Journeys.submit` as pages and API call it: the next step is rendered, too.

    Reads and writes run on the database's own threads. So many callers submit at once.
    """

    def __init__(self, container: Container, steps: int, sessions: int, callers: int) -> None:
        self._journeys = container.journeys
        self._workflow_id, self._sessions, self._callers = workflow_id(steps), sessions, callers
        self._answers = answers()
        self._caller = Caller(visitor=VISITOR)

    def round(self) -> Effort:
        """New sessions (not counted), and all their answers."""
        with asyncio.Runner() as runner:
            views = [runner.run(self._start()) for _ in range(self._sessions)]
            return timed(lambda: runner.run(self._answer_all(views)))

    async def _start(self) -> StepView:
        return await self._journeys.start(self._caller, self._workflow_id)

    async def _answer_all(self, views: list[StepView]) -> int:
        shares = [views[number :: self._callers] for number in range(self._callers)]
        await asyncio.gather(*[self._answer_share(share) for share in shares])
        return len(views) * ANSWERED

    async def _answer_share(self, views: list[StepView]) -> None:
        for number in range(ANSWERED):
            views = [await self._answer(view, step_id(number)) for view in views]

    async def _answer(self, view: StepView, step: str) -> StepView:
        return await self._journeys.submit(
            self._caller, view.session_id, step, next(self._answers), view.revision
        )


def container_on(url: str, folder: Path) -> Container:
    """An installation over this database that knows the measured journeys beside the shipped."""
    own = folder / "journeys"
    own.mkdir(parents=True, exist_ok=True)
    write_definitions(own)
    return Container(
        Settings(
            data_dir=folder,
            workflows_dir=own,
            database_url=url,
            load_demo_data=False,
            requests_per_minute=10_000_000,
            starts_per_minute=10_000_000,
            log_level="WARNING",
            _env_file=None,  # pyright: ignore[reportCallIssue]
        )
    )
