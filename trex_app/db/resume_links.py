"""Resume links: issued once, stored hashed, good for one use until they expire."""

from datetime import datetime, timedelta

from sqlalchemy import delete, insert, select

from trex_app.core.crypto import hash_token, new_token
from trex_app.db.tables import METADATA
from trex_app.db.transaction import Transaction

_link = METADATA.tables["resume_link"]


def issue(
    tx: Transaction,
    session_id: str,
    now: datetime,
    valid_for: timedelta,
    *,
    keeps_others: bool = False,
) -> str:
    """A new token for the session; links issued before stop working unless they are to be kept."""
    token = new_token()
    if not keeps_others:
        revoke(tx, session_id)
    values = {
        "token_hash": hash_token(token),
        "session_id": session_id,
        "created_at": now,
        "expires_at": now + valid_for,
    }
    tx.connection.execute(insert(_link).values(values))
    return token


def revoke(tx: Transaction, session_id: str) -> None:
    """Remove every link into a session."""
    tx.connection.execute(delete(_link).where(_link.c.session_id == session_id))


def session_of(tx: Transaction, token: str) -> str | None:
    """The session that a token leads into; looking does not use it up."""
    query = select(_link.c.session_id).where(_link.c.token_hash == hash_token(token))
    return tx.connection.execute(query).scalar_one_or_none()


def is_usable(tx: Transaction, token: str, now: datetime) -> bool:
    """Whether the token would be accepted; looking does not use it up."""
    query = select(_link.c.session_id).where(
        _link.c.token_hash == hash_token(token), _link.c.expires_at > now
    )
    return tx.connection.execute(query).first() is not None


def consume(tx: Transaction, token: str, now: datetime) -> str | None:
    """Use the token up: the id of its session, once, or None.

    The delete decides who is first, so that of two that come together one gets the session.
    """
    used = (
        delete(_link)
        .where(_link.c.token_hash == hash_token(token), _link.c.expires_at > now)
        .returning(_link.c.session_id)
    )
    return tx.connection.execute(used).scalar_one_or_none()


def purge_expired(tx: Transaction, now: datetime) -> int:
    """Remove the links that can no longer be used; how many those were."""
    return tx.connection.execute(delete(_link).where(_link.c.expires_at <= now)).rowcount
