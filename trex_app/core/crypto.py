"""Keys and what they protect: stored data, tokens of sessions and visitors, links in messages.

One master secret per installation; every use derives its own key from it (HKDF-SHA256), so no two
uses share one. A session's data is encrypted with a key of its own, and that key is stored
wrapped: destroying the wrapped key makes the data unreadable here for good. A backup made before
holds the wrapped key too, so it must be let go in its own time.

To rotate, put the new secret in `TREX_SECRET_KEY` and the old one in `TREX_SECRET_KEY_PREVIOUS`:
what the old one protects stays readable, what is written from then on uses the new one. Wrapped
keys can be wrapped anew, so that the old secret is no longer needed; the data behind them stays.
"""

import hashlib
import hmac
import secrets
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from os import urandom

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from trex_app.core.errors import DataUnreadable

KEY_BYTES = 32
NONCE_BYTES = 12
KEY_ID_BYTES = 4
TOKEN_BYTES = 32
LINK_BYTES = 32


class TokenKind(StrEnum):
    """What a signed token names; a token of one kind is worthless as another."""

    SESSION = "session"
    VISITOR = "visitor"
    STATUS = "status"
    PERSON = "person"


class DataKey:
    """An AES-256-GCM key; each ciphertext starts with its own random nonce.

    `associated` binds a ciphertext to its place: it decrypts with the same value only.
    """

    __slots__ = ("_cipher",)

    def __init__(self, key: bytes) -> None:
        self._cipher = AESGCM(key)

    def encrypt(self, plaintext: bytes, associated: bytes) -> bytes:
        """The nonce and the ciphertext."""
        nonce = urandom(NONCE_BYTES)
        return nonce + self._cipher.encrypt(nonce, plaintext, associated)

    def decrypt(self, ciphertext: bytes, associated: bytes) -> bytes:
        """The plaintext. Raises DataUnreadable when key, place or ciphertext is another."""
        try:
            return self._cipher.decrypt(
                ciphertext[:NONCE_BYTES], ciphertext[NONCE_BYTES:], associated
            )
        except (InvalidTag, ValueError) as error:
            raise DataUnreadable from error


@dataclass(frozen=True, slots=True)
class _SecretKeys:
    """What is derived from one master secret."""

    key_id: bytes
    wrapping: DataKey
    signing: dict[TokenKind, bytes]
    chaining: bytes
    fingerprinting: bytes


class Keyring:
    """The keys of this installation: the current secret writes, previous ones only read."""

    def __init__(self, secret: bytes, previous: Sequence[bytes] = ()) -> None:
        self._current = _derive_keys(secret)
        self._all = (self._current, *(_derive_keys(old) for old in previous))
        self._by_id = {keys.key_id: keys for keys in reversed(self._all)}

    def new_data_key(self, owner: bytes) -> tuple[DataKey, bytes]:
        """A fresh data key and its wrapped form, which `owner` (its place) is bound to."""
        key = urandom(KEY_BYTES)
        wrapped = self._current.key_id + self._current.wrapping.encrypt(key, owner)
        return DataKey(key), wrapped

    def unwrap(self, wrapped: bytes, owner: bytes) -> DataKey:
        """The data key behind `wrapped`. Raises DataUnreadable for an unknown secret or owner."""
        keys = self._by_id.get(wrapped[:KEY_ID_BYTES])
        if keys is None:
            raise DataUnreadable
        return DataKey(keys.wrapping.decrypt(wrapped[KEY_ID_BYTES:], owner))

    def rewrap(self, wrapped: bytes, owner: bytes) -> bytes | None:
        """The same data key wrapped by the current secret; None where it already is.

        Raises DataUnreadable as `unwrap` does.
        """
        keys = self._by_id.get(wrapped[:KEY_ID_BYTES])
        if keys is None:
            raise DataUnreadable
        if keys is self._current:
            return None
        key = keys.wrapping.decrypt(wrapped[KEY_ID_BYTES:], owner)
        return self._current.key_id + self._current.wrapping.encrypt(key, owner)

    def chain(self, previous: bytes, record: bytes) -> bytes:
        """The link that ties `record` to the chain that ends in `previous` (32 bytes).

        It is keyed: whoever can only write to the database cannot make a chain that holds.
        """
        return _link(self._current, previous, record)

    def holds(self, previous: bytes, record: bytes, link: bytes) -> bool:
        """Whether `link` ties `record` to the chain that ends in `previous`."""
        return any(hmac.compare_digest(_link(k, previous, record), link) for k in self._all)

    def fingerprint(self, value: bytes) -> str:
        """The same for equal values only; without the secret no guess can be tried against it."""
        return hmac.digest(self._current.fingerprinting, value, "sha256").hex()

    def fingerprints(self, value: bytes) -> tuple[str, ...]:
        """Every fingerprint that `value` may be stored under: the current secret's first."""
        return tuple(hmac.digest(k.fingerprinting, value, "sha256").hex() for k in self._all)

    def sign(self, kind: TokenKind, subject: str) -> str:
        """A token that names `subject` (no dots in it) and that only this installation can make."""
        return f"{subject}.{_encode(_mac(self._current, kind, subject))}"

    def verify(self, kind: TokenKind, token: str) -> str | None:
        """The subject a token names, or None when it was not signed here as this kind."""
        subject, separator, signature = token.rpartition(".")
        if not separator or not token.isascii():
            return None
        given = _decode(signature)
        matches = [hmac.compare_digest(_mac(keys, kind, subject), given) for keys in self._all]
        return subject if any(matches) else None


def new_token() -> str:
    """A random token of 256 bits, safe in a URL."""
    return secrets.token_urlsafe(TOKEN_BYTES)


def hash_token(token: str) -> bytes:
    """What is stored of a random token. It has 256 bits of entropy, so no salt is needed."""
    return hashlib.sha256(token.encode()).digest()


def _derive_keys(secret: bytes) -> _SecretKeys:
    return _SecretKeys(
        key_id=_derive(secret, "key-id", KEY_ID_BYTES),
        wrapping=DataKey(_derive(secret, "wrapping")),
        signing={kind: _derive(secret, f"{kind}-token") for kind in TokenKind},
        chaining=_derive(secret, "chain"),
        fingerprinting=_derive(secret, "fingerprint"),
    )


def _derive(secret: bytes, purpose: str, length: int = KEY_BYTES) -> bytes:
    hkdf = HKDF(algorithm=SHA256(), length=length, salt=None, info=f"trex/{purpose}".encode())
    return hkdf.derive(secret)


def _mac(keys: _SecretKeys, kind: TokenKind, subject: str) -> bytes:
    return hmac.digest(keys.signing[kind], subject.encode(), "sha256")


def _link(keys: _SecretKeys, previous: bytes, record: bytes) -> bytes:
    return hashlib.blake2b(previous + record, key=keys.chaining, digest_size=LINK_BYTES).digest()


def _encode(value: bytes) -> str:
    return urlsafe_b64encode(value).rstrip(b"=").decode()


def _decode(text: str) -> bytes:
    """The bytes behind unpadded base64url; empty for anything else, which no signature equals."""
    try:
        value = urlsafe_b64decode(text + "=" * (-len(text) % 4))
    except ValueError:
        return b""
    return value if _encode(value) == text else b""
