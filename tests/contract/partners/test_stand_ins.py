"""The partners in memory that unit tests use do what those behind the ports do."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.contract.partners.installations import DEALER, Installation, a_lead
from tests.sandbox_process import SandboxProcess
from tests.unit.sagas.partners import Crm, Dealers
from trex_app.core.errors import PartnerRefused

KEY = "lead-1:lakeshore-motors"
CRM_KEY = "lead-1:crm"
REFERENCE = "TRX-7K2M-9QPD"


class Partners:
    """A dealer network and a CRM, and how often each really did something."""

    def __init__(self, delivery: Any, records: Any, done: Callable[[str], int]) -> None:
        self.delivery = delivery
        self.records = records
        self.done = done


@pytest.fixture(params=["in memory", "in the sandbox"])
def either_kind(request: pytest.FixtureRequest) -> Partners:
    if request.param == "in memory":
        dealers, crm = Dealers(DEALER["dealer_id"]), Crm()
        counts: dict[str, Callable[[], int]] = {
            "dealers": lambda: len(dealers.taken) + len(dealers.notices),
            "crm": lambda: len(crm.records) + len(crm.changes),
        }
        return Partners(dealers, crm, lambda name: counts[name]())
    installation: Installation = request.getfixturevalue("partners")
    sandbox: SandboxProcess = request.getfixturevalue("sandbox")

    def done(name: str) -> int:
        return sum(not entry["repeat"] for entry in sandbox.received(name))

    return Partners(installation.delivery, installation.records, done)


async def test_a_repeated_key_hands_a_lead_over_once(either_kind: Partners) -> None:
    for _ in range(2):
        await either_kind.delivery.deliver(DEALER, a_lead(), KEY)
    assert either_kind.done("dealers") == 1


async def test_a_dealer_who_has_the_lead_takes_one_notice(either_kind: Partners) -> None:
    await either_kind.delivery.deliver(DEALER, a_lead(), KEY)
    for _ in range(2):
        await either_kind.delivery.cancel(DEALER, a_lead(), f"{KEY}:cancel")
    assert either_kind.done("dealers") == 2


async def test_a_dealer_who_never_got_it_takes_no_notice(either_kind: Partners) -> None:
    await either_kind.delivery.cancel(DEALER, a_lead(), f"{KEY}:cancel")
    assert either_kind.done("dealers") == 0


async def test_a_record_is_withdrawn_by_its_own_key_and_no_other(either_kind: Partners) -> None:
    for _ in range(2):
        await either_kind.records.record(a_lead(), CRM_KEY)
    await either_kind.records.withdraw(REFERENCE, "lead-2:crm")
    assert either_kind.done("crm") == 1
    for _ in range(2):
        await either_kind.records.withdraw(REFERENCE, CRM_KEY)
    assert either_kind.done("crm") == 2


async def test_a_record_is_opened_again_and_then_withdrawn_again(either_kind: Partners) -> None:
    with pytest.raises(PartnerRefused):
        await either_kind.records.reopen(REFERENCE, CRM_KEY, 1)
    assert either_kind.done("crm") == 0
    await either_kind.records.record(a_lead(), CRM_KEY)
    await either_kind.records.withdraw(REFERENCE, CRM_KEY)
    for _ in range(2):
        await either_kind.records.reopen(REFERENCE, CRM_KEY, 1)
    assert either_kind.done("crm") == 3
    for _ in range(2):
        await either_kind.records.withdraw(REFERENCE, CRM_KEY, 1)
    assert either_kind.done("crm") == 4


async def test_a_record_is_changed_by_its_id_whatever_the_key(either_kind: Partners) -> None:
    """As if the CRM had forgotten the key."""
    record_id = await either_kind.records.record(a_lead(), CRM_KEY)
    assert await either_kind.records.record(a_lead(), CRM_KEY) == record_id
    await either_kind.records.withdraw(REFERENCE, "forgotten", 0, record_id)
    await either_kind.records.reopen(REFERENCE, "forgotten", 1, record_id)
    await either_kind.records.erase(REFERENCE, "forgotten", record_id)
    assert either_kind.done("crm") == 4


async def test_a_dealer_who_has_the_lead_is_asked_once_to_erase_it(either_kind: Partners) -> None:
    await either_kind.delivery.forget(DEALER, a_lead(), f"{KEY}:erased")
    assert either_kind.done("dealers") == 0
    await either_kind.delivery.deliver(DEALER, a_lead(), KEY)
    for _ in range(2):
        await either_kind.delivery.forget(DEALER, a_lead(), f"{KEY}:erased")
    assert either_kind.done("dealers") == 2


async def test_a_record_is_erased_by_its_own_key_and_no_other(either_kind: Partners) -> None:
    await either_kind.records.record(a_lead(), CRM_KEY)
    await either_kind.records.erase(REFERENCE, "lead-2:crm")
    assert either_kind.done("crm") == 1
    for _ in range(2):
        await either_kind.records.erase(REFERENCE, CRM_KEY)
    assert either_kind.done("crm") == 2
