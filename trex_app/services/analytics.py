"""The funnel of each journey: how many reached each step, left there, or came to the end.

Only counts are kept, by day, journey and step. A person who comes back after a pause is counted
at the steps that are new.
"""

from collections.abc import Iterable, Sequence
from datetime import timedelta
from typing import Any, Final, NamedTuple

from sqlalchemy import func, select
from sqlalchemy.dialects import postgresql, sqlite

from trex_app.core.clock import Clock
from trex_app.db.statements import POSTGRESQL
from trex_app.db.tables import METADATA
from trex_app.db.transaction import Transaction
from trex_app.messaging.events import Event, JourneyAbandoned, JourneyCompleted
from trex_app.messaging.records import heard_before
from trex_app.messaging.subscriptions import JOURNEY_ANALYTICS

REACHED: Final = "reached"
ABANDONED: Final = "abandoned"
COMPLETED: Final = "completed"
WHOLE_JOURNEY: Final = ""

_funnel = METADATA.tables["funnel_count"]


class FunnelRow(NamedTuple):
    """Counts of one step; the row without a step is about the journey as a whole."""

    workflow: str
    step: str
    reached: int
    abandoned: int
    completed: int


class Analytics:
    """Counts journeys that ended, and those that were left alone."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock

    def hear(self, tx: Transaction, event: Event) -> None:
        """The handler of JourneyCompleted and JourneyAbandoned."""
        match event:
            case JourneyCompleted():
                self._count(tx, event, event.steps, COMPLETED, (WHOLE_JOURNEY,))
            case JourneyAbandoned():
                places = (WHOLE_JOURNEY, event.step)
                self._count(tx, event, (*event.steps, event.step), ABANDONED, places)
            case _:
                return

    def _count(
        self,
        tx: Transaction,
        event: JourneyCompleted | JourneyAbandoned,
        reached: Iterable[str],
        what: str,
        places: Iterable[str],
    ) -> None:
        """`what` at each place, and each step that this journey had not reached before."""
        day = self._clock().date().isoformat()
        known = _reached_before(tx, event.subject)
        fresh = [step for step in dict.fromkeys((WHOLE_JOURNEY, *reached)) if step not in known]
        rows = [(step, REACHED) for step in fresh] + [(place, what) for place in places]
        # Always in the same order, so that two transactions never wait for each other.
        for step, kind in sorted(rows):
            _add_one(tx, {"day": day, "workflow_id": event.workflow_id, "step": step, "what": kind})


def funnel(
    tx: Transaction, clock: Clock, days: int, workflow_id: str | None = None
) -> list[FunnelRow]:
    """The counts of the last `days` days, today among them: by journey, whole journeys first."""
    first_day = (clock() - timedelta(days=days - 1)).date().isoformat()
    query = (
        select(_funnel.c.workflow_id, _funnel.c.step, _funnel.c.what, func.sum(_funnel.c.count))
        .where(_funnel.c.day >= first_day)
        .group_by(_funnel.c.workflow_id, _funnel.c.step, _funnel.c.what)
    )
    if workflow_id is not None:
        query = query.where(_funnel.c.workflow_id == workflow_id)
    counts: dict[tuple[str, str], dict[str, int]] = {}
    for workflow, step, what, count in tx.connection.execute(query):
        counts.setdefault((workflow, step), {})[what] = int(count)
    rows = [
        FunnelRow(
            workflow,
            step,
            found.get(REACHED, 0),
            found.get(ABANDONED, 0),
            found.get(COMPLETED, 0),
        )
        for (workflow, step), found in counts.items()
    ]
    return sorted(rows, key=_in_order)


def _in_order(row: FunnelRow) -> tuple[str, bool, int, str]:
    """Whole journeys first, then the steps that most people reached."""
    return (row.workflow, row.step != WHOLE_JOURNEY, -row.reached, row.step)


def _reached_before(tx: Transaction, session_id: str) -> set[str]:
    known: set[str] = set()
    heard: Sequence[Event] = heard_before(tx, JOURNEY_ANALYTICS, session_id)
    for event in heard:
        if isinstance(event, JourneyAbandoned):
            known |= {WHOLE_JOURNEY, event.step, *event.steps}
    return known


def _add_one(tx: Transaction, place: dict[str, Any]) -> None:
    insert: Any = postgresql.insert if tx.dialect == POSTGRESQL else sqlite.insert
    counted = insert(_funnel).values({**place, "count": 1})
    tx.connection.execute(
        counted.on_conflict_do_update(
            index_elements=list(place), set_={"count": _funnel.c.count + 1}
        )
    )
