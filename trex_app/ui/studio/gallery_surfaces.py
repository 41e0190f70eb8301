"""The gallery's surfaces: buttons, cards, tabs, tables, pictures, icons, words."""

from dataclasses import dataclass

import reflex as rx

from trex_app.ui.kit import (
    buttons,
    copying,
    disclosure,
    icons,
    layout,
    media,
    navigation,
    surfaces,
    tables,
    vehicle_views,
    vehicles,
)

# A grey picture of one pixel: what a preview of any photo looks like from far away.
PREVIEW = "data:image/gif;base64,R0lGODlhAQABAIAAAJmZmQAAACH5BAAAAAAALAAAAAABAAEAAAICRAEAOw=="


@dataclass(frozen=True)
class Fact:
    """A name and its value."""

    label: str
    value: str


@dataclass(frozen=True)
class Offer:
    """A row of the table."""

    vehicle: str
    price: str
    mileage: str


OFFERS = [
    Offer("Toyota RAV4", "€ 28,450", "31,400 km"),
    Offer("Volvo V60", "€ 24,900", "58,100 km"),
    Offer("VW Golf", "€ 17,300", "42,900 km"),
]


def button_parts() -> rx.Component:
    """Every variant, size and state of buttons and links."""
    return layout.stack(
        *[_buttons_of(variant) for variant in buttons.VARIANTS],
        layout.row(
            *[buttons.button(f"Size {size}", size=size) for size in buttons.SIZES],
            buttons.button_link("A link", href="/", variant="outline"),
            *[
                buttons.icon_button("heart", f"Keep, {variant}", variant=variant)
                for variant in buttons.VARIANTS
            ],
        ),
        layout.row(
            *[
                buttons.link(f"Link, {variant}", href="/", variant=variant)
                for variant in buttons.LINKS
            ],
            gap="md",
        ),
        gap="sm",
    )


def _buttons_of(variant: str) -> rx.Component:
    return layout.row(
        buttons.button(variant.capitalize(), variant=variant),
        buttons.button(icons.icon("arrow-end"), "With icon", variant=variant),
        buttons.button("Loading", variant=variant, is_loading=True),
        buttons.button("Disabled", variant=variant, disabled=True),
    )


def surface_parts() -> rx.Component:
    """Cards, badges, avatars, facts, and a text to take along."""
    return layout.stack(
        layout.grid(
            *[
                surfaces.card(
                    layout.heading(kind.capitalize(), level="3"),
                    rx.el.p("Keeps one thing together.", class_name="mt-1 text-ink-soft"),
                    variant=kind,
                )
                for kind in surfaces.CARDS
            ],
            columns="4",
        ),
        layout.row(*[surfaces.badge(kind, variant=kind) for kind in surfaces.BADGES]),
        layout.row(*[surfaces.avatar("Ada Byron", size=size) for size in surfaces.AVATARS]),
        layout.row(
            copying.copy_button(
                "TRX-2F7K",
                "Copy the reference",
                copied_label="It was copied.",
                failed_label="It could not be copied.",
            )
        ),
        surfaces.card(
            surfaces.facts(
                [
                    Fact("Vehicle", "Toyota RAV4, 2022"),
                    Fact("Contact", "ada@example.org"),
                    Fact("Test drive", "Yes"),
                ]
            )
        ),
        gap="md",
    )


def disclosure_parts() -> rx.Component:
    """Tabs and accordion."""
    tabs = [
        disclosure.Tab(f"panel-{name.lower()}", name, rx.el.p(f"What there is under {name}."))
        for name in ("Overview", "Equipment", "History")
    ]
    return layout.grid(
        disclosure.tabs(tabs, "The vehicle"),
        disclosure.accordion(
            disclosure.accordion_item(
                "Who sees my data?", "One dealer, and nobody else.", group="faq", is_open=True
            ),
            disclosure.accordion_item("Does it cost anything?", "No.", group="faq"),
            disclosure.accordion_item("A plain one", "Without a frame.", variant="plain"),
        ),
        columns="2",
        gap="lg",
    )


def navigation_parts() -> rx.Component:
    """Breadcrumb and pagination."""
    return layout.stack(
        navigation.breadcrumb(
            [("Home", "/"), ("Vehicles", "/"), ("Toyota RAV4", "")], "Where you are"
        ),
        navigation.pagination(
            navigation.page_numbers(4, 12),
            4,
            12,
            on_page=lambda _: rx.noop(),
            label="Pages",
            previous_label="Previous page",
            next_label="Next page",
        ),
        gap="md",
    )


def table_parts() -> rx.Component:
    """A table that sorts."""
    return tables.table(
        "Offers",
        [
            tables.Column("Vehicle", lambda offer: offer.vehicle),
            tables.Column(
                "Price",
                lambda offer: offer.price,
                align="end",
                sorted_by="descending",
                on_sort=rx.noop(),
            ),
            tables.Column(
                "Mileage",
                lambda offer: offer.mileage,
                align="end",
                sorted_by="none",
                on_sort=rx.noop(),
            ),
        ],
        OFFERS,
    )


def vehicle_parts() -> rx.Component:
    """Every drawing, from the side, from the front and from above."""
    fronts = ("sedan", "coupe", "suv")
    return layout.grid(
        *[vehicle_views.front_view(body_type, class_name="text-accent") for body_type in fronts],
        *[
            vehicle_views.seats_view(seats, class_name="text-accent")
            for seats in vehicle_views.SEATS
        ],
        *[
            surfaces.card(
                media.picture("", "", art=vehicles.vehicle(name, size="fill")),
                rx.el.p(name.capitalize(), class_name="px-4 py-3 font-semibold"),
                variant="link",
                padding="none",
                class_name="overflow-hidden",
            )
            for name in vehicles.DRAWINGS
        ],
        columns="4",
    )


def picture_parts() -> rx.Component:
    """A picture over its preview, in every ratio."""
    return layout.grid(
        *[
            media.picture(
                "/favicon.svg",
                f"The mark, {ratio}",
                ratio=ratio,
                preview=PREVIEW,
                class_name="rounded-lg",
            )
            for ratio in media.RATIOS
        ],
        columns="3",
    )


def icon_parts() -> rx.Component:
    """Every icon, by name."""
    return rx.el.ul(
        *[
            rx.el.li(
                icons.icon(name),
                rx.el.span(name, class_name="text-xs text-ink-soft"),
                class_name="grid justify-items-center gap-1.5 text-center",
            )
            for name in icons.PATHS
        ],
        class_name="grid grid-cols-[repeat(auto-fill,minmax(5.5rem,1fr))] gap-5",
    )


def layout_parts() -> rx.Component:
    """Headings, lead, divider, actions."""
    return layout.stack(
        *[
            layout.heading(f"A heading that looks like level {level}", looks_like=level, level="3")
            for level in layout.HEADINGS
        ],
        layout.lead("The sentence under a heading, which says what comes."),
        layout.divider(),
        layout.divider("or"),
        layout.actions(
            buttons.button("Back", variant="ghost"), buttons.button("Continue", width="phone")
        ),
    )
