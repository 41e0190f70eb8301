"""Values encrypted with a key of their row's own, and which columns of which tables hold such.

A row is unreadable for good once its `wrapped_key` was destroyed.
"""

from collections.abc import Mapping
from typing import Final

import orjson

from trex_app.core.crypto import Keyring
from trex_app.engine.definition import Json

SEALED_COLUMNS: Final[Mapping[str, tuple[str, ...]]] = {
    "session": ("state",),
    "session_event": ("personal",),
    "effect_result": ("value",),
    "lead": ("details",),
    "credit_check": ("request", "decision"),
    "message": ("details",),
}
"""Every column with ciphertext. What session, session_event and effect_result hold is opened by the
session's key, everything else by the key of its row."""


def seal(keyring: Keyring, place: str, **values: Json) -> dict[str, bytes]:
    """The columns of a new row: each value encrypted, and `wrapped_key`. `place` is its id."""
    data_key, wrapped_key = keyring.new_data_key(place.encode())
    sealed = {
        column: data_key.encrypt(orjson.dumps(value), place.encode())
        for column, value in values.items()
    }
    return {"wrapped_key": wrapped_key, **sealed}


def unseal(keyring: Keyring, place: str, wrapped_key: bytes | None, value: bytes | None) -> Json:
    """What an encrypted column says; None where it is empty or its key was destroyed."""
    if wrapped_key is None or value is None:
        return None
    data_key = keyring.unwrap(wrapped_key, place.encode())
    return orjson.loads(data_key.decrypt(value, place.encode()))
