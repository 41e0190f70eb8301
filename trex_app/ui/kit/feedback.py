"""Saying how things stand: progress, spinner, skeleton, alert, error summary, empty state."""

from typing import Any

import reflex as rx
from reflex_components_core.el.elements.inline import A

from trex_app.ui.kit.behaviours import ErrorSummary
from trex_app.ui.kit.icons import icon
from trex_app.ui.kit.options import each
from trex_app.ui.kit.variants import Text, look, when_given, with_classes

SPINNER = "block animate-spin rounded-full border-2 border-current border-e-transparent"
SPINNER_SIZES = {"sm": "size-4", "md": "size-6", "lg": "size-9"}
ALERTS = {
    "info": ("info", "bg-info-soft", "text-info"),
    "success": ("circle-check", "bg-success-soft", "text-success"),
    "warning": ("alert", "bg-warm-soft", "text-warm"),
    "danger": ("circle-x", "bg-danger-soft", "text-danger"),
}
SKELETONS = {
    "text": "h-4 rounded-sm",
    "title": "h-9 w-2/3 rounded-sm",
    "control": "h-target rounded-md",
    "button": "h-target w-32 rounded-md",
    "picture": "aspect-video rounded-md",
    "card": "h-40 rounded-lg",
    "circle": "size-11 rounded-full",
}
SEGMENTS = {
    "done": "bg-accent",
    "now": (
        "bg-linear-to-r from-accent from-55% to-track to-55% rtl:bg-linear-to-l"
        " forced-colors:bg-[Highlight]"
    ),
    "ahead": "bg-track",
}
ERROR_SUMMARY_ID = "error-summary"


def spinner(label: Text, *, size: str = "md", **props: Any) -> rx.Component:
    """Something is under way, for how long nobody knows; `label` says what."""
    ring = f"{SPINNER} {look(SPINNER_SIZES, size, 'spinner size')}"
    return rx.el.span(
        rx.el.span(class_name=ring, aria_hidden="true"),
        rx.el.span(label, class_name="sr-only"),
        role="status",
        **with_classes(props, "inline-flex text-accent"),
    )


def skeleton(shape: str = "text", **props: Any) -> rx.Component:
    """The place of something that will come, in its size, so that nothing jumps."""
    dressed = with_classes(
        props, "block animate-pulse bg-track/70", look(SKELETONS, shape, "skeleton's shape")
    )
    return rx.el.span(aria_hidden="true", **dressed)


def form_skeleton(label: Text, *, fields: int = 3) -> rx.Component:
    """The outline of a step with a title, some fields and a button; `label` is read aloud."""
    field = rx.el.div(
        skeleton("text", class_name="w-28"), skeleton("control"), class_name="grid gap-2"
    )
    return rx.el.div(
        rx.el.span(label, class_name="sr-only", role="status"),
        rx.el.div(skeleton("title"), skeleton("text"), class_name="grid gap-3"),
        *[field for _ in range(fields)],
        skeleton("button", class_name="ms-auto"),
        class_name="grid content-start gap-6",
    )


def progress(value: Any, *, maximum: Any = 100, label: Text, **props: Any) -> rx.Component:
    """How much of something is done, in the units of `maximum`."""
    return rx.el.progress(
        value=value, max=maximum, aria_label=label, **with_classes(props, "kit-progress")
    )


def score(value: Any, *, maximum: Any = 100, label: Text, **props: Any) -> rx.Component:
    """A measured value on a scale, such as how well a vehicle fits."""
    bar = rx.el.progress(
        value=value, max=maximum, aria_hidden="true", class_name="kit-progress w-full"
    )
    scale = {"aria-valuenow": value, "aria-valuemin": 0, "aria-valuemax": maximum}
    # Reflex knows every role but this one.
    return rx.el.div(bar, aria_label=label, custom_attrs={"role": "meter", **scale}, **props)


