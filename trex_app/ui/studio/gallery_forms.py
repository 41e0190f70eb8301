"""The gallery's forms: what one types, chooses, finds, and what is said where it goes wrong."""

from dataclasses import dataclass

import reflex as rx

from trex_app.ui.kit import (
    amounts,
    choices,
    feedback,
    fields,
    layout,
    pickers,
    ranking,
    sliders,
    watching,
)
from trex_app.ui.kit.options import Option
from trex_app.ui.kit.vehicles import vehicle

BODIES = [
    Option("suv", "SUV", is_chosen=True, details="High seats, room for five"),
    Option("estate", "Estate", details="Long, low and practical"),
    Option("coupe", "Coupé", details="Two doors, low and fast"),
]
CHANNELS = [
    Option("email", "E-mail", is_chosen=True),
    Option("sms", "Text message"),
    Option("phone", "A call"),
]
MAKES = [
    Option(name.lower(), name)
    for name in ("Audi", "BMW", "Citroën", "Fiat", "Ford", "Škoda", "Tesla", "Toyota", "Volvo")
]
PRIORITIES = [
    Option(name.lower(), name) for name in ("Safety", "Economy", "Space", "Comfort", "Performance")
]

HEARD_ID = "heard"


@dataclass(frozen=True)
class Problem:
    """A problem as an error summary shows it."""

    name: str
    message: str


def text_parts() -> rx.Component:
    """Inputs of every kind, with help, counter, unit and error."""
    return layout.grid(
        fields.text_field("first_name", "First name", auto_complete="given-name", required=True),
        fields.text_field(
            "email", "E-mail", kind="email", hint="We send a copy of what you tell us."
        ),
        fields.text_field("password", "Password", kind="password", default_value="hunter2"),
        fields.text_field("seats", "Seats", kind="number", default_value="5"),
        fields.text_field("search", "Search", kind="search", placeholder="Make, model or town"),
        fields.money_field("price_max", "Price up to", currency="€", default_value="28500"),
        fields.text_field(
            "mileage_km", "Mileage", kind="integer", suffix="km", default_value="31400"
        ),
        pickers.date_field("birth_date", "Date of birth", default_value="1990-04-12"),
        pickers.phone_field("phone", "Phone", note="optional", placeholder="+49 30 123456"),
        fields.text_field("off", "Not now", default_value="Cannot be changed", disabled=True),
        fields.text_field("fixed", "Settled", default_value="From your licence", read_only=True),
        fields.text_field(
            "headline", "Headline", max_length=60, default_value="One owner, garaged"
        ),
        fields.textarea_field(
            "notes", "Notes for the dealer", note="optional", max_length=200, rows=3
        ),
        columns="2",
        gap="lg",
    )


def choice_parts() -> rx.Component:
    """Select, checkbox, switch, radio group, checkbox group, chips."""
    return layout.grid(
        choices.select_field("body", "Body", BODIES, placeholder="Any body"),
        choices.select_field("body_off", "Body, not now", BODIES, disabled=True),
        layout.stack(
            choices.checkbox(
                "consent", "I agree that a dealer may call me.", hint="Once, no more."
            ),
            choices.checkbox("news", "Send me news", default_checked=True),
            choices.checkbox("fleet", "Not for sale", disabled=True),
            gap="none",
        ),
        layout.stack(
            choices.switch("test_drive", "I would like a test drive", default_checked=True),
            choices.switch("trade_in", "I have a car to trade in"),
            choices.switch("pickup", "Not in your area", disabled=True),
            gap="none",
        ),
        choices.radio_group("radio", "Condition", BODIES, hint="As it stands today."),
        choices.checkbox_group("channels", "How may we reach you?", CHANNELS),
        choices.radio_chips("fuel", "Fuel", CHANNELS),
        choices.checkbox_chips("bodies", "Bodies", BODIES),
        columns="2",
        gap="lg",
    )


def card_parts() -> rx.Component:
    """Cards with one mark or several, with a drawing inside."""

    def drawn(option: Option) -> rx.Component:
        return layout.stack(
            vehicle(option.value, class_name="text-accent"), choices.card_text(option), gap="sm"
        )

    return layout.stack(
        choices.radio_cards("card", "Body", BODIES, columns="3", content=drawn),
        choices.checkbox_cards("cards", "Some of these", CHANNELS, columns="3"),
        gap="lg",
    )


