"""Every field finds its control, and the control starts with what is known."""

import pytest

from trex_app.display.fields import CONTROLS, control_of, field_view, fields_of
from trex_app.services.views import MASK


def config(name="field", widget="", options=(), is_required=False, **schema):
    """A field as `ui_config["fields"]` tells it."""
    return {
        "name": name,
        "schema": schema or {"type": "string"},
        "title": "Title",
        "help": "",
        "placeholder": "",
        "widget": widget,
        "is_required": is_required,
        "is_conditional": False,
        "is_list": schema.get("type") == "array",
        "pii": "none",
        "options": list(options),
    }


def option(value, title="", **details):
    return {"value": value, "title": title or str(value), "details": details}


@pytest.mark.parametrize(
    ("field", "control"),
    [
        (config(type="string"), "text"),
        (config(type="string", format="email"), "email"),
        (config(type="string", format="date"), "date"),
        (config(type="string", format="vin"), "text"),
        (config(type="integer"), "number"),
        (config(type="number"), "number"),
        (config(type="boolean"), "radio"),
        (config(type="boolean", const=True), "checkbox"),
        (config(type="string", enum=["a", "b"]), "radio"),
        (config(type="string", enum=list("abcdef")), "select"),
        (config(type="array", items={"type": "string", "enum": ["a"]}), "checkboxes"),
        (config(options=[option("v1", price=None)], type="string"), "cards"),
        (config(type=["integer", "null"]), "number"),
    ],
)
def test_without_a_widget_the_type_suggests_the_control(field, control):
    assert control_of(field) == control
    assert control in CONTROLS


@pytest.mark.parametrize("widget", ["ranked", "table", "money", "hidden"])
def test_a_widget_is_obeyed(widget):
    assert control_of(config(widget=widget)) == widget


def test_a_yes_or_no_has_two_options_and_the_given_one_is_chosen():
    view = field_view(config(type="boolean"), False, "en")
    assert [(o.value, o.title, o.is_chosen) for o in view.options] == [
        ("true", "Yes", False),
        ("false", "No", True),
    ]


def test_values_without_a_label_are_shown_as_words():
    view = field_view(config(type="string", enum=["not_yet"]), None, "en")
    assert [(o.value, o.title) for o in view.options] == [("not_yet", "Not yet")]


def test_a_thing_to_choose_tells_its_facts_in_the_language():
    car = option("v1", "Kia EV6", price={"amount_minor": 2450000, "currency": "USD"}, seats=5)
    view = field_view(config(options=[car], type="string"), "v1", "de")
    assert view.has_things
    assert [fact.value for fact in view.options[0].facts][:1] == ["24.500\N{NO-BREAK SPACE}$"]
    assert view.options[0].is_chosen


def test_reasons_stand_apart_from_facts():
    car = option("v1", "Kia", score=92, reasons=["It seats five."])
    shown = field_view(config(options=[car], type="string"), None, "en").options[0]
    assert ([fact.name for fact in shown.facts], shown.reasons) == (["score"], ["It seats five."])


def test_a_table_keeps_its_columns_where_a_detail_is_not_known():
    rows = [option("a", score=3, seats=None), option("b", score=None, seats=4)]
    view = field_view(config(widget="table", options=rows, type="string"), None, "en")
    assert view.columns == ["Match", "Seats"]
    assert [[fact.value for fact in o.facts] for o in view.options] == [
        ["3 of 100".replace(" ", "\N{NO-BREAK SPACE}"), ""],
        ["", "4"],
    ]


def test_ranks_start_with_the_given_order_and_end_empty():
    field = config(widget="ranked", type="array", items={"type": "string", "enum": ["a", "b", "c"]})
    assert field_view(field, ["c", "a"], "en").choices == ["c", "a", ""]


def test_a_masked_date_is_kept_without_being_shown():
    view = field_view(config(widget="date", type="string", format="date"), MASK, "en")
    assert (view.control, view.value) == ("text", MASK)


def test_a_masked_choice_offers_to_stay_as_it_was():
    view = field_view(config(type="string", enum=["low", "high"]), MASK, "en")
    assert [(o.value, o.is_chosen) for o in view.options][-1] == (MASK, True)


def test_only_beside_needed_answers_others_are_called_optional():
    needed, free = config("make", is_required=True), config("model")
    assert [field.note for field in fields_of([needed, free], {}, "en")] == ["", "optional"]
    assert [field.note for field in fields_of([free, free], {}, "en")] == ["", ""]


def test_the_browser_may_fill_in_only_what_is_the_persons_own():
    assert field_view(config("first_name"), None, "en").autocomplete == "given-name"
    assert field_view(config("buyer_name"), None, "en").autocomplete == ""


@pytest.mark.parametrize(
    ("pii", "is_secret"), [("none", False), ("contact", False), ("credit", True)]
)
def test_a_credit_class_field_is_a_secret(pii, is_secret):
    assert field_view({**config(), "pii": pii}, None, "en").is_secret is is_secret
