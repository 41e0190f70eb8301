"""The statements of the session store, compiled once per dialect."""

from sqlalchemy import and_, bindparam, cast, delete, insert, literal_column, null, select, update
from sqlmodel import SQLModel

from trex_app.db.statements import Statement
from trex_app.db.tables.history import EffectResultRow, SessionEventRow
from trex_app.db.tables.sessions import SessionRow

session = SQLModel.metadata.tables[str(SessionRow.__tablename__)]
session_event = SQLModel.metadata.tables[str(SessionEventRow.__tablename__)]
effect_result = SQLModel.metadata.tables[str(EffectResultRow.__tablename__)]

_THIS_SESSION = session.c.session_id == bindparam("session_id")
CHANGED_BY_A_SUBMIT = (
    *("workflow_hash", "status", "frame", "step", "revision", "event_count"),
    *("updated_at", "expires_at", "head", "state"),
)
EVENT_FIELDS = (
    *("kind", "at", "revision", "frame", "step", "to_frame", "to_step"),
    *("data", "idempotency_key", "request_hash"),
)

INSERT_SESSION = Statement(insert(session))
LOAD_SESSION = Statement(
    select(
        session.c.state,
        session.c.wrapped_key,
        session.c.owner,
        session.c.revision,
        session.c.event_count,
        session.c.head,
        session.c.filled_count,
    ).where(_THIS_SESSION)
)
_UNCHANGED_SESSION = and_(
    _THIS_SESSION,
    session.c.revision == bindparam("expected_revision"),
    # It says how many events there are, and by which secret they are chained.
    session.c.head == bindparam("expected_head"),
    # An erasure moves neither: whoever was about to save would bring back what was erased.
    session.c.wrapped_key.is_not(None),
)
UPDATE_SESSION = Statement(update(session).where(_UNCHANGED_SESSION), sets=CHANGED_BY_A_SUBMIT)
# The update and its history row in one round trip, which is most of what PostgreSQL costs here:
# where the update finds no row, nothing is inserted. SQLite has no such statement, nor the need.
UPDATE_WITH_EVENT = Statement(
    insert(session_event).from_select(
        [column.name for column in session_event.columns],
        select(
            *[
                cast(bindparam(f"event_{column.name}"), column.type)
                for column in session_event.columns
            ]
        ).select_from(
            update(session)
            .where(_UNCHANGED_SESSION)
            .values({name: bindparam(name) for name in CHANGED_BY_A_SUBMIT})
            .returning(session.c.session_id)
            .cte("updated")
        ),
        include_defaults=False,
    )
)
# The row lock is PostgreSQL's; SQLite's writer holds the whole database.
LOCK_SESSION = Statement(
    select(
        session.c.wrapped_key,
        session.c.revision,
        session.c.event_count,
        session.c.head,
        session.c.frame,
        session.c.step,
    )
    .where(_THIS_SESSION)
    .with_for_update()
)
# As strong as an update of it: rows that only refer to the session may still be added.
HOLD_SESSION = Statement(
    select(session.c.session_id).where(_THIS_SESSION).with_for_update(key_share=True)
)
FILL_SESSION = Statement(
    update(session)
    .where(_THIS_SESSION)
    .values(filled_count=session.c.filled_count + literal_column("1")),
    sets=("event_count", "head"),
)
SET_OWNER = Statement(update(session).where(_THIS_SESSION), sets=("owner",))
LATEST_OF_OWNER = Statement(
    select(session.c.session_id)
    .where(
        session.c.owner == bindparam("owner"),
        session.c.workflow_id == bindparam("workflow_id"),
        session.c.state.is_not(None),
    )
    .order_by(session.c.created_at.desc())
    # SQLite's compiler adds an offset of its own, as a parameter, where there is none.
    .limit(literal_column("1"))
    .offset(literal_column("0"))
)
ERASE_SESSION = Statement(
    update(session)
    .where(_THIS_SESSION)
    .values(wrapped_key=null(), state=null(), filled_count=literal_column("0"))
)
LOAD_HEAD = Statement(
    select(session.c.event_count, session.c.head, session.c.wrapped_key).where(_THIS_SESSION)
)

INSERT_EVENT = Statement(insert(session_event))
LOAD_EVENTS = Statement(
    select(*[session_event.c[name] for name in ("number", *EVENT_FIELDS, "personal", "link")])
    .where(session_event.c.session_id == bindparam("session_id"))
    .order_by(session_event.c.number)
)
RELINK_EVENT = Statement(
    update(session_event).where(
        session_event.c.session_id == bindparam("session_id"),
        session_event.c.number == bindparam("of_number"),
    ),
    sets=("link",),
)
REWRAP_SESSION = Statement(update(session).where(_THIS_SESSION), sets=("wrapped_key", "head"))
FIND_REQUEST = Statement(
    select(
        session_event.c.kind,
        session_event.c.request_hash,
        session_event.c.frame,
        session_event.c.step,
        session_event.c.to_frame,
        session_event.c.to_step,
        session_event.c.revision,
    ).where(
        session_event.c.session_id == bindparam("session_id"),
        session_event.c.idempotency_key == bindparam("idempotency_key"),
    )
)

INSERT_RESULT = Statement(insert(effect_result))
HAS_RESULT = Statement(
    select(effect_result.c.key).where(
        effect_result.c.session_id == bindparam("session_id"),
        effect_result.c.key == bindparam("key"),
    )
)
LOAD_RESULTS = Statement(
    select(
        effect_result.c.key,
        effect_result.c.frame,
        effect_result.c.step,
        effect_result.c.value,
        effect_result.c.at,
    ).where(effect_result.c.session_id == bindparam("session_id"))
)
ERASE_RESULTS = Statement(
    delete(effect_result).where(effect_result.c.session_id == bindparam("session_id"))
)
