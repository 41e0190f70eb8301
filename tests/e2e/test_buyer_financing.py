"""A buyer whom a seller names: asked by mail, in a browser of their own, without the seller."""

import re
import time
from collections.abc import Iterator
from dataclasses import replace

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.e2e.conftest import Launch, RunningApp
from tests.e2e.test_screens import check_screen
from tests.e2e.walks import CREDIT, WALKS, answer, begin, control, move_on, send, shows
from tests.sandbox_process import SandboxProcess, running_sandbox

SALE = WALKS["selling to a private buyer"]
BUYER = "kim@example.com"
AMOUNT = "8,000"
MAIL_SECONDS = 60


@pytest.fixture(scope="module")
def sandbox() -> Iterator[SandboxProcess]:
    with running_sandbox() as sandbox:
        yield sandbox


@pytest.fixture(scope="module")
def office(launch: Launch, sandbox: SandboxProcess) -> RunningApp:
    """The app with a mail server, whose mail the sandbox keeps."""
    return launch(TREX_SMTP_URL=sandbox.smtp_url)


@pytest.fixture
def page(browser: Browser, office: RunningApp) -> Iterator[Page]:
    """The seller's."""
    context = browser.new_context(base_url=office.address)
    yield context.new_page()
    context.close()


@pytest.fixture
def buyer(browser: Browser, office: RunningApp) -> Iterator[Page]:
    """The buyer's, who was never here before."""
    context = browser.new_context(base_url=office.address, color_scheme="dark")
    yield context.new_page()
    context.close()


def sell_to_who_applies(page: Page) -> None:
    """A private sale to its end."""
    financing = {"needs_financing": "true", "applicant": "buyer", "amount": AMOUNT}
    walk = replace(SALE, answers={**SALE.answers, "financing_needs": financing})
    step = begin(page, walk.journey)
    while step != walk.end:
        step = move_on(page, walk)


def link_in_mail(sandbox: SandboxProcess, address: str) -> str:
    """The link of the mail to this address, once it is there."""
    deadline = time.monotonic() + MAIL_SECONDS
    while time.monotonic() < deadline:
        for mail in sandbox.received("email"):
            if address in mail["body"]["to"]:
                found = re.search(r"http\S+/resume/\S+", mail["body"]["text"])
                assert found is not None
                return found[0]
        time.sleep(0.2)
    pytest.fail(f"no mail came to {address}")


def test_a_buyer_is_asked_by_mail_and_answers_alone(
    page: Page, buyer: Page, sandbox: SandboxProcess
) -> None:
    sell_to_who_applies(page)
    expect(page.get_by_text("we ask them by e-mail")).to_be_visible()
    check_screen(page)

    buyer.goto(link_in_mail(sandbox, BUYER))
    expect(buyer.get_by_role("heading", level=1)).to_have_text("Welcome")
    check_screen(buyer)
    buyer.get_by_role("button", name="Go on with my journey").click()
    shows(buyer, "financing_request")
    expect(control(buyer, "amount")).to_have_value("8000")
    expect(control(buyer, "credit_consent")).not_to_be_checked()

    # Nothing is asked of the bureau without the buyer's own consent.
    given = {**CREDIT, "postal_code": "60201", "income_band": "50k_75k"}
    answer(buyer, given)
    expect(buyer.locator('[data-error-for="credit_consent"]')).to_be_visible()
    check_screen(buyer)
    control(buyer, "credit_consent").check()
    send(buyer)
    shows(buyer, "financing_requested")
    expect(buyer.locator('[data-decision="approved"]')).to_be_visible(timeout=30_000)
    check_screen(buyer)

    page.reload()
    shows(page, "selling_complete")
    expect(page.locator("[data-decision]")).to_have_count(0)
