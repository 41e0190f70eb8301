"""Policies come from the settings, and a mistake in them is named."""

from typing import Any

import pytest

from tests.installation import TestSettings
from trex_app.core.errors import SettingsInvalid
from trex_app.integrations.gateway import policies

HOME = "https://partner.example"


def test_reads_wait_three_seconds_the_credit_bureau_ten() -> None:
    found = policies(TestSettings())
    assert found["vehicles"].timeout_seconds == 3
    assert found["credit"].timeout_seconds == 10
    assert all(policy.retries <= 3 for policy in found.values())
    assert all((policy.concurrent, policy.queued) == (32, 32) for policy in found.values())


def test_an_address_of_ones_own_goes_before_the_one_for_all() -> None:
    settings = TestSettings(crm_url="https://crm.example/v2", smtp_url="smtp://mail.example:25")
    found = policies(settings, default_url=HOME)
    assert found["crm"].base_url == "https://crm.example/v2"
    assert found["vin"].base_url == HOME
    assert found["email"].base_url == "smtp://mail.example:25"
    assert policies(TestSettings(), default_url=HOME)["email"].base_url is None
    assert policies(TestSettings())["crm"].base_url is None


def test_any_number_of_one_partner_can_be_set() -> None:
    settings = TestSettings(partner_policies={"credit": {"timeout_seconds": 15, "retries": 1}})
    found = policies(settings)
    assert (found["credit"].timeout_seconds, found["credit"].retries) == (15, 1)
    assert found["vehicles"].retries == 2


@pytest.mark.parametrize(
    ("given", "named"),
    [
        ({"credit": {"retries": 4}}, "credit.retries: Input should be less than or equal to 3"),
        ({"vin": {"timeout_seconds": 0}}, "vin.timeout_seconds: Input should be greater than 0"),
        ({"vin": {"timeout_seconds": "soon"}}, "vin.timeout_seconds: Input should be a valid num"),
        ({"sms": {"patience": 5}}, "sms.patience: Unexpected keyword argument"),
        ({"crm": {"probes": 4}}, "crm.probes"),
        ({"bank": {"retries": 1}}, "there is no partner bank"),
    ],
)
def test_a_wrong_number_is_named(given: dict[str, dict[str, Any]], named: str) -> None:
    with pytest.raises(SettingsInvalid) as refused:
        policies(TestSettings(partner_policies=given))
    assert "TREX_PARTNER_POLICIES" in str(refused.value)
    assert named in str(refused.value)


@pytest.mark.parametrize(
    ("setting", "url", "named"),
    [
        ("crm_url", "crm.example", "TREX_CRM_URL: this is no address"),
        ("vin_url", "ftp://vin.example", "TREX_VIN_URL: the address must begin with http"),
        ("sms_url", "https://sms.example?a=b", "TREX_SMS_URL: the address must have no ?"),
        ("smtp_url", "https://mail.example", "TREX_SMTP_URL: the address must begin with smtp"),
    ],
)
def test_a_wrong_address_is_named(setting: str, url: str, named: str) -> None:
    with pytest.raises(SettingsInvalid) as refused:
        policies(TestSettings.model_validate({setting: url}))
    assert named in str(refused.value)
