"""The end of a journey: what was sent under which reference, what happens next, where to go on."""

from typing import Any

import reflex as rx

from trex_app.ui.kit.buttons import button, button_link
from trex_app.ui.kit.copying import copy_button
from trex_app.ui.kit.icons import icon
from trex_app.ui.kit.layout import actions, heading
from trex_app.ui.kit.surfaces import card
from trex_app.ui.state.language import link_to, text
from trex_app.ui.state.scene import Scene
from trex_app.ui.steps.frame import back_button, step_root


def ending(scene: Scene, *shown: Any) -> rx.Component:
    """The last page. `shown` stands between the references and what happens next."""
    return step_root(
        scene,
        rx.cond(scene.view.references.length() > 0, references(scene)),
        *shown,
        rx.cond(scene.view.next_steps.length() > 0, next_steps(scene)),
        actions(
            rx.cond(scene.view.can_go_back, back_button(scene), rx.el.span()),
            ways_on(scene),
            class_name="border-t border-line !pt-6",
        ),
    )


def ways_on(scene: Scene) -> rx.Component:
    """Where to go from here: on our own pages to others of ours, in a frame to its journey anew."""
    start_anew = [text("Start something new"), icon("arrow-end", size="sm")]
    return rx.el.div(
        rx.el.div(
            button_link(text("To the start page"), href=link_to("/"), variant="outline"),
            button_link(*start_anew, href=link_to("/j/entry")),
            class_name="flex flex-col gap-3 sm:flex-row in-data-embedded:hidden",
        ),
        rx.el.div(
            button(*start_anew, on_click=scene.start_over),
            class_name="hidden in-data-embedded:block",
        ),
    )


def references(scene: Scene) -> rx.Component:
    """What was sent, by the reference to quote; a replacement makes two."""
    return card(
        rx.el.div(
            rx.el.span(
                icon("check", size="lg"),
                class_name=(
                    "grid size-12 shrink-0 place-items-center rounded-full bg-accent-soft"
                    " text-accent"
                ),
            ),
            rx.el.p(
                text("Your reference. Please quote it when you get in touch."),
                class_name="max-w-[26rem] text-ink-soft",
            ),
            class_name="flex items-center gap-4",
        ),
        rx.el.ul(rx.foreach(scene.view.references, reference), class_name="grid gap-3"),
        variant="raised",
        class_name="grid gap-5",
    )


def reference(sent: Any) -> rx.Component:
    """One reference, what it stands for, and a button that copies it."""
    return rx.el.li(
        rx.el.span(
            rx.el.span(sent.journey, class_name="text-sm text-ink-soft"),
            rx.el.strong(
                sent.reference,
                class_name=(
                    "font-mono text-lg font-semibold tracking-wide select-all sm:text-xl"
                    " [overflow-wrap:anywhere]"
                ),
                custom_attrs={"data-reference": sent.reference},
            ),
            class_name="grid min-w-0 gap-0.5",
        ),
        rx.el.span(
            button_link(
                text("See where it stands"),
                href=rx.cond(
                    sent.status_link, sent.status_link, link_to("/status") + "/" + sent.reference
                ),
                variant="ghost",
                size="sm",
                # On a phone it stands below the reference: its words begin where that begins.
                class_name="max-sm:-ms-3",
            ),
            copy_button(
                sent.reference,
                text("Copy"),
                copied_label=text("The reference was copied."),
                failed_label=text("It could not be copied. Please select it and copy it by hand."),
            ),
            class_name="flex flex-wrap items-center gap-2",
        ),
        key=sent.reference,
        class_name=(
            "flex flex-wrap items-center justify-between gap-x-3 gap-y-2 rounded-md bg-sunken px-4"
            " py-3"
        ),
    )


def next_steps(scene: Scene) -> rx.Component:
    """What happens next, in order, as stations on a line."""
    return rx.el.div(
        heading(text("What happens next"), looks_like="3"),
        rx.el.ol(rx.foreach(scene.view.next_steps, next_step), class_name="grid"),
        class_name="grid gap-4",
    )


def next_step(line: Any, place: Any) -> rx.Component:
    """One thing that happens next."""
    return rx.el.li(
        rx.el.span(
            place + 1,
            class_name=(
                "z-10 grid size-8 shrink-0 place-items-center rounded-full border border-line"
                " bg-surface text-sm font-semibold text-accent tabular-nums"
            ),
            aria_hidden="true",
        ),
        rx.el.p(line, class_name="max-w-[34rem] pt-1"),
        class_name=(
            "relative flex gap-4 pb-5 last:pb-0 before:absolute before:inset-y-0 before:inset-s-4"
            " before:w-px before:bg-line last:before:hidden"
        ),
    )