def picker_parts() -> rx.Component:
    """Combobox, slider, range, ranking, file."""
    return layout.grid(
        pickers.combobox_field(
            "make", "Make", MAKES, count_label="{count} makes", placeholder="Type a make"
        ),
        pickers.combobox_field(
            "make_id", "Make, from the list only", MAKES, chosen=("volvo", "Volvo")
        ),
        *_slider_parts(),
        ranking.ranking_field(
            "priorities",
            "What matters most?",
            PRIORITIES,
            hint="Drag, or use the arrows. The first counts most.",
            up_label="Move up:",
            down_label="Move down:",
        ),
        pickers.file_field(
            "photos",
            "Photos",
            prompt="Choose photos, or drop them here",
            hint="Up to six, no number plates needed.",
            accept="image/*",
            multiple=True,
        ),
        columns="2",
        gap="lg",
    )


def _slider_parts() -> tuple[rx.Component, ...]:
    return (
        sliders.slider_field(
            "annual_distance_km",
            "Distance a year",
            minimum=0,
            maximum=60000,
            step=1000,
            default_value=15000,
            value_label="{value} km",
        ),
        sliders.range_field(
            ("price_from", "price_to"),
            "Price",
            ends=("Price from", "Price to"),
            values=(8000, 32000),
            minimum=0,
            maximum=60000,
            step=500,
            value_label="{value} €",
        ),
    )


def amount_parts() -> rx.Component:
    """Numbers by buttons and by slider, in a form that tells of every change."""
    return layout.stack(
        rx.el.form(
            watching.watched(
                amounts.stepper_field(
                    "passengers",
                    "People in the car",
                    minimum=1,
                    maximum=8,
                    start=2,
                    fewer_label="One fewer",
                    more_label="One more",
                ),
                amounts.amount_field(
                    "budget",
                    "Budget",
                    amounts.Scale(minimum=5_000, maximum=80_000, step=500, start=20_000),
                    prefix="€",
                    hint="More than the slider holds may be typed.",
                ),
                on_input=lambda entries: rx.set_value(HEARD_ID, entries.to_string()),
                class_name="grid gap-8 sm:grid-cols-2",
            ),
            custom_attrs={"method": "dialog"},
        ),
        fields.text_input(id=HEARD_ID, read_only=True, aria_label="What the form tells"),
    )


def error_parts() -> rx.Component:
    """Every kind of field with an error, and the summary that links to them."""
    return rx.el.form(
        feedback.error_summary(
            "Please mend two things",
            [
                Problem("wrong_price", "Price: enter at least 500, or leave it empty"),
                Problem("wrong_body", "Body: choose one"),
            ],
        ),
        layout.grid(*_wrong_inputs(), *_wrong_choices(), columns="2", gap="lg"),
        no_validate=True,
        custom_attrs={"method": "dialog"},
        class_name="grid gap-8",
    )


def _wrong_inputs() -> tuple[rx.Component, ...]:
    return (
        fields.money_field(
            "wrong_price",
            "Price up to",
            currency="€",
            default_value="3",
            error="Enter at least 500, or leave it empty",
        ),
        fields.text_field("wrong_email", "E-mail", kind="email", error="Enter an e-mail address"),
        choices.select_field("wrong_fuel", "Fuel", BODIES, error="Choose a fuel"),
        fields.textarea_field("wrong_notes", "Notes", error="Use fewer words", max_length=80),
    )


def _wrong_choices() -> tuple[rx.Component, ...]:
    bodies = [Option("a", "SUV"), Option("b", "Van")]
    return (
        choices.radio_group("wrong_body", "Body", bodies, error="Choose one"),
        choices.checkbox_group(
            "wrong_channels",
            "How may we reach you?",
            [Option("a", "E-mail"), Option("b", "A call")],
            error="Choose at least one",
        ),
        choices.checkbox("wrong_consent", "I agree", error="Without this we cannot go on"),
        choices.radio_cards("wrong_card", "Body", bodies, error="Choose one"),
    )
