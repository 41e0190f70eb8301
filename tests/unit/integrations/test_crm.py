"""What a CRM's refusals mean: that there is no such lead, or that it keeps it."""

from types import SimpleNamespace
from typing import Any, cast

import pytest

from trex_app.core.errors import PartnerRefused
from trex_app.integrations.crm import CrmRecords, WireRecord
from trex_app.integrations.gateway import Gateway


class RefusingGateway:
    """A CRM that has the lead, and refuses one method."""

    def __init__(self, method: str, status: int) -> None:
        self._refused, self._status = method, status

    async def call(self, partner: str, method: str, _path: str, **_more: Any) -> Any:
        if method == self._refused:
            raise PartnerRefused(partner, self._status)
        return SimpleNamespace(value=WireRecord(id="crm_1"))


def records(method: str, status: int) -> CrmRecords:
    return CrmRecords(cast("Gateway", RefusingGateway(method, status)))


@pytest.mark.parametrize(
    ("method", "status"),
    [("POST", 404), ("POST", 410), ("POST", 422), ("PATCH", 404), ("PATCH", 410)],
)
async def test_what_is_not_there_need_not_be_withdrawn(method: str, status: int) -> None:
    await records(method, status).withdraw("TRX-7K2M-9QPD", "lead-1:crm")


@pytest.mark.parametrize(("method", "status"), [("POST", 403), ("PATCH", 403), ("PATCH", 422)])
async def test_a_withdrawal_that_is_refused_was_none(method: str, status: int) -> None:
    with pytest.raises(PartnerRefused):
        await records(method, status).withdraw("TRX-7K2M-9QPD", "lead-1:crm")


@pytest.mark.parametrize(("method", "status"), [("POST", 422), ("DELETE", 410)])
async def test_what_is_not_there_need_not_be_erased(method: str, status: int) -> None:
    await records(method, status).erase("TRX-7K2M-9QPD", "lead-1:crm")


async def test_an_erasure_that_is_refused_was_none() -> None:
    with pytest.raises(PartnerRefused):
        await records("DELETE", 422).erase("TRX-7K2M-9QPD", "lead-1:crm")
