"""The vehicle for sale: by its VIN, which is read as soon as it is typed, or by its names."""

from typing import Any

import reflex as rx

from trex_app.display.views import OptionView
from trex_app.ui.kit.behaviours import OfferElement
from trex_app.ui.kit.choices import radio_cards, radio_group
from trex_app.ui.kit.fields import textarea_field
from trex_app.ui.kit.icons import icon
from trex_app.ui.kit.layout import divider, heading
from trex_app.ui.kit.pickers import combobox_field
from trex_app.ui.kit.surfaces import card
from trex_app.ui.kit.vehicles import vehicle
from trex_app.ui.state.language import msgid, text
from trex_app.ui.state.scene import Scene
from trex_app.ui.steps.asked import asked, pair, typed, typed_settings
from trex_app.ui.steps.frame import step_frame
from trex_app.ui.steps.registry import step

CONDITIONS = {
    "excellent": msgid("No visible wear, nothing to repair, every service done."),
    "good": msgid("A few small scratches; everything works."),
    "fair": msgid("It drives; some parts are worn or need repair."),
    "poor": msgid("It needs a workshop before the next drive."),
}
TYPING_PAUSE_MILLISECONDS = 200
MAKE_NOW = rx.Var("(document.getElementById('field-make')?.value ?? '')").to(str)


@step("SaleVehicle")
def sale_vehicle(scene: Scene) -> rx.Component:
    """Which vehicle, how it is, what it is to cost."""
    return step_frame(
        scene,
        card(
            vin_entry(scene),
            divider(text("or describe it")),
            names(scene),
            class_name="grid gap-6",
        ),
        section(
            text("How it is"),
            pair(mileage(scene)),
            condition(scene),
            accidents(scene),
        ),
        section(
            text("What you ask for it"),
            pair(asked(scene, "asking_price", "money"), asked(scene, "postal_code")),
            description(scene),
        ),
    )


def section(title: str, *content: Any) -> rx.Component:
    """Questions that belong together, under their heading."""
    return rx.el.div(heading(title, looks_like="3"), *content, class_name="grid gap-6 pt-3")


def vin_entry(scene: Scene) -> rx.Component:
    """The VIN, and what it tells: asked for when the person leaves the field."""
    return rx.el.div(
        typed(
            scene,
            "vin",
            auto_complete="off",
            auto_capitalize="characters",
            spell_check=False,
            on_blur=lambda value: scene.look_up("vin.decode", {"vin": value}),
            class_name="font-mono tracking-wider uppercase placeholder:normal-case",
        ),
        rx.el.div(
            rx.cond(decoded(scene)["vin"], decoded_vehicle(scene), vin_hint(scene)),
            role="status",
            class_name="grid min-h-20 items-center rounded-md bg-sunken px-4 py-3",
        ),
        rx.el.p(scene.error("vin"), role="status", class_name="sr-only"),
        OfferElement.create(data_offers=offers(scene), class_name="hidden"),
        class_name="grid gap-4",
    )


def decoded(scene: Scene) -> Any:
    """What the VIN told; empty before."""
    return scene.found["vin.decode"].to(dict[str, Any])


def offers(scene: Scene) -> Any:
    """What the VIN told, by the names of the fields it can fill."""
    told = decoded(scene)
    return rx.cond(
        told["vin"],
        rx.Var.create(
            {"make": told["make"], "model": told["model"], "year": told["year"]}
        ).to_string(),
        "{}",
    )


def vin_hint(scene: Scene) -> rx.Component:
    """Says what will appear here, or why it does not; as high as what does: nothing moves."""
    return rx.el.p(
        icon("search", size="sm", class_name="mt-0.5"),
        rx.el.span(
            rx.cond(
                decoded(scene)["is_away"],
                text("We cannot look the number up now. Please give make, model and year."),
                text("What the number tells us appears here when you leave the field."),
            )
        ),
        class_name="flex gap-2.5 text-sm text-ink-soft",
    )


