"""Opens a stored session for whoever asks, and only for them."""

from datetime import datetime

from trex_app.core.crypto import Keyring, TokenKind, hash_token
from trex_app.core.errors import Forbidden, SessionExpired, Unauthenticated
from trex_app.db.session_store import RevisionConflict, SessionStore, StoredSession
from trex_app.db.transaction import Database
from trex_app.engine import lifecycle
from trex_app.engine.definition import Json
from trex_app.engine.digest import canonical
from trex_app.engine.session import Status
from trex_app.services.refusals import about
from trex_app.services.views import Caller

MAX_ATTEMPTS = 5
"""How often a change that lost the race for a revision looks again at what the others did."""

TOO_BUSY = "Many requests change this journey at once. Please try again."


def owner_of(caller: Caller) -> str | None:
    """What is stored of a visitor: not the cookie itself, which would open their sessions."""
    if caller.visitor is None:
        return None
    if caller.session_key is None:
        return hash_token(caller.visitor).hex()
    # No visitor's token, tenant's id or session key has a blank in it.
    return hash_token(f"{caller.visitor} {caller.tenant} {caller.session_key}").hex()


class Sessions:
    """Loads sessions and checks every id against the credentials that came with it."""

    def __init__(self, database: Database, store: SessionStore, keyring: Keyring) -> None:
        self._database = database
        self._store = store
        self._keyring = keyring

    async def open(self, caller: Caller, session_id: str) -> StoredSession:
        """The caller's own session. Raises Unauthenticated, or Forbidden (also where none is)."""
        if caller.visitor is None and not caller.tokens:
            raise Unauthenticated
        stored = await self._database.read(lambda tx: self._store.load(tx, session_id))
        if stored is None or not self._may_use(caller, stored):
            raise Forbidden
        about(stored.session)
        return stored

    async def open_for_change(
        self, caller: Caller, session_id: str, now: datetime
    ) -> StoredSession:
        """The caller's own session, still running. Raises SessionExpired as well."""
        stored = await self.open(caller, session_id)
        if lifecycle.is_overdue(stored.session, now):
            await self._mark_expired(stored, now)
            raise SessionExpired
        if stored.session.status is Status.EXPIRED:
            raise SessionExpired
        return stored

    def token_for(self, session_id: str) -> str:
        """The credential that a start hands out for one session."""
        return self._keyring.sign(TokenKind.SESSION, session_id)

    def fingerprints(self, request: Json) -> tuple[str, ...]:
        """What a request may be known by; nothing of it can be read from these.

        The first is what to store. The others were stored under former secrets.
        """
        return self._keyring.fingerprints(canonical(request))

    def _may_use(self, caller: Caller, stored: StoredSession) -> bool:
        owner = owner_of(caller)
        if owner is not None and owner == stored.owner:
            return True
        own = stored.session.session_id
        return any(self._keyring.verify(TokenKind.SESSION, t) == own for t in caller.tokens)

    async def _mark_expired(self, stored: StoredSession, now: datetime) -> None:
        outcome = lifecycle.expire(stored.session, now)
        try:
            await self._database.write(
                lambda tx: self._store.update(tx, stored, outcome.session, outcome.events)
            )
        except RevisionConflict:
            # Another request marked it first, which is just as well.
            return
