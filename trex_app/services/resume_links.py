"""Saved for later: single-use links that open a journey again, on any device."""

from datetime import datetime, timedelta

from trex_app.core.clock import Clock
from trex_app.core.errors import NotFound, Unavailable
from trex_app.db import resume_links
from trex_app.db.session_store import RevisionConflict, SessionStore
from trex_app.db.transaction import Database, Transaction
from trex_app.engine import lifecycle
from trex_app.engine.session import Session
from trex_app.services.sessions import MAX_ATTEMPTS, TOO_BUSY, Sessions, owner_of
from trex_app.services.views import Caller, ResumeLink

MIN_LIFETIME = timedelta(hours=1)


class ResumeLinks:
    """Issues links and uses them up; looking at one changes nothing."""

    def __init__(
        self, database: Database, store: SessionStore, sessions: Sessions, clock: Clock
    ) -> None:
        self._database = database
        self._store = store
        self._sessions = sessions
        self._clock = clock

    async def create(
        self, caller: Caller, session_id: str, reminder_email: str | None
    ) -> ResumeLink:
        """A link that works as long as the session does; earlier links of it stop working."""
        for _ in range(MAX_ATTEMPTS):
            try:
                return await self._create_once(caller, session_id, reminder_email)
            except RevisionConflict:
                continue
        raise Unavailable(TOO_BUSY)

    async def _create_once(
        self, caller: Caller, session_id: str, reminder_email: str | None
    ) -> ResumeLink:
        now = self._clock()
        stored = await self._sessions.open_for_change(caller, session_id, now)
        lifetime = max(stored.session.expires_at - now, MIN_LIFETIME)
        outcome = lifecycle.saved(stored.session, now, reminder_email)

        def work(tx: Transaction) -> str:
            self._store.update(tx, stored, outcome.session, outcome.events)
            return resume_links.issue(tx, session_id, now, lifetime)

        token = await self._database.write(work)
        return ResumeLink(token, (now + lifetime).isoformat(), outcome.session.revision)

    async def is_usable(self, token: str) -> bool:
        """Whether the link would still work."""
        now = self._clock()
        return await self._database.read(lambda tx: resume_links.is_usable(tx, token, now))

    async def use(self, caller: Caller, token: str) -> Session:
        """Use the link up and give its session to the caller. Raises NotFound, SessionExpired."""
        now = self._clock()
        return await self._database.write(lambda tx: self._take_over(tx, caller, token, now))

    def _take_over(self, tx: Transaction, caller: Caller, token: str, now: datetime) -> Session:
        """In one transaction, so that a link is never used up without opening its session.

        The session is held before its link is touched, as all who change both do it. So whoever
        answers in it at this moment comes before or after.
        """
        session_id = resume_links.session_of(tx, token)
        if session_id is not None:
            self._store.hold(tx, session_id)
            session_id = resume_links.consume(tx, token, now)
        stored = self._store.load(tx, session_id) if session_id is not None else None
        if stored is None:
            raise NotFound("This link has been used already, or is no longer valid.")
        lifecycle.check_not_expired(stored.session, now)
        outcome = lifecycle.resumed(stored.session, now)
        self._store.update(tx, stored, outcome.session, outcome.events)
        owner = owner_of(caller)
        if owner is not None:
            self._store.set_owner(tx, stored.session.session_id, owner)
        return outcome.session
