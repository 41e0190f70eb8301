"""Where an answer comes from is told as it is, whoever gave it, and counted so."""

import asyncio
from collections.abc import Mapping
from typing import Any

import pytest

from trex_app.core.errors import Unavailable
from trex_app.core.telemetry import REGISTRY
from trex_app.engine.session import Source
from trex_app.services.capabilities import Capabilities, LookupCapability
from trex_app.services.outside import Outside, source_of

NAME = "things.find"


def counted(source: str) -> float:
    labels = {"lookup": NAME, "source": source}
    return REGISTRY.get_sample_value("trex_lookups_total", labels) or 0.0


def looked_up(answer: Any, saved: Any = None) -> tuple[Any, Source]:
    async def find(_given: Mapping[str, Any]) -> Any:
        if isinstance(answer, Exception):
            raise answer
        return answer

    async def find_saved(_given: Mapping[str, Any]) -> Any:
        return saved

    outside = Outside(Capabilities(lookups={NAME: LookupCapability(find, find_saved)}))
    return asyncio.run(outside.look_up(NAME, {}, has_fallback=True))


@pytest.mark.parametrize(
    ("value", "source"),
    [
        ({"vehicles": [], "source": "saved"}, Source.SAVED),
        ({"dealers": [], "is_saved": True}, Source.SAVED),
        ({"vehicles": [], "source": "live"}, Source.LIVE),
        ({"vin": "1HGCM82633A004352", "source": "inventory"}, Source.LIVE),
        ({"total": 3}, Source.LIVE),
        ([], Source.LIVE),
        (None, Source.LIVE),
    ],
)
def test_an_answer_says_itself_where_it_comes_from(value: Any, source: Source) -> None:
    assert source_of(value) is source
    before = counted(source.value)
    assert looked_up(value) == (value, source)
    assert counted(source.value) == before + 1


def test_what_a_declared_fallback_finds_is_saved() -> None:
    before = counted("saved")
    assert looked_up(Unavailable(), {"total": 3}) == ({"total": 3}, Source.SAVED)
    assert counted("saved") == before + 1
