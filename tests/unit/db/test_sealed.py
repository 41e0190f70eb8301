"""Everything encrypted is listed, opens after a rotation, and nothing of it is forgotten."""

import pytest
from sqlalchemy import LargeBinary

from trex_app.core.crypto import Keyring
from trex_app.core.errors import DataUnreadable
from trex_app.db.sealed import SEALED_COLUMNS, seal, unseal
from trex_app.db.tables import METADATA

OLD, NEW = b"the old secret of an installation", b"the new secret of an installation"
# Keys in their wrapping, hashes of tokens, and the links of histories' chains.
NOT_CIPHERTEXT = {"wrapped_key", "token_hash", "ticket_hash", "head", "link"}


def test_every_binary_column_is_listed_as_sealed_or_known_to_be_none() -> None:
    binary = {
        (table.name, column.name)
        for table in METADATA.tables.values()
        for column in table.columns
        if isinstance(column.type, LargeBinary) and column.name not in NOT_CIPHERTEXT
    }
    listed = {(table, column) for table, columns in SEALED_COLUMNS.items() for column in columns}
    assert binary == listed


def test_every_table_with_a_key_of_its_own_is_listed() -> None:
    keyed = {table.name for table in METADATA.tables.values() if "wrapped_key" in table.columns}
    assert keyed <= SEALED_COLUMNS.keys()


def test_what_was_sealed_opens_in_its_place_after_a_rotation() -> None:
    row = seal(Keyring(OLD), "row-1", details={"name": "Ada"}, request=[1])
    rotated = Keyring(NEW, [OLD])
    assert unseal(rotated, "row-1", row["wrapped_key"], row["details"]) == {"name": "Ada"}
    assert unseal(rotated, "row-1", row["wrapped_key"], row["request"]) == [1]
    with pytest.raises(DataUnreadable):
        unseal(rotated, "row-2", row["wrapped_key"], row["details"])
    with pytest.raises(DataUnreadable):
        unseal(Keyring(NEW), "row-1", row["wrapped_key"], row["details"])


def test_what_is_sealed_after_a_rotation_needs_the_new_secret_only() -> None:
    row = seal(Keyring(NEW, [OLD]), "row-1", details="said")
    assert unseal(Keyring(NEW), "row-1", row["wrapped_key"], row["details"]) == "said"


def test_without_a_key_nothing_can_be_read() -> None:
    row = seal(Keyring(OLD), "row-1", details="said")
    assert unseal(Keyring(OLD), "row-1", None, row["details"]) is None
    assert unseal(Keyring(OLD), "row-1", row["wrapped_key"], None) is None