def decoded_vehicle(scene: Scene) -> rx.Component:
    """Make, model and year as the VIN tells them."""
    told = decoded(scene)
    name = [
        rx.cond(told[key], rx.fragment(told[key].to_string(use_json=False), " "))
        for key in ("year", "make", "model")
    ]
    is_vague = ~(told["make"].bool() & told["model"].bool() & told["year"].bool())
    return rx.el.div(
        vehicle(told["body_type"].to(str), size="sm", class_name="text-accent max-sm:hidden"),
        rx.el.div(
            rx.el.p(*name, class_name="text-lg leading-snug font-semibold"),
            rx.el.p(
                rx.cond(
                    is_vague,
                    text("That is all the number tells. Please add the rest below."),
                    text("Not quite right? Correct it below."),
                ),
                class_name="text-sm text-ink-soft",
            ),
            rx.cond(
                told["is_basic"],
                rx.el.p(
                    text(
                        "This is a basic check of the number: the vehicle register is not "
                        "answering right now. Please compare it with your papers."
                    ),
                    class_name="text-sm text-ink-soft",
                ),
            ),
            class_name="grid min-w-0 gap-0.5",
        ),
        class_name="flex items-center gap-4",
    )


def names(scene: Scene) -> rx.Component:
    """Make, model and year, with suggestions from the inventory while one types."""
    return rx.el.div(
        suggesting(scene, "make", "makes", lambda value: {"make": value}),
        suggesting(scene, "model", "models", lambda value: {"make": MAKE_NOW, "model": value}),
        typed(scene, "year", input_mode="numeric", auto_complete="off"),
        class_name="grid gap-x-5 gap-y-6 sm:grid-cols-[1fr_1fr_6rem]",
    )


def suggesting(scene: Scene, name: str, kind: str, given: Any) -> rx.Component:
    """A typed name with what the inventory knows of its beginning."""
    rows = scene.found["vehicles.suggest"].to(dict[str, Any])[kind]
    titled = rx.Var(
        f"((rows) => (rows ?? []).map((row) => ({{value: row.{name}, title: row.{name}}})))"
    )
    options = titled.to(rx.vars.FunctionVar).call(rows).to(list[OptionView])
    return combobox_field(
        name,
        scene.field(name).title,
        options,
        **typed_settings(scene, name),
        count_label=text("{count} suggestions"),
        filters=False,
        on_change=lambda value: scene.look_up("vehicles.suggest", given(value)).debounce(
            TYPING_PAUSE_MILLISECONDS
        ),
    )


def mileage(scene: Scene) -> rx.Component:
    """The mileage, with its unit in the frame."""
    return typed(scene, "mileage_km", input_mode="numeric", suffix="km", auto_complete="off")


def condition(scene: Scene) -> rx.Component:
    """Four cards that say what each word means."""
    field = scene.field("condition")
    details = [(value, text(meaning)) for value, meaning in CONDITIONS.items()]

    def content(option: Any) -> rx.Component:
        return rx.el.span(
            rx.el.span(option.title, class_name="leading-snug font-semibold text-ink"),
            rx.el.span(rx.match(option.value, *details, ""), class_name="text-sm text-ink-soft"),
            class_name="grid gap-1",
        )

    return radio_cards(
        field.name, field.title, field.options, content=content, error=scene.error("condition")
    )


def accidents(scene: Scene) -> rx.Component:
    """Whether there has been an accident; no answer claims neither."""
    field = scene.field("is_accident_free")
    return radio_group(
        field.name,
        field.title,
        field.options,
        columns="line",
        error=scene.error("is_accident_free"),
    )


def description(scene: Scene) -> rx.Component:
    """What a buyer should know beyond that, with the characters left."""
    return textarea_field(
        "description",
        scene.field("description").title,
        max_length=1000,
        **typed_settings(scene, "description"),
    )