def stepper(done: Any, expected: Any, label: Text, **props: Any) -> rx.Component:
    """How far along: `done` of `expected` steps, a number that may change; `label` is words."""
    bar = rx.el.div(
        _segments(done, expected),
        role="progressbar",
        aria_label=label,
        custom_attrs={"aria-valuenow": done, "aria-valuemin": 0, "aria-valuemax": expected},
        class_name="flex grow gap-1.5",
    )
    words = rx.el.span(
        label, class_name="text-sm whitespace-nowrap text-ink-soft tabular-nums", aria_hidden="true"
    )
    return rx.el.div(bar, words, **with_classes(props, "flex items-center gap-4"))


def _segments(done: Any, expected: Any) -> rx.Component:
    if not (isinstance(done, rx.Var) or isinstance(expected, rx.Var)):
        states = [
            "done" if at < done else "now" if at == done else "ahead" for at in range(expected)
        ]
        return rx.fragment(*[_segment(SEGMENTS[state]) for state in states])

    def segment(at: Any) -> rx.Component:
        ahead = rx.cond(at == done, SEGMENTS["now"], SEGMENTS["ahead"])
        return _segment(rx.cond(at < done, SEGMENTS["done"], ahead))

    return rx.foreach(rx.Var.range(0, rx.Var.create(expected).to(int)), segment)


def _segment(state: Any) -> rx.Component:
    return rx.el.span(class_name=["h-1.5 grow rounded-full transition-colors", state])


def alert(*children: Any, variant: str = "info", title: Text = "", **props: Any) -> rx.Component:
    """A notice that stays. A danger speaks at once; the others wait for a pause."""
    icon_name, ground, colour = look(ALERTS, variant, "alert")
    props.setdefault("role", "alert" if variant == "danger" else "status")
    return rx.el.div(
        icon(icon_name, class_name=f"mt-px {colour}"),
        rx.el.div(
            when_given(title, rx.el.p(title, class_name="font-semibold")),
            *children,
            class_name="grid min-w-0 gap-1",
        ),
        **with_classes(props, "flex gap-3 rounded-md px-4 py-3.5 text-sm text-ink", ground),
    )


def error_summary(
    title: Text, problems: Any, *, attempt: Any = 0, element_id: str = ERROR_SUMMARY_ID
) -> rx.Component:
    """What is to be mended, each linked to its field; takes the focus when it appears.

    A problem has `name` (of the field) and `message`. A change of `attempt` takes the focus anew.
    Draw it only when there are problems.
    """
    return ErrorSummary.create(
        icon("alert", class_name="mt-0.5 text-danger"),
        rx.el.div(
            rx.el.h2(title, class_name="text-md font-semibold"),
            rx.el.ul(*each(problems, _problem_line), class_name="grid gap-0.5"),
            class_name="grid min-w-0 gap-1.5",
        ),
        id=element_id,
        role="alert",
        tab_index=-1,
        data_attempt=attempt,
        class_name=(
            "flex gap-3 rounded-lg border-[1.5px] border-danger bg-danger-soft p-4 text-ink"
            " focus-visible:outline-danger sm:p-5"
        ),
    )


def _problem_line(problem: Any) -> rx.Component:
    link = A.create(
        problem.message,
        href=f"#field-{problem.name}",
        class_name=(
            "inline-block rounded-sm py-1 text-sm font-medium text-danger underline"
            " underline-offset-3 hover:decoration-2"
        ),
    )
    return rx.el.li(link, key=problem.name)


def empty_state(
    title: Text, *children: Any, art: rx.Component | None = None, action: rx.Component | None = None
) -> rx.Component:
    """Nothing is here: what that means, and what to do next."""
    parts = [part for part in (action,) if part is not None]
    return rx.el.div(
        art if art is not None else icon("search", size="xl", class_name="text-ink-faint"),
        rx.el.h2(title, class_name="text-lg font-semibold"),
        rx.el.div(*children, class_name="max-w-prose text-ink-soft"),
        *parts,
        class_name=(
            "grid justify-items-center gap-3 rounded-lg border border-dashed border-line-strong"
            " px-6 py-10 text-center"
        ),
    )
