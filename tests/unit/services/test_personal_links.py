"""Signed links: each opens its one thing, in time, and nothing of it reaches a server."""

from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trex_app.core.crypto import Keyring
from trex_app.services.contacts import Channel
from trex_app.services.personal_links import PersonalLinks

NOW = datetime(2026, 5, 4, 12, 0, tzinfo=UTC)
KEYRING = Keyring(b"the secret of an installation that signs")
REFERENCE, KEY = "TRX-7K3M-9QWX", "a" * 64


def links_at(now: datetime = NOW, keyring: Keyring = KEYRING) -> PersonalLinks:
    return PersonalLinks(keyring, lambda: now, "https://cars.example")


def fragment(url: str) -> str:
    return urlsplit(url).fragment


def test_what_is_signed_stands_behind_the_hash() -> None:
    status = urlsplit(links_at().to_status(REFERENCE, KEY, "de", NOW))
    assert (status.path, status.query) == (f"/de/status/{REFERENCE}", "")
    data = urlsplit(links_at().to_data(REFERENCE, KEY, Channel.EMAIL, "en", NOW))
    assert (data.path, data.query) == ("/your-data", "")
    assert KEY not in status.geturl() + data.geturl()


def test_a_status_link_opens_its_lead_for_ninety_days() -> None:
    token = fragment(links_at().to_status(REFERENCE, KEY, "en", NOW))
    assert links_at().opens_status(KEY, token)
    assert links_at(NOW + timedelta(days=89)).opens_status(KEY, token)
    assert not links_at(NOW + timedelta(days=90)).opens_status(KEY, token)
    assert not links_at().opens_status("b" * 64, token)


def test_a_link_to_data_is_for_its_lead_and_channel_for_thirty_days() -> None:
    token = fragment(links_at().to_data(REFERENCE, KEY, Channel.SMS, "en", NOW))
    named = links_at().data_pass(token)
    assert named is not None
    assert (named.reference, named.channel) == (REFERENCE, Channel.SMS)
    assert named.is_for(KEYRING, KEY)
    assert not named.is_for(KEYRING, "b" * 64)
    assert links_at(NOW + timedelta(days=30)).data_pass(token) is None


def test_one_kind_of_link_is_worthless_as_the_other() -> None:
    status = fragment(links_at().to_status(REFERENCE, KEY, "en", NOW))
    data = fragment(links_at().to_data(REFERENCE, KEY, Channel.EMAIL, "en", NOW))
    assert links_at().data_pass(status) is None
    assert not links_at().opens_status(KEY, data)


def test_a_link_outlives_a_rotation_of_the_secret() -> None:
    token = fragment(links_at().to_status(REFERENCE, KEY, "en", NOW))
    old, new = b"the secret of an installation that signs", b"another secret of the same one, newer"
    assert links_at(keyring=Keyring(new, [old])).opens_status(KEY, token)
    assert not links_at(keyring=Keyring(new)).opens_status(KEY, token)


@pytest.mark.parametrize("stamp", ["", "x", "²", "-1", "9" * 30])
def test_a_spoilt_time_opens_nothing(stamp: str) -> None:
    assert not links_at().opens_status(KEY, f"{stamp}.abc")


@given(st.text(max_size=80))
def test_whatever_is_typed_behind_the_hash_is_only_refused(token: str) -> None:
    assert not links_at().opens_status(KEY, token)
    named = links_at().data_pass(token)
    assert named is None or not named.is_for(KEYRING, KEY)
