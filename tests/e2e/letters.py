"""The links that stand in messages, as the running app would sign them."""

import sqlite3

from tests.e2e.conftest import RunningApp
from trex_app.core.clock import utc_now
from trex_app.core.crypto import Keyring
from trex_app.services.contacts import Channel
from trex_app.services.personal_links import PersonalLinks


def status_link(app: RunningApp, reference: str, locale: str) -> str:
    """The link to where a lead stands."""
    return _links(app).to_status(reference, _key_of(app, reference), locale, utc_now())


def data_link(app: RunningApp, reference: str, locale: str) -> str:
    """The link to what is held of the person who sent a lead."""
    key = _key_of(app, reference)
    return _links(app).to_data(reference, key, Channel.EMAIL, locale, utc_now())


def _links(app: RunningApp) -> PersonalLinks:
    keyring = Keyring((app.folder / "secret_key").read_bytes())
    return PersonalLinks(keyring, utc_now, app.address)


def _key_of(app: RunningApp, reference: str) -> str:
    with sqlite3.connect(app.folder / "trex.db") as database:
        query = "SELECT key FROM lead WHERE reference = ?"
        (key,) = database.execute(query, (reference,)).fetchone()
    return key
