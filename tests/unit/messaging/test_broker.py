"""What can be said of the broker's connections without a broker."""

from typing import Any

import pytest

from trex_app.messaging import broker
from trex_app.messaging.broker import _Broker  # pyright: ignore[reportPrivateUsage]


class Stubborn:
    """A connection; every second one does not end as it should."""

    made: list["Stubborn"]

    def __init__(self, *_args: Any, **_options: Any) -> None:
        self.is_closed = False
        self.made.append(self)

    async def close(self) -> None:
        self.is_closed = True
        if self.made.index(self) % 2:
            raise ConnectionError


async def test_each_connection_is_closed_whatever_becomes_of_the_others(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    Stubborn.made = []
    monkeypatch.setattr(broker, "RobustConnection", Stubborn)
    connections = _Broker("amqp://nowhere")
    for _ in range(4):
        connections._open()  # pyright: ignore[reportPrivateUsage]
    with pytest.raises(ConnectionError):
        await connections.close_connections()
    assert [each.is_closed for each in Stubborn.made] == [True] * 4
    await connections.close_connections()  # nothing is left
