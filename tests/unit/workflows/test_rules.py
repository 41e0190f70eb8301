"""What the shipped journeys demand of an answer, beyond what each field demands by itself."""

from collections.abc import Mapping

import pytest

from tests.unit.workflows.shipped import screen
from trex_app.engine.validation import ScreenValidator


def errors(
    workflow_id: str, step_id: str, values: Mapping[str, object], **answers: object
) -> list[tuple[str, str]]:
    validator = ScreenValidator(screen(workflow_id, step_id))
    env = {"answers": answers, "results": {}, "inputs": {}, "context": {}}
    return [(e.field, e.code) for e in validator.errors(validator.normalise(values), env)]


class TestRules:
    def test_a_search_needs_one_criterion(self) -> None:
        assert errors("vehicle_discovery", "vehicle_search", {}) == [("make", "criteria_missing")]
        assert errors("vehicle_discovery", "vehicle_search", {"price_max": 20000}) == []

    def test_the_years_of_a_search_are_in_order(self) -> None:
        years = {"year_min": 2020, "year_max": 2019}
        assert errors("vehicle_discovery", "vehicle_search", years) == [("year_max", "year_order")]

    def test_a_vehicle_for_sale_is_known_by_vin_or_by_make_model_and_year(self) -> None:
        sale = {
            "mileage_km": 1000,
            "condition": "good",
            "asking_price": 9000,
            "postal_code": "60618",
        }
        by_name = {"make": "Toyota", "model": "RAV4", "year": 2019}
        missing = [("make", "required"), ("model", "required"), ("year", "required")]
        assert errors("selling", "sale_vehicle", sale) == missing
        assert errors("selling", "sale_vehicle", {**sale, **by_name}) == []
        assert errors("selling", "sale_vehicle", {**sale, "vin": "1HGCM82633A004352"}) == []
        assert errors("selling", "sale_vehicle", {**sale, "vin": "1HGCM82633A004353"}) == [
            ("vin", "vin_check_digit")
        ]

    def test_financing_asks_only_what_it_needs(self) -> None:
        price = {"private_buyer": {"agreed_price": 9000}}
        needed = {"needs_financing": True, "amount": 5000}
        own = ["credit_consent", "birth_date", "street", "city", "income_band"]
        assert errors("selling", "financing_needs", {"needs_financing": False}, **price) == []
        assert errors("selling", "financing_needs", {"needs_financing": True}, **price) == [
            ("applicant", "required"),
            ("amount", "required"),
        ]
        assert errors("selling", "financing_needs", {**needed, "applicant": "buyer"}, **price) == []
        assert errors("selling", "financing_needs", {**needed, "applicant": "me"}, **price) == [
            (name, "required") for name in own
        ]

    @pytest.mark.parametrize("step", ["financing_needs", "credit_consent"])
    def test_nobody_is_born_in_the_future(self, step: str) -> None:
        assert screen("selling", step).fields["birth_date"].is_past

    def test_no_more_is_financed_than_the_price(self) -> None:
        values = {"needs_financing": True, "amount": 9001, "applicant": "buyer"}
        found = errors("selling", "financing_needs", values, private_buyer={"agreed_price": 9000})
        assert found == [("amount", "amount_over_price")]

    def test_a_phone_number_is_needed_to_be_phoned(self) -> None:
        contact = {
            "first_name": "Ada",
            "last_name": "Lovelace",
            "email": "ada@example.com",
            "postal_code": "60618",
            "consent_contact": True,
        }
        by_mail = {**contact, "contact_channels": ["email"]}
        by_phone = {**contact, "contact_channels": ["email", "phone"]}
        assert errors("buying", "buying_confirmation", by_mail) == []
        assert errors("buying", "buying_confirmation", by_phone) == [("phone", "required")]
        assert (
            errors("buying", "buying_confirmation", {**by_phone, "phone": "+1 312 555 0147"}) == []
        )

    @pytest.mark.parametrize("email", ["ada", "ada@", "ada@localhost", "@example.com", "a b@c.de"])
    def test_an_email_address_has_a_name_and_a_domain(self, email: str) -> None:
        values = {"email": email}
        found = errors("buying", "buying_confirmation", values)
        assert {code for field, code in found if field == "email"} <= {"format", "pattern"}
        assert "email" in {field for field, _ in found}
