"""What a person is looking for, with what there is counted as they type."""

from typing import Any

import reflex as rx

from trex_app.display.views import OptionView
from trex_app.ui.kit.choices import radio_chips
from trex_app.ui.kit.fields import text_field
from trex_app.ui.kit.layout import heading
from trex_app.ui.kit.pickers import combobox_field
from trex_app.ui.kit.surfaces import card
from trex_app.ui.kit.vehicles import vehicle
from trex_app.ui.kit.watching import watched
from trex_app.ui.state.language import text
from trex_app.ui.state.scene import Scene
from trex_app.ui.steps.frame import step_form, step_root
from trex_app.ui.steps.registry import step

PANEL = "grid gap-5 rounded-lg border border-line bg-surface p-5 sm:p-6"
PAIR = "sm:grid-cols-2"


@step("VehicleSearch")
def vehicle_search(scene: Scene) -> rx.Component:
    """The filters, and beside them what they find."""
    return step_root(
        scene,
        step_form(
            scene,
            rx.el.div(
                watched(
                    what(scene),
                    limits(scene),
                    kinds(scene),
                    on_input=scene.count_form,
                    class_name="grid gap-4",
                ),
                findings(scene),
                on_mount=scene.count_kept,
                data_wide="",
                class_name=(
                    "grid items-start gap-6 lg:grid-cols-[minmax(0,1fr)_minmax(0,20rem)] lg:gap-8"
                ),
            ),
            submit=rx.cond(scene.preview.submit, scene.preview.submit, scene.view.submit_title),
            stays_in_sight=True,
        ),
    )


def what(scene: Scene) -> rx.Component:
    """Make and model, with suggestions while one types."""
    return rx.el.div(
        suggested(scene, "make", scene.preview.makes),
        suggested(scene, "model", scene.preview.models),
        class_name=[PANEL, PAIR],
    )


def suggested(scene: Scene, name: str, options: Any) -> rx.Component:
    """A text with suggestions that the inventory makes."""
    field = scene.field(name)
    return combobox_field(
        name,
        field.title,
        options,
        filters=False,
        error=scene.error(name),
        default_value=field.value,
        placeholder=field.placeholder,
        count_label=text("{count} suggestions"),
    )


def limits(scene: Scene) -> rx.Component:
    """Price, years and the place to measure from."""
    return rx.el.div(
        rx.el.div(
            typed(scene, "price_max", prefix=scene.field("price_max").prefix),
            price_chart(scene),
            class_name="grid content-start gap-3",
        ),
        rx.el.div(
            rx.el.div(
                typed(scene, "year_min"),
                typed(scene, "year_max"),
                class_name="grid grid-cols-2 items-end gap-4",
            ),
            typed(scene, "postal_code", auto_complete="postal-code"),
            class_name="grid content-start gap-5",
        ),
        class_name=[PANEL, PAIR],
    )


def typed(scene: Scene, name: str, **props: Any) -> rx.Component:
    """A number, or a text of few characters."""
    field = scene.field(name)
    return text_field(
        name,
        field.title,
        hint=field.help,
        error=scene.error(name),
        default_value=field.value,
        input_mode="numeric",
        **{"auto_complete": "off", **props},
    )


def price_chart(scene: Scene) -> rx.Component:
    """How the prices of the hits spread; it only decorates the count."""
    return rx.el.svg(
        rx.foreach(
            scene.preview.prices,
            lambda bar: rx.el.svg.rect(
                x=bar.x,
                y=bar.y,
                width="8",
                height=bar.height,
                class_name=rx.cond(bar.is_within, "fill-accent/60", "fill-track"),
            ),
        ),
        view_box="0 0 88 28",
        custom_attrs={"preserveAspectRatio": "none"},
        aria_hidden="true",
        class_name="h-14 w-full",
    )


def kinds(scene: Scene) -> rx.Component:
    """Body and fuel, each choice with the number of vehicles it brings."""
    return rx.el.div(
        counted_chips(scene, "body_type", scene.preview.bodies),
        counted_chips(scene, "fuel_type", scene.preview.fuels),
        class_name=[PANEL, "gap-6"],
    )


def counted_chips(scene: Scene, name: str, counts: Any) -> rx.Component:
    """The options of a field with a count each; the first one takes the choice back."""
    field = scene.field(name)
    anything = {"value": "", "title": text("Any"), "is_chosen": field.value == ""}
    options = (rx.Var.create([anything]).to(list[OptionView]) + field.options).to(list[OptionView])
    return radio_chips(
        name,
        field.title,
        options,
        error=scene.error(name),
        content=lambda option: chip_words(option, counts),
    )


def chip_words(option: Any, counts: Any) -> rx.Component:
    """A choice and how many vehicles it would bring."""
    count = rx.cond(counts[option.value], counts[option.value], "0")
    return rx.fragment(
        rx.el.span(option.title),
        rx.cond(
            (option.value != "") & (counts.length() > 0),
            rx.el.span(count, class_name="text-ink-faint tabular-nums"),
        ),
    )


def findings(scene: Scene) -> rx.Component:
    """How many vehicles the form finds as it stands, and which models they are."""
    preview = scene.preview
    return card(
        rx.el.div(
            rx.el.p(
                rx.cond(preview.total, preview.total, "…"),
                class_name="text-3xl font-bold tracking-[-0.022em] tabular-nums",
            ),
            rx.el.p(
                rx.cond(preview.of_stock, preview.of_stock, text("Counting")),
                class_name="text-ink-soft",
            ),
            rx.el.p(preview.note, class_name="mt-2 text-sm text-ink-soft empty:hidden"),
            role="status",
        ),
        rx.cond(
            preview.has_hits,
            found_models(preview),
            rx.el.p(
                text("Nothing fits all of it. Search anyway, and we show what comes nearest."),
                class_name="text-sm text-ink-soft",
            ),
        ),
        class_name="grid content-start gap-5 max-lg:sr-only lg:sticky lg:top-6 lg:min-h-88",
        data_findings="",
    )


def found_models(preview: Any) -> rx.Component:
    """What the hits are, the most frequent models first."""
    return rx.el.div(
        heading(text("Most of them"), looks_like="4"),
        rx.el.dl(
            rx.foreach(
                preview.found_models,
                lambda model: rx.el.div(
                    rx.el.dt(model.label, class_name="min-w-0 truncate"),
                    rx.el.dd(model.value, class_name="text-ink-soft tabular-nums"),
                    class_name="flex justify-between gap-4 border-b border-line py-2 text-sm"
                    " last:border-b-0",
                ),
            ),
        ),
        vehicle("suv", size="md", class_name="mx-auto text-line-strong"),
        class_name="hidden gap-2 lg:grid",
    )
