"""What every step has around its controls: title, notices, errors, form, buttons and links."""

from typing import Any, Final

import reflex as rx

from trex_app.ui.kit.buttons import button
from trex_app.ui.kit.feedback import alert, error_summary
from trex_app.ui.kit.icons import icon
from trex_app.ui.kit.layout import actions, heading, lead, row, stack
from trex_app.ui.state.journey import NOTICE_ID, TITLE_ID, JourneyState
from trex_app.ui.state.language import text
from trex_app.ui.state.scene import Scene

FORM_ATTRIBUTES: Final = {
    # Sent before the page is alive, a form would go off as a plain GET and lose what was typed.
    "method": "dialog",
    # The engine says what is wrong, in the page and in the person's language.
    "noValidate": True,
}


# A plain attribute: what Reflex calls on an event does not get the browser's own.
FIRST_CLICK_ONLY: Final = {
    "onClick": rx.Var("((event) => { if (event.detail > 1) event.preventDefault() })")
}
"""The second click of a double click must not answer the step that the first has led to."""


def step_frame(scene: Scene, *content: Any, before_form: Any = None) -> rx.Component:
    """A step that asks something: `content` stands inside its form, `before_form` above it."""
    return step_root(
        scene,
        before_form if before_form is not None else rx.fragment(),
        step_form(scene, *content),
    )


def step_form(
    scene: Scene,
    *content: Any,
    submit: Any = None,
    stays_in_sight: Any = None,
    has_links: bool = True,
) -> rx.Component:
    """The form of a step, with what is to be mended above it.

    `submit` says on the main button what it does, where the step knows better than its definition;
    below a long form the buttons stay in sight. Without links the step draws `step_links` itself.
    """
    return rx.fragment(
        rx.cond(
            scene.problems.length() > 0,
            error_summary(text("Please check this"), scene.problems, attempt=scene.attempt),
        ),
        rx.el.form(
            *content,
            step_actions(scene, submit, stays_in_sight),
            *([step_links(scene)] if has_links else []),
            key=scene.view.form_key,
            on_submit=scene.submit,
            custom_attrs=FORM_ATTRIBUTES,
            class_name="grid gap-7",
        ),
    )


def step_root(scene: Scene, *content: Any) -> rx.Component:
    """The element that is the step, with its title and what there is to say before it."""
    return rx.el.section(
        stack(
            step_title(scene.view.title),
            rx.cond(scene.view.intro, lead(scene.view.intro)),
            gap="sm",
        ),
        step_notice(),
        rx.foreach(scene.view.messages, lambda message: alert(rx.el.p(message))),
        *content,
        aria_labelledby=TITLE_ID,
        custom_attrs={"data-step": scene.view.step_id, "data-alive": scene.is_alive.to_string()},
        class_name="grid gap-7",
    )


def step_title(title: Any) -> rx.Component:
    """The heading of a step, which takes the focus when the step appears."""
    return heading(
        title, level="1", looks_like="2", id=TITLE_ID, tab_index=-1, class_name="outline-none"
    )


def step_notice() -> rx.Component:
    """What became of the last thing the person tried, and the way on."""
    return rx.el.div(
        rx.cond(
            JourneyState.notice,
            alert(
                rx.el.p(JourneyState.notice),
                row(
                    rx.cond(
                        JourneyState.can_return,
                        button(
                            text("Show where I was"),
                            variant="outline",
                            size="sm",
                            on_click=JourneyState.return_to_latest,
                        ),
                    ),
                    button(
                        text("Close"),
                        variant="outline",
                        size="sm",
                        on_click=JourneyState.dismiss,
                    ),
                ),
                variant="warning",
            ),
        ),
        id=NOTICE_ID,
        tab_index=-1,
        class_name="outline-none empty:hidden",
    )


def step_actions(scene: Scene, submit: Any = None, stays_in_sight: Any = None) -> rx.Component:
    """Back, and the step's main button."""
    stays = scene.view.is_wide if stays_in_sight is None else rx.Var.create(stays_in_sight)
    return rx.el.div(
        actions(
            rx.cond(scene.view.can_go_back, back_button(scene), rx.el.span()),
            button(
                scene.view.submit_title if submit is None else submit,
                icon("arrow-end", size="sm"),
                type="submit",
                size="lg",
                is_loading=scene.is_busy,
                custom_attrs=FIRST_CLICK_ONLY,
            ),
        ),
        data_stays=rx.cond(stays, "true", "false"),
        # Below a long list the way on stays in sight.
        class_name=rx.cond(
            stays,
            "sticky bottom-0 z-10 -mx-4 border-t border-line bg-canvas px-4 py-3 sm:mx-0 sm:px-0"
            " max-sm:*:flex-row! max-sm:*:justify-between! max-sm:*:pt-0! max-sm:*:*:w-auto!"
            " max-sm:[&_button]:px-4 max-sm:[&_button]:text-md",
            "",
        ),
    )


def step_links(scene: Scene) -> rx.Component:
    """The ways to earlier steps, such as “refine”."""
    return rx.fragment(
        rx.cond(
            scene.view.links.length() > 0,
            row(rx.foreach(scene.view.links, lambda link: step_link(scene, link))),
        )
    )


def back_button(scene: Scene) -> rx.Component:
    """The way to the step before."""
    return button(
        icon("arrow-start", size="sm"),
        text("Back"),
        variant="ghost",
        size="lg",
        class_name="sm:-ms-5",
        on_click=scene.back,
        custom_attrs={"data-action": "back"},
    )


def step_link(scene: Scene, link: Any) -> rx.Component:
    """A way to an earlier step, such as “refine”."""
    return button(
        link.title,
        variant="outline",
        size="sm",
        on_click=scene.goto(link.step),
        custom_attrs={"data-goto": link.step},
    )
