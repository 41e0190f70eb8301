"""A lead as partners get it: complete whenever it is asked for, and without credit data."""

import pytest
from sqlalchemy import update

from tests.lead_rows import KEYRING, Leads
from trex_app.ports import LeadDocument
from trex_app.services.lead_documents import LeadDocuments
from trex_app.services.scoring import score

SALE = {
    "kind": "private_sale",
    "contact": {"phone": "+1 312 555 0147", "postal_code": "60618"},
    "vehicle": {"vin": "1HGCM82633A004352", "asking_price": 9000},
}


def document_of(leads: Leads, key: str) -> LeadDocument | None:
    documents = LeadDocuments(KEYRING)
    return leads.database.read_sync(lambda tx: documents.document(tx, key))


@pytest.mark.parametrize(("noted", "told"), [(None, score(SALE).points), (71, 71), (0, 0)])
def test_a_lead_has_its_score_also_before_the_event_of_it_is_handled(
    leads: Leads, noted: int | None, told: int
) -> None:
    leads.add("k", **SALE)
    change = update(leads.table).values(score=noted)
    leads.database.write_sync(lambda tx: tx.connection.execute(change))
    document = document_of(leads, "k")
    assert document is not None
    assert document.score == told


def test_nothing_about_credit_goes_to_a_partner(leads: Leads) -> None:
    credit = {
        "needs_financing": True,
        "applicant": "me",
        "amount": 5000,
        "credit": {"consent": True, "birth_date": "1980-05-05"},
    }
    leads.add("k", **SALE, details={**credit, "offer": 8800})
    document = document_of(leads, "k")
    assert document is not None
    assert document.details == {"offer": 8800, "dealer_ids": []}


def test_who_was_erased_is_passed_on_to_nobody(leads: Leads) -> None:
    leads.add("k", **SALE)
    leads.erase("k")
    assert document_of(leads, "k") is None
