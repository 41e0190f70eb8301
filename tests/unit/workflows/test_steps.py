"""The shipped journeys have the steps, screens and fields that hosts and tests rely on."""

import pytest

from tests.unit.workflows.shipped import screen, step, workflows
from trex_app.engine.conditions import Expression
from trex_app.engine.definition import Call, Effect, End, Field, Lookup, Pii, Screen, Step
from trex_app.engine.program import Program

CONTACT = (
    "first_name",
    "last_name",
    "email",
    "phone",
    "postal_code",
    "contact_channels",
    "consent_contact",
)
SCREENS = {
    "entry": {"intent_selection": ("IntentSelection", ("intent",))},
    "vehicle_discovery": {
        "vehicle_knowledge": ("VehicleKnowledge", ("knows_vehicle",)),
        "vehicle_search": (
            "VehicleSearch",
            (
                "make",
                "model",
                "year_min",
                "year_max",
                "price_max",
                "body_type",
                "fuel_type",
                "postal_code",
            ),
        ),
        "search_results": ("SearchResults", ("vehicle_id",)),
        "carin_questions": (
            "CarInAnalytics",
            (
                "usage",
                "passengers",
                "annual_distance_km",
                "budget_max",
                "fuel_preference",
                "priorities",
            ),
        ),
        "carin_results": ("CarInResults", ("vehicle_id",)),
        "vehicle_selection": ("VehicleSelection", ("confirmed", "wants_test_drive", "trade_in")),
    },
    "buying": {"buying_confirmation": ("BuyingConfirmation", CONTACT)},
    "selling": {
        "has_buyer": ("HasBuyer", ("has_buyer",)),
        "sale_vehicle": (
            "SaleVehicle",
            (
                "vin",
                "make",
                "model",
                "year",
                "mileage_km",
                "condition",
                "asking_price",
                "postal_code",
            ),
        ),
        "buyer_type": ("BuyerType", ("buyer_type",)),
        "private_buyer": ("PrivateBuyer", ("buyer_name", "buyer_email", "agreed_price")),
        "financing_needs": (
            "FinancingNeeds",
            (
                "needs_financing",
                "applicant",
                "amount",
                "credit_consent",
                "birth_date",
                "street",
                "city",
                "income_band",
            ),
        ),
        "selling_confirmation": ("SellingConfirmation", CONTACT),
        "dealer_information": (
            "DealerInformation",
            ("dealer_name", "dealer_email", "offer", *CONTACT),
        ),
        "dealer_network": ("DealerNetwork", ("dealer_ids",)),
        "credit_consent": ("CreditConsent", ("consent", "birth_date", "street", "city")),
        "dealer_confirmation": ("DealerConfirmation", CONTACT),
        "replacement_check": ("ReplacementVehicle", ("wants_replacement",)),
    },
    "buyer_financing": {
        "financing_request": (
            "BuyerFinancing",
            (
                "amount",
                "credit_consent",
                "birth_date",
                "street",
                "city",
                "postal_code",
                "income_band",
            ),
        ),
    },
}
AUTOMATIC = {
    "vehicle_discovery": {
        "search_execution": "vehicles.search",
        "carin_processing": "carin.recommend",
    },
    "buying": {"vehicle_discovery": "vehicle_discovery", "lead_submission": "leads.submit"},
    "selling": {
        "credit_check": "credit.request",
        "lead_submission": "leads.submit",
        "dealer_submission": "leads.submit",
        "dealer_lead_submission": "leads.submit",
        "replacement": "buying",
    },
    "entry": {"buying": "buying", "selling": "selling"},
    "buyer_financing": {"credit_check": "credit.request"},
}
ENDS = {
    "buying": {"buying_complete": "BuyingComplete"},
    "selling": {"selling_complete": "SellingComplete", "dealer_complete": "DealerComplete"},
    "buyer_financing": {"financing_requested": "BuyerFinancingComplete"},
}


NAME_LENGTH = 60
"""The longest names of makes and models; whatever may be longer may tell of a person."""

ASKING_FOR_CREDIT = [
    ("selling", "financing_needs"),
    ("selling", "credit_consent"),
    ("buyer_financing", "financing_request"),
]
SCREEN_IDS = [(w, s) for w, screens in SCREENS.items() for s in screens]


@pytest.mark.parametrize(("workflow_id", "step_id"), SCREEN_IDS)
def test_a_screen_has_its_component_and_at_least_its_fields(workflow_id: str, step_id: str) -> None:
    component, fields = SCREENS[workflow_id][step_id]
    found = screen(workflow_id, step_id)
    assert found.component == component
    assert set(fields) <= set(found.fields)


def test_there_are_no_other_screens() -> None:
    found = {
        (workflow.id, one.id)
        for workflow in workflows().values()
        for one in workflow.steps.values()
        if isinstance(one, Screen)
    }
    assert found == set(SCREEN_IDS)


def test_automatic_steps_do_what_they_are_for() -> None:
    def what(one: Step) -> str | None:
        match one:
            case Lookup():
                return one.lookup
            case Effect():
                return one.effect
            case Call():
                return one.workflow
            case _:
                return None

    for workflow_id, steps in AUTOMATIC.items():
        found = {i: what(one) for i, one in workflows()[workflow_id].steps.items()}
        assert {i: name for i, name in found.items() if name} == steps


def test_the_ends_have_their_components() -> None:
    for workflow_id, ends in ENDS.items():
        steps = workflows()[workflow_id].steps.values()
        assert {s.id: s.component for s in steps if isinstance(s, End)} == ends


