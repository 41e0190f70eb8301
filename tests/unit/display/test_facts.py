"""Things of a step's data, told as labelled texts."""

import pytest

from trex_app.display.facts import fact_of, facts_of, panels_of, title_of

GAP = "\N{NO-BREAK SPACE}"
CAR = {
    "vehicle_id": "v1",
    "dealer_id": "d1",
    "year": 2021,
    "make": "Toyota",
    "model": "RAV4",
    "trim": None,
    "body_type": "suv",
    "fuel_type": "plug_in_hybrid",
    "transmission": None,
    "seats": None,
    "dealer_name": "",
    "dealer_city": None,
    "price": {"amount_minor": 2845000, "currency": "USD"},
    "mileage_km": 31400,
    "consumption_per_100_km": 5.6,
    "consumption_unit": "l",
    "colour": "blue",
    "features": ["Sunroof", "Heated seats"],
    "vin": None,
}


@pytest.mark.parametrize(
    ("name", "value", "locale", "text"),
    [
        ("price", {"amount_minor": 1990000, "currency": "USD"}, "en", "$19,900"),
        ("mileage_km", 31400, "en", f"31,400{GAP}km"),
        ("mileage_km", 31400, "de", f"31.400{GAP}km"),
        ("distance_km", 12.4, "en", f"12{GAP}km{GAP}away"),
        ("year", 2021, "en", "2021"),
        ("seats", 5, "en", "5"),
        ("is_new", True, "en", "Yes"),
        ("fuel_type", "plug_in_hybrid", "en", "Plug-in hybrid"),
        ("makes", ["Audi", "Kia"], "en", "Audi, Kia"),
        ("score", 92, "en", f"92{GAP}of{GAP}100"),
        ("listed_on", "2026-10-03", "de", "3.10.2026"),
    ],
)
def test_a_fact_is_told_as_people_say_it(name, value, locale, text):
    fact = fact_of(name, value, locale)
    assert fact is not None
    assert fact.value == text


@pytest.mark.parametrize("value", [None, "", [], {}, {"unknown": 1}])
def test_nothing_is_said_of_what_is_not_known(value):
    assert fact_of("anything", value, "en") is None


def test_a_thing_tells_its_facts_in_a_fixed_order_without_ids_and_gaps():
    facts = facts_of(dict(reversed(CAR.items())), "en")
    assert [fact.name for fact in facts] == [
        *("price", "mileage_km", "body_type", "fuel_type"),
        *("consumption_per_100_km", "colour", "features"),
    ]
    told = {fact.name: fact.value for fact in facts}
    assert told["consumption_per_100_km"] == f"5.6{GAP}l per{GAP}100{GAP}km"
    assert told["colour"] == "Blue"


def test_a_thing_is_called_by_what_it_is_or_by_its_name():
    assert title_of(CAR) == "2021 Toyota RAV4"
    assert title_of({"name": "Bay Motors"}) == "Bay Motors"


def test_a_step_shows_its_things_and_lists():
    dealers = [{"name": "Bay Motors", "city": "Austin", "distance_km": 4}]
    panels = panels_of({"vehicle": CAR, "dealers": dealers, "total": 3}, "en")
    assert [panel.title for panel in panels] == ["Dealers", "2021 Toyota RAV4"]
    assert [(f.label, f.value) for f in panels[0].facts] == [
        ("Bay Motors", f"Austin, 4{GAP}km{GAP}away")
    ]


def test_beside_a_summary_a_thing_is_told_in_short():
    (panel,) = panels_of({"vehicle": CAR, "summary": []}, "en")
    assert [fact.name for fact in panel.facts] == [
        *("price", "mileage_km", "body_type", "fuel_type"),
    ]


def test_a_list_to_choose_from_is_not_shown_twice():
    assert panels_of({"dealers": [{"name": "Bay Motors"}]}, "en", has_choices=True) == []
