"""People who walk a journey in the browser, each with an answer for every step they meet."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from playwright.sync_api import Frame, Locator, Page, expect

CONTACT = {
    "first_name": "Robin",
    "last_name": "Vale-Ødegård",
    "email": "robin.vale@example.com",
    "phone": "+1 512 555 0142",
    "postal_code": "73301",
    "contact_channels": ["email", "phone"],
    "consent_contact": True,
}
VEHICLE = {
    "vin": "1HGCM82633A004352",
    "mileage_km": "85,000",
    "condition": "good",
    "asking_price": "12,500",
    "postal_code": "73301",
    "description": "One owner, all papers.",
}
CREDIT = {"birth_date": "1985-04-12", "street": "5 Elm Street", "city": "Austin"}


@dataclass(frozen=True)
class Walk:
    """A whole journey: where it begins, and an answer by step. A number chooses by place."""

    journey: str
    answers: Mapping[str, Mapping[str, Any]]
    end: str
    has_reference: bool = True
    """Whether something is sent that gets a reference."""


WALKS = {
    "buying by a search": Walk(
        "buying",
        {
            "vehicle_knowledge": {"knows_vehicle": "true"},
            "vehicle_search": {"make": "Toyota", "price_max": "60,000", "postal_code": "73301"},
            "search_results": {"vehicle_id": 0},
            "vehicle_selection": {"confirmed": True, "wants_test_drive": True},
            "buying_confirmation": CONTACT,
        },
        "buying_complete",
    ),
    "buying with advice": Walk(
        "entry",
        {
            "intent_selection": {"intent": "buying"},
            "vehicle_knowledge": {"knows_vehicle": "false"},
            "carin_questions": {
                "usage": "family",
                "passengers": "5",
                "annual_distance_km": "15,000",
                "budget_max": "40000",
                "fuel_preference": "any",
                "priorities": ["safety", "space"],
            },
            "carin_results": {"vehicle_id": 0},
            "vehicle_selection": {"confirmed": True},
            "buying_confirmation": CONTACT,
        },
        "buying_complete",
    ),
    "selling to a private buyer": Walk(
        "selling",
        {
            "has_buyer": {"has_buyer": "true"},
            "sale_vehicle": VEHICLE,
            "buyer_type": {"buyer_type": "private"},
            "private_buyer": {
                "buyer_name": "Kim Lo",
                "buyer_email": "kim@example.com",
                "agreed_price": "12000",
            },
            "financing_needs": {
                "needs_financing": "true",
                "applicant": "me",
                "amount": "8000",
                "credit_consent": True,
                "income_band": "50k_75k",
                **CREDIT,
            },
            "selling_confirmation": CONTACT,
            "replacement_check": {"wants_replacement": "false"},
        },
        "selling_complete",
    ),
    "financing as a private buyer": Walk(
        "buyer_financing",
        {
            "financing_request": {
                "amount": "8000",
                "postal_code": "60201",
                "income_band": "50k_75k",
                "credit_consent": True,
                **CREDIT,
            },
        },
        "financing_requested",
        has_reference=False,
    ),
    "selling to a dealer": Walk(
        "selling",
        {
            "has_buyer": {"has_buyer": "true"},
            "sale_vehicle": VEHICLE,
            "buyer_type": {"buyer_type": "dealer"},
            "dealer_information": {
                **CONTACT,
                "dealer_name": "Bay Motors",
                "dealer_email": "sales@example.com",
                "offer": "11000",
            },
            "replacement_check": {"wants_replacement": "false"},
        },
        "dealer_complete",
    ),
    "selling to the network, then buying": Walk(
        "entry",
        {
            "intent_selection": {"intent": "selling"},
            "has_buyer": {"has_buyer": "false"},
            "sale_vehicle": VEHICLE,
            "dealer_network": {"dealer_ids": [0, 1]},
            "credit_consent": {"consent": "true", **CREDIT},
            "dealer_confirmation": CONTACT,
            "replacement_check": {"wants_replacement": "true"},
            "vehicle_knowledge": {"knows_vehicle": "true"},
            "vehicle_search": {"make": "Honda"},
            "search_results": {"vehicle_id": 1},
            "vehicle_selection": {"confirmed": True},
            "buying_confirmation": {"consent_contact": True},  # the rest is filled in already
        },
        "selling_complete",
    ),
}


def begin(page: Page, journey: str) -> str:
    """Open a journey and wait until its first step is alive; the step's id."""
    page.goto(f"/j/{journey}")
    page.wait_for_url(f"**/j/{journey}/*")
    return step_of(page)


def step_of(page: Page | Frame) -> str:
    """The id of the step on display."""
    return page.locator("[data-step]").get_attribute("data-step") or ""


def shows(page: Page, step: str) -> None:
    """Wait until a step is on display, at its own address, with all that makes its parts work."""
    expect(page.locator(f'[data-step="{step}"]')).to_be_visible()
    page.wait_for_url(f"**/{step}")
    # Behaviours are fetched after a step is drawn; what is pressed before goes unheard.
    expect(page.locator(":not(:defined)")).to_have_count(0)


def control(page: Page | Frame, name: str) -> Locator:
    """Every control of a field."""
    return page.locator(f'form [name="{name}"]')


def send(page: Page | Frame) -> None:
    """Press the step's main button."""
    page.locator('form button[type="submit"]').click()


def answer(page: Page | Frame, given: Mapping[str, Any]) -> None:
    """Fill in a step and send it."""
    for name, value in given.items():
        fill(page, name, value)
    send(page)


def fill(page: Page | Frame, name: str, value: Any) -> None:
    """Answer one field, whatever draws it."""
    controls = control(page, name)
    tag = controls.first.evaluate("element => element.tagName")
    kind = controls.first.get_attribute("type")
    values = value if isinstance(value, list) else [value]
    if tag == "SELECT":
        for place, chosen in enumerate(values):
            controls.nth(place).select_option(chosen)
    elif kind in {"radio", "checkbox"}:
        for chosen in values:
            _choice(controls, chosen).check()
    elif kind == "hidden":
        for place, ranked in enumerate(values):
            _rank(controls, str(ranked), place)
    else:
        controls.fill(str(value))


def _rank(controls: Locator, value: str, place: int) -> None:
    """Move one entry of a ranking up to its place, by its button."""
    order = [controls.nth(at).input_value() for at in range(controls.count())]
    for at in range(order.index(value), place, -1):
        controls.page.locator("[data-slot]").nth(at).locator('[data-move="-1"]').click()


def _choice(controls: Locator, chosen: Any) -> Locator:
    if isinstance(chosen, bool):
        return controls.first
    if isinstance(chosen, int):
        return controls.nth(chosen)
    return controls.locator(f'xpath=self::*[@value="{chosen}"]')


def move_on(page: Page | Frame, walk: Walk) -> str:
    """Answer the step on display and wait for the next one; its id."""
    step = step_of(page)
    answer(page, walk.answers[step])
    expect(page.locator(f'[data-step]:not([data-step="{step}"])')).to_be_visible()
    return step_of(page)
