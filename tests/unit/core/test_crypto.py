"""Keys: what they open, what they refuse, and how they are rotated."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trex_app.core.crypto import Keyring, TokenKind, hash_token, new_token
from trex_app.core.errors import DataUnreadable

OLD, NEW = b"the old secret of an installation", b"the new secret of an installation"
keyring = Keyring(OLD)
rotated = Keyring(NEW, [OLD])
subjects = st.text(st.characters(codec="ascii", exclude_characters="."), max_size=80)


@given(st.binary(max_size=500), st.binary(max_size=50))
def test_what_was_encrypted_for_a_place_decrypts_there(plaintext: bytes, place: bytes) -> None:
    key, wrapped = keyring.new_data_key(b"owner")
    ciphertext = key.encrypt(plaintext, place)
    assert keyring.unwrap(wrapped, b"owner").decrypt(ciphertext, place) == plaintext
    with pytest.raises(DataUnreadable):
        key.decrypt(ciphertext, place + b"!")


@given(st.binary(min_size=1, max_size=50), st.integers(0, 200), st.integers(1, 255))
def test_a_changed_ciphertext_does_not_decrypt(plaintext: bytes, at: int, flip: int) -> None:
    key, _ = keyring.new_data_key(b"owner")
    ciphertext = bytearray(key.encrypt(plaintext, b""))
    ciphertext[at % len(ciphertext)] ^= flip
    with pytest.raises(DataUnreadable):
        key.decrypt(bytes(ciphertext), b"")


def test_equal_plaintexts_have_different_ciphertexts() -> None:
    key, _ = keyring.new_data_key(b"owner")
    assert key.encrypt(b"same", b"") != key.encrypt(b"same", b"")


@pytest.mark.parametrize("ciphertext", [b"", b"short", b"x" * 12, b"x" * 28])
def test_what_was_never_encrypted_is_unreadable(ciphertext: bytes) -> None:
    key, _ = keyring.new_data_key(b"owner")
    with pytest.raises(DataUnreadable):
        key.decrypt(ciphertext, b"")


def test_a_wrapped_key_opens_for_its_owner_only() -> None:
    _, wrapped = keyring.new_data_key(b"session-1")
    with pytest.raises(DataUnreadable):
        keyring.unwrap(wrapped, b"session-2")


def test_a_wrapped_key_does_not_open_with_another_secret() -> None:
    _, wrapped = keyring.new_data_key(b"owner")
    with pytest.raises(DataUnreadable, match="TREX_SECRET_KEY_PREVIOUS"):
        Keyring(NEW).unwrap(wrapped, b"owner")


def test_after_a_rotation_old_keys_open_and_new_ones_do_not_need_the_old_secret() -> None:
    key, wrapped = keyring.new_data_key(b"owner")
    ciphertext = key.encrypt(b"kept", b"")
    assert rotated.unwrap(wrapped, b"owner").decrypt(ciphertext, b"") == b"kept"
    _, wrapped_anew = rotated.new_data_key(b"owner")
    Keyring(NEW).unwrap(wrapped_anew, b"owner")


@given(subjects)
def test_a_signed_token_names_its_subject(subject: str) -> None:
    token = keyring.sign(TokenKind.SESSION, subject)
    assert keyring.verify(TokenKind.SESSION, token) == subject
    assert rotated.verify(TokenKind.SESSION, token) == subject


@given(subjects)
def test_a_token_of_one_kind_is_worthless_as_another(subject: str) -> None:
    token = keyring.sign(TokenKind.SESSION, subject)
    assert keyring.verify(TokenKind.VISITOR, token) is None


@given(subjects, subjects.filter(bool))
def test_a_signature_fits_no_other_subject(subject: str, addition: str) -> None:
    signature = keyring.sign(TokenKind.SESSION, subject).rpartition(".")[2]
    assert keyring.verify(TokenKind.SESSION, f"{subject}{addition}.{signature}") is None


@given(st.text(max_size=200))
def test_what_nobody_signed_names_nobody(text: str) -> None:
    assert keyring.verify(TokenKind.SESSION, text) is None


def test_another_installations_token_names_nobody() -> None:
    token = Keyring(NEW).sign(TokenKind.SESSION, "s-1")
    assert keyring.verify(TokenKind.SESSION, token) is None


def test_a_token_has_one_spelling_only() -> None:
    token = keyring.sign(TokenKind.SESSION, "s-1")
    assert keyring.verify(TokenKind.SESSION, token + "=") is None
    last = "A" if token[-1] != "A" else "B"
    assert keyring.verify(TokenKind.SESSION, token[:-1] + last) is None


def test_links_of_a_chain_hold_for_their_record_and_place_only() -> None:
    link = keyring.chain(b"p" * 32, b"record")
    assert keyring.holds(b"p" * 32, b"record", link)
    assert rotated.holds(b"p" * 32, b"record", link)
    assert not keyring.holds(b"q" * 32, b"record", link)
    assert not keyring.holds(b"p" * 32, b"Record", link)
    assert not Keyring(NEW).holds(b"p" * 32, b"record", link)


def test_random_tokens_are_long_and_never_the_same_and_stored_as_hashes() -> None:
    tokens = {new_token() for _ in range(100)}
    assert len(tokens) == 100
    assert all(len(token) >= 43 for token in tokens)
    assert len({hash_token(token) for token in tokens}) == 100


@given(st.binary(max_size=100), st.binary(max_size=100))
def test_a_fingerprint_is_the_same_for_equal_values_of_one_installation_only(
    one: bytes, other: bytes
) -> None:
    assert (keyring.fingerprint(one) == keyring.fingerprint(other)) is (one == other)
    assert keyring.fingerprint(one) != Keyring(NEW).fingerprint(one)
