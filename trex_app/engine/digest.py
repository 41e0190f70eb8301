"""Stable digests of JSON values."""

import hashlib

import orjson

from trex_app.engine.definition import Json


def canonical(value: Json) -> bytes:
    """The value as canonical JSON: sorted keys, no white space."""
    return orjson.dumps(value, option=orjson.OPT_SORT_KEYS)


def digest(value: Json) -> str:
    """A short hexadecimal digest of a JSON value, the same for equal values."""
    return hashlib.blake2b(canonical(value), digest_size=16).hexdigest()
