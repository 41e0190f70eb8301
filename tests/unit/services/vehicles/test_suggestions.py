"""Suggestions while typing: beginnings first, slips forgiven, never an error for a person."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from trex_app.core.errors import ValidationFailed
from trex_app.services import vehicles


def makes_for(connection, typed):
    return [found["make"] for found in vehicles.suggest(connection, typed)["makes"]]


def models_for(connection, typed):
    return [found["model"] for found in vehicles.suggest(connection, typed)["models"]]


@pytest.mark.parametrize(
    ("typed", "make"),
    [
        ("to", "Toyota"),
        ("TOY", "Toyota"),
        ("toyta", "Toyota"),
        ("hnoda", "Honda"),
        ("bwm", "BMW"),
        ("mercedez", "Mercedes-Benz"),
        ("benz", "Mercedes-Benz"),
        ("vw", "Volkswagen"),
        ("chevy", "Chevrolet"),
    ],
)
def test_the_make_a_person_means_comes_first(connection, typed, make):
    assert makes_for(connection, {"make": typed})[0] == make


def test_models_are_sought_within_the_make(connection):
    assert set(models_for(connection, {"make": "Toyota", "model": "c"})) == {"Corolla", "Camry"}
    assert models_for(connection, {"make": "hnoda", "model": "acord"}) == ["Accord"]
    assert models_for(connection, {"make": "Zzyzx", "model": "Accord"}) == []


def test_one_text_finds_makes_and_models(connection):
    found = vehicles.suggest(connection, {"text": "mustang"})
    assert found["makes"] == []
    assert found["models"][0]["model"] == "Mustang"
    assert {model["model"] for model in found["models"]} == {
        "Mustang",
        "Mustang Convertible",
        "Mustang Mach-E",
    }
    assert {model["make"] for model in found["models"]} == {"Ford"}


def test_without_a_word_the_most_frequent_makes_are_offered(connection):
    found = vehicles.suggest(connection, {"make": "", "model": None})
    counts = [make["count"] for make in found["makes"]]
    assert len(counts) == 8
    assert counts == sorted(counts, reverse=True)
    assert found["models"] == []


def test_counts_are_those_of_the_search(connection):
    [tesla] = vehicles.suggest(connection, {"make": "Tesla"})["makes"]
    assert tesla["count"] == vehicles.count(connection, {"make": "Tesla"})["total"]


@pytest.mark.parametrize("typed", [{"colour": "red"}, {"make": 7}, {"text": "x" * 101}])
def test_what_is_no_short_text_is_refused_by_name(connection, typed):
    with pytest.raises(ValidationFailed) as refused:
        vehicles.suggest(connection, typed)
    assert refused.value.errors[0].field == next(iter(typed))


@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(make=st.text(max_size=30), model=st.text(max_size=30))
def test_no_typing_breaks_the_suggestions(inventory, make, model):
    with inventory.begin() as connection:
        found = vehicles.suggest(connection, {"make": make, "model": model})
    assert len(found["makes"]) <= 8
    assert len(found["models"]) <= 8
