"""Turns a step, as the services show it, into what the pages draw."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

from trex_app.core.errors import SealedStep, SessionCompleted
from trex_app.core.texts import DEFAULT_LOCALE, translate
from trex_app.display.dealer_map import dealers_of
from trex_app.display.facts import panels_of
from trex_app.display.fields import fields_of
from trex_app.display.listings import listing_of
from trex_app.display.vehicles import vehicle_of
from trex_app.display.views import LinkView, ReferenceView, StepView, SummaryLine
from trex_app.engine.digest import digest
from trex_app.services import views as shown

Json = Any

NO_DRAFT: Final[Mapping[str, Json]] = {}
NO_LINKS: Final[Mapping[str, str]] = {}
OWN_UI_KEYS: Final = frozenset({"title", "intro", "fields", "links", "submit"})
SEALED_COMPONENT: Final = "Sealed"
"""Draws every step whose answers can no longer change."""

SUBMIT_TITLE = "Continue"
SENT_AS = {"buying": "Purchase", "selling": "Sale"}
NO_MATCH = "Nothing fits exactly. These come nearest."


def step_view(
    step: shown.StepView,
    locale: str = DEFAULT_LOCALE,
    draft: Mapping[str, Json] = NO_DRAFT,
    status_links: Mapping[str, str] = NO_LINKS,
) -> StepView:
    """The step as the pages draw it; a `draft` of what was typed goes before the kept answers.

    `status_links` are signed, by reference.
    """
    ui = step.ui_config
    answers = {**step.answers, **draft}
    is_end = not step.validation_rules
    fields = fields_of(ui.get("fields", []), answers, locale)
    has_things = any(field.has_things for field in fields)
    view = StepView(
        step_id=step.step_id,
        locale=locale,
        component=step.component_name,
        title=ui.get("title", ""),
        intro=ui.get("intro", ""),
        revision=step.revision,
        form_key=f"{step.step_id}-{digest(answers)[:8]}",
        fields=fields,
        links=[LinkView(link["to"], link["title"]) for link in ui.get("links", [])],
        messages=list(step.messages),
        note=_note(step.data, locale),
        summary=[SummaryLine(**line) for line in step.data.get("summary", [])],
        panels=panels_of(step.data, locale, has_choices=has_things),
        listing=listing_of(step.data, locale),
        vehicle=vehicle_of(step.data.get("vehicle") or {}, locale),
        references=_references(step.data, locale, status_links),
        next_steps=list(step.data.get("next_steps", [])),
        data=dict(step.data),
        dealers=dealers_of(step.data, answers, locale),
        ui={key: value for key, value in ui.items() if key not in OWN_UI_KEYS},
        answers=answers,
        path=[LinkView(entry.step_id, entry.title) for entry in step.path],
        submit_title=ui.get("submit") or translate(SUBMIT_TITLE, locale),
        can_go_back=step.can_go_back,
        is_wide=has_things,
        asks_one_thing=len(fields) == 1,
        is_end=is_end,
        is_completed=step.status == "completed",
        steps_done=step.progress.done,
        steps_expected=step.progress.expected,
    )
    return _sealed(view, step) if step.is_sealed else view


def _sealed(view: StepView, step: shown.StepView) -> StepView:
    """The same step to read: what was answered, and why it can no longer change."""
    reason = SessionCompleted if view.is_completed else SealedStep
    return replace(
        view,
        component=SEALED_COMPONENT,
        summary=[SummaryLine(**line) for line in step.given],
        is_wide=False,
        is_sealed=True,
        sealed_note=translate(reason.default_message, view.locale),
        next_step=_following(step),
    )


def _following(step: shown.StepView) -> str:
    """The step behind this one on the way that was taken."""
    steps = [entry.step_id for entry in step.path]
    behind = steps[steps.index(step.step_id) + 1 :] if step.step_id in steps else []
    return behind[0] if behind else steps[-1]


def _references(
    data: Mapping[str, Json], locale: str, links: Mapping[str, str]
) -> list[ReferenceView]:
    return [
        ReferenceView(
            row["reference"],
            translate(SENT_AS.get(row["journey"], ""), locale),
            links.get(row["reference"], ""),
        )
        for row in data.get("references", [])
    ]


def _note(data: Mapping[str, Json], locale: str) -> str:
    """What has to be said of a list of hits: how many there are, or that nothing fits."""
    if "total" not in data or "vehicles" not in data:
        return ""
    total, shown_count = data["total"], len(data["vehicles"])
    if total == 0:
        return translate(NO_MATCH, locale)
    if total > shown_count:
        text = translate("{shown} of {total} vehicles, the best first.", locale)
        return text.format(shown=shown_count, total=total)
    return translate("{total} vehicles.", locale).format(total=total)