def test_what_a_partner_is_asked_falls_back_to_saved_data() -> None:
    search, ranking = (
        step("vehicle_discovery", step_id) for step_id in AUTOMATIC["vehicle_discovery"]
    )
    assert isinstance(search, Lookup)
    assert search.has_fallback
    # CarIn ranks our own vehicles: where those cannot be read, saved ones cannot be either.
    assert isinstance(ranking, Lookup)
    assert not ranking.has_fallback


def test_choices_of_vehicles_and_dealers_must_exist() -> None:
    assert screen("vehicle_discovery", "search_results").fields["vehicle_id"].exists == "vehicles"
    assert screen("vehicle_discovery", "carin_results").fields["vehicle_id"].exists == "vehicles"
    assert screen("selling", "dealer_network").fields["dealer_ids"].exists == "dealers"


def test_results_can_be_refined() -> None:
    results = screen("vehicle_discovery", "search_results")
    suggestions = screen("vehicle_discovery", "carin_results")
    assert [link.to for link in results.links] == ["vehicle_search"]
    assert [link.to for link in suggestions.links] == ["carin_questions"]


def test_credit_data_is_marked_as_such() -> None:
    for workflow_id, step_id in ASKING_FOR_CREDIT:
        fields = screen(workflow_id, step_id).fields
        for name in {"birth_date", "street", "city", "income_band"} & set(fields):
            assert fields[name].pii is Pii.CREDIT


def can_tell_of_a_person(field: Field) -> bool:
    """Whether a text is written freely, and not a choice, a date or the name of something ours."""
    is_free = field.schema.get("type") == "string" and not {"enum", "format"} & set(field.schema)
    is_long = field.widget == "textarea" or field.schema.get("maxLength", 1000) > NAME_LENGTH
    return is_free and is_long and field.exists is None


@pytest.mark.parametrize(("workflow_id", "step_id"), SCREEN_IDS)
def test_what_is_written_freely_is_personal(workflow_id: str, step_id: str) -> None:
    free = [
        one for one in screen(workflow_id, step_id).fields.values() if can_tell_of_a_person(one)
    ]
    assert [field.name for field in free if field.pii is Pii.NONE] == []


@pytest.mark.parametrize(("workflow_id", "step_id"), ASKING_FOR_CREDIT)
def test_what_tells_of_a_wish_to_borrow_is_personal_and_shown_to_who_comes_back(
    workflow_id: str,
    step_id: str,
) -> None:
    fields = screen(workflow_id, step_id).fields
    assert all(field.pii is not Pii.NONE for field in fields.values())
    choices = {"needs_financing", "applicant", "amount", "credit_consent", "consent"}
    for name in choices & set(fields):
        assert fields[name].pii is Pii.CONTACT


@pytest.mark.parametrize(
    ("workflow_id", "step_id"),
    [
        ("buying", "buying_confirmation"),
        ("selling", "selling_confirmation"),
        ("selling", "dealer_information"),
        ("selling", "dealer_confirmation"),
    ],
)
def test_contact_data_is_marked_as_such(workflow_id: str, step_id: str) -> None:
    fields = screen(workflow_id, step_id).fields
    for name in ("first_name", "last_name", "email", "phone", "postal_code"):
        assert fields[name].pii is Pii.CONTACT


@pytest.mark.parametrize("workflow_id", ["entry", "buyer_financing"])
def test_no_session_asks_the_bureau_twice(workflow_id: str) -> None:
    nodes = Program(workflows()[workflow_id]).nodes.values()
    steps = [node.step for node in nodes if isinstance(node.step, Effect)]
    assert [one.effect for one in steps].count("credit.request") == 1


def test_a_buyer_is_asked_what_a_seller_who_applies_is_asked() -> None:
    """One bureau answers both; only when it is asked differs."""
    fields = screen("buyer_financing", "financing_request").fields
    asked = screen("selling", "financing_needs").fields
    for name in set(fields) - {"postal_code"}:
        mine, theirs = fields[name], asked[name]
        assert (mine.schema, mine.title, mine.labels) == (
            theirs.schema,
            theirs.title,
            theirs.labels,
        )
        assert (mine.pii, mine.is_past, mine.widget) == (theirs.pii, theirs.is_past, theirs.widget)
        assert mine.is_required


def test_a_replacement_is_bought_as_part_of_the_sale() -> None:
    call = step("selling", "replacement")
    assert isinstance(call, Call)
    assert call.context == {"primaryIntent": "selling", "currentFlow": "shared_vehicle"}
    assert not call.is_tail
    answers = {"dealer_information": {"first_name": "Ada"}}
    assert call.input["contact"].evaluate({"answers": answers}) == {"first_name": "Ada"}
    prefill = screen("buying", "buying_confirmation").fields["first_name"].prefill
    assert prefill is not None
    assert prefill.evaluate({"inputs": {"contact": answers["dealer_information"]}}) == "Ada"
    assert screen("buying", "buying_confirmation").fields["consent_contact"].prefill is None


def test_entry_hands_over_for_good() -> None:
    for step_id in ("buying", "selling"):
        call = step("entry", step_id)
        assert isinstance(call, Call)
        assert call.is_tail


def test_a_dealer_who_bought_gets_an_end_of_their_own() -> None:
    ways = screen("selling", "replacement_check").next
    assert ways[1].to == "dealer_complete"
    assert ways[1].when == Expression("has(answers.dealer_information)")
