"""Fields: what ties a control to its label, help, error and counter."""

from collections.abc import Callable

import pytest
import reflex as rx

from trex_app.ui.kit import choices, fields, pickers, ranking, sliders
from trex_app.ui.kit.options import Option

OPTIONS = [Option("suv", "SUV", is_chosen=True), Option("van", "Van")]
ERROR = rx.Var("error", _var_type=str)
LIST = rx.Var("options", _var_type=list[Option])


@pytest.mark.parametrize(
    "drawn",
    [
        fields.text_field("price", "Price", hint="Per month", error="Too low"),
        fields.textarea_field("price", "Price", hint="Per month", error="Too low"),
        fields.money_field("price", "Price", currency="€", hint="Per month", error="Too low"),
        choices.select_field("price", "Price", OPTIONS, hint="Per month", error="Too low"),
        choices.checkbox("price", "Price", hint="Per month", error="Too low"),
        choices.switch("price", "Price", hint="Per month", error="Too low"),
        pickers.combobox_field("price", "Price", OPTIONS, hint="Per month", error="Too low"),
        pickers.date_field("price", "Price", hint="Per month", error="Too low"),
        pickers.phone_field("price", "Price", hint="Per month", error="Too low"),
        pickers.file_field("price", "Price", prompt="Drop", hint="Per month", error="Too low"),
        sliders.slider_field(
            "price", "Price", minimum=0, maximum=9, hint="Per month", error="Too low"
        ),
    ],
)
def test_a_control_is_described_by_its_help_and_its_error(drawn: rx.Component):
    text = str(drawn)
    assert '"aria-describedby":"field-price-hint field-price-error"' in text
    assert 'id:"field-price-hint"' in text
    assert 'id:"field-price-error"' in text
    assert '"data-error-for":"price"' in text
    assert '"aria-invalid":"true"' in text
    assert 'name:"price"' in text


def test_a_field_without_help_and_error_is_not_described():
    text = str(fields.text_field("price", "Price"))
    assert "aria-describedby" not in text
    assert '"aria-invalid":' not in text
    assert "data-error-for" not in text


def test_the_label_belongs_to_the_control():
    text = str(fields.text_field("price", "Price"))
    assert 'htmlFor:"field-price"' in text
    assert 'id:"field-price"' in text


def test_an_error_that_comes_later_is_bound_to_the_control():
    text = str(fields.text_field("price", "Price", error=ERROR))
    assert '"aria-invalid":(isTrue(error) ? "true" : "false")' in text
    assert "field-price-error" in text


def test_a_field_whose_name_is_a_var_has_an_id_without_a_ref():
    """A ref would get another random name in every build."""
    text = str(fields.text_field(rx.Var("name", _var_type=str), "Price", error=ERROR))
    assert 'id:("field-"+name)' in text
    assert "reflex_Var" not in text


def test_a_limited_text_counts_its_characters():
    text = str(fields.text_field("headline", "Headline", max_length=60))
    assert "trex-counter" in text
    assert "maxLength:60" in text
    assert '"aria-describedby":"field-headline-counter"' in text


@pytest.mark.parametrize("kind", ["email", "phone", "number", "search"])
def test_a_kind_of_text_asks_for_its_keyboard(kind: str):
    assert "inputMode:" in str(fields.text_field("f", "F", kind=kind)) or kind == "search"
    assert f'type:"{fields.KINDS[kind]["type"]}"' in str(fields.text_field("f", "F", kind=kind))


def test_a_unit_is_not_read_twice():
    text = str(fields.text_field("mileage_km", "Mileage in km", suffix="km"))
    assert '"aria-hidden":"true"' in text


class TestChoiceGroups:
    @pytest.mark.parametrize("part", [choices.radio_group, choices.radio_cards])
    def test_one_of_several_is_a_radiogroup_with_a_name_and_a_legend(self, part):
        text = str(part("body", "Body", OPTIONS))
        assert '"role":"radiogroup"' in text or 'role:"radiogroup"' in text
        assert 'jsx("legend"' in text
        assert text.count('name:"body"') == len(OPTIONS)

    @pytest.mark.parametrize("part", [choices.checkbox_group, choices.checkbox_cards])
    def test_some_of_several_are_checkboxes_of_one_name(self, part):
        text = str(part("body", "Body", OPTIONS))
        assert text.count('type:"checkbox"') == len(OPTIONS)
        assert text.count('name:"body"') == len(OPTIONS)

    def test_the_chosen_option_starts_chosen(self):
        text = str(choices.radio_group("body", "Body", OPTIONS))
        assert text.count("defaultChecked:true") == 1

    def test_the_error_belongs_to_the_group_and_is_named_by_each_control(self):
        text = str(choices.checkbox_group("body", "Body", OPTIONS, error="Choose one"))
        assert text.count('"aria-describedby":"field-body-error"') == 1 + len(OPTIONS)
        assert text.count('"aria-invalid":"true"') == len(OPTIONS)

    def test_options_may_be_known_only_in_the_browser(self):
        text = str(choices.radio_cards("body", "Body", LIST, error=ERROR))
        assert "Array.prototype.map.call(options" in text

    def test_the_inside_of_a_card_may_be_drawn_by_the_caller(self):
        text = str(
            choices.radio_cards(
                "body", "Body", OPTIONS, content=lambda option: rx.el.b(f"It is a {option.title}")
            )
        )
        assert '"It is a SUV"' in text

    def test_a_select_offers_an_empty_choice_before_the_others(self):
        text = str(choices.select_field("body", "Body", OPTIONS, placeholder="Any"))
        assert text.index('"Any"') < text.index('"SUV"')


class TestPickers:
    def test_a_free_combobox_submits_what_is_typed(self):
        text = str(pickers.combobox_field("make", "Make", OPTIONS))
        assert text.count('name:"make"') == 1
        assert 'type:"hidden"' not in text

    def test_a_strict_combobox_submits_the_value_of_an_option(self):
        text = str(pickers.combobox_field("make", "Make", OPTIONS, chosen=("suv", "SUV")))
        assert text.count('name:"make"') == 1
        assert 'type:"hidden"' in text

    def test_suggestions_may_be_known_only_in_the_browser(self):
        assert "map.call(options" in str(pickers.combobox_field("make", "Make", LIST))

    def test_a_range_has_two_names_and_names_both_thumbs(self):
        text = str(
            sliders.range_field(
                ("price_min", "price_max"),
                "Price",
                ends=("From", "To"),
                values=(1, 5),
                minimum=0,
                maximum=9,
            )
        )
        assert 'name:"price_min"' in text
        assert 'name:"price_max"' in text
        assert '"aria-label":"From"' in text

    def test_a_ranking_submits_every_option_under_one_name(self):
        text = str(
            ranking.ranking_field("order", "Order", OPTIONS, up_label="Up", down_label="Down")
        )
        assert text.count('name:"order"') == len(OPTIONS)

    def test_a_ranking_of_options_from_the_browser_numbers_its_buttons(self):
        text = str(ranking.ranking_field("order", "Order", LIST, up_label="Up", down_label="Down"))
        assert "field-order-up-" in text
        assert "reflex_Var" not in text


@pytest.mark.parametrize("group", [choices.radio_group, choices.checkbox_cards])
def test_a_note_stands_after_the_name_of_a_group_and_nowhere_else(group: Callable[..., object]):
    text = str(group("body", "Body", OPTIONS, note="optional"))
    assert text.count('"optional"') == 1
    assert text.index('"Body"') < text.index('"optional"') < text.index('"SUV"')
