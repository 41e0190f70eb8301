"""The registry: every name has a function, and every function a name."""

from types import SimpleNamespace
from typing import cast

import pytest

from trex_app.core.clock import utc_now
from trex_app.core.crypto import Keyring
from trex_app.messaging.registry import Registry
from trex_app.messaging.subscriptions import SUBSCRIPTIONS
from trex_app.services.communications import Communications
from trex_app.services.event_handlers import shipped_handlers


def test_a_name_without_a_function_is_refused() -> None:
    with pytest.raises(ValueError, match="orphan"):
        Registry({}, {"orphan": frozenset({"LeadScored"})})


def test_a_function_without_a_name_is_refused() -> None:
    with pytest.raises(ValueError, match="stranger"):
        Registry({"stranger": lambda _tx, _event: None}, {})


def test_every_subscription_has_its_shipped_handler() -> None:
    communications = cast("Communications", SimpleNamespace(hear=lambda _tx, _event: None))
    registry = shipped_handlers(Keyring(b"a secret for tests" * 3), utc_now, communications)
    assert registry.names == tuple(SUBSCRIPTIONS)
