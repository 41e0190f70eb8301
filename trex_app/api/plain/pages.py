"""The plain pages as values, and the one place that turns them into HTML."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache, partial
from pathlib import Path
from typing import Any, Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from trex_app.api.plain.forms import Stamp
from trex_app.api.plain.listing import Offer
from trex_app.core.errors import ValidationFailed
from trex_app.core.texts import locales, translate
from trex_app.display.addresses import PLAIN_PREFIX, locale_of, path_in, plain_path
from trex_app.display.drawings import drawing_name
from trex_app.display.faults import fault_line, sentence
from trex_app.display.screens import step_view
from trex_app.display.views import FieldView, LinkView, ProblemView, StepView
from trex_app.services import views as shown

Json = Any

PRODUCT: Final = "T-Rex"
TEMPLATES: Final = Path(__file__).parent / "templates"
ASSETS: Final = Path(__file__).parents[3] / "assets"
FILES: Final[Mapping[str, tuple[Path, str]]] = {
    "theme.css": (ASSETS / "theme.css", "text/css"),
    "plain.css": (ASSETS / "plain.css", "text/css"),
    "vehicles.svg": (ASSETS / "kit" / "vehicles.svg", "image/svg+xml"),
    "favicon.svg": (ASSETS / "favicon.svg", "image/svg+xml"),
}
"""What the pages are drawn with, by name: the file, and its media type."""

DIGEST_LENGTH: Final = 12
NO_DRAFT: Final[Mapping[str, Json]] = {}
DECODER: Final = "vin.decode"
CONDITIONAL_NOTE: Final = "only if it applies"


@dataclass(frozen=True, slots=True)
class Kept:
    """What was typed into a form that came too late: its step, and the fields as they were sent."""

    step: LinkView
    fields: Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Say:
    """What is to be said beside a step: of the last thing tried, and of what is to be mended."""

    notice: str = ""
    errors: Mapping[str, str] = field(default_factory=dict[str, str])
    can_return: bool = False
    resume_address: str = ""
    told: str = ""
    kept: Kept | None = None


@dataclass(frozen=True, slots=True)
class StepPage:
    """A step with all that its template draws. `decoded` names the field of a VIN to look up."""

    journey: str
    view: StepView
    stamp: Stamp
    offer: Offer
    say: Say
    problems: Sequence[ProblemView]
    decoded: str
    has_conditions: bool

    @property
    def is_wide(self) -> bool:
        """Whether it needs the room of the whole page."""
        return self.view.is_wide or bool(self.offer.listing.vehicles)

    @property
    def has_required(self) -> bool:
        """Whether some of several answers are needed, which their marks then say."""
        return not self.view.asks_one_thing and any(one.is_required for one in self.view.fields)

    @property
    def asks(self) -> bool:
        """Whether there is anything to fill in, and something to choose where one must choose."""
        return not (self.view.is_end or self.view.is_sealed) and not self.offer.listing.is_empty


def step_page(
    step: shown.StepView,
    stamp: Stamp,
    offer: Offer,
    say: Say,
    locale: str,
    draft: Mapping[str, Json] = NO_DRAFT,
) -> StepPage:
    """The page of a step; a `draft` of what was typed goes before the kept answers."""
    view = step_view(step, locale, draft)
    configs: Sequence[Mapping[str, Json]] = step.ui_config.get("fields", ())
    conditional = {config["name"] for config in configs if config["is_conditional"]}
    noted = [_noted(one, one.name in conditional, locale) for one in view.fields]
    titles = {one.name: one.title for one in view.fields if one.control != "hidden"}
    return StepPage(
        journey=step.workflow_type,
        view=replace(view, fields=noted),
        stamp=stamp,
        offer=offer,
        say=say,
        problems=[
            ProblemView(name, fault_line(titles[name], fault))
            for name, fault in say.errors.items()
            if name in titles
        ],
        decoded=vin_field(configs) if DECODER in step.lookups else "",
        has_conditions=bool(conditional),
    )


def _noted(one: FieldView, is_conditional: bool, locale: str) -> FieldView:
    return replace(one, note=translate(CONDITIONAL_NOTE, locale)) if is_conditional else one


def vin_field(configs: Sequence[Mapping[str, Json]]) -> str:
    """The name of the field that asks for a VIN; empty where none does."""
    return next((one["name"] for one in configs if one["schema"].get("format") == "vin"), "")


def errors_of(error: ValidationFailed, locale: str) -> dict[str, str]:
    """What to mend, by field; the first fault of each."""
    faults: dict[str, str] = {}
    for fault in error.errors:
        faults.setdefault(fault.field, sentence(fault, locale))
    return faults


def render(template: str, path: str, title: str, **values: Any) -> str:
    """The HTML of a page at an address, in the language of the address."""
    locale = locale_of(path)
    return (
        _environment()
        .get_template(template)
        .render(
            title=title,
            product=PRODUCT,
            locale=locale,
            languages=_languages(path),
            text=partial(translate, locale=locale),
            at=partial(address, locale),
            file=file_address,
            drawing=drawing_name,
            **values,
        )
    )


def address(locale: str, *parts: str) -> str:
    """The address of a plain page, such as `address("de", "buying", "vehicle_search")`."""
    return path_in(locale, "/".join([PLAIN_PREFIX, *parts]))


def _languages(path: str) -> list[tuple[str, str, str]]:
    """The same page in the other languages: its language, what that calls itself, the address."""
    here, plain = locale_of(path), plain_path(path)
    return [
        (locale, translate("English", locale), path_in(locale, plain))
        for locale in locales()
        if locale != here
    ]


@cache
def file_address(name: str) -> str:
    """The address of a file that pages draw with; it changes with the file's content."""
    digest = hashlib.sha256(FILES[name][0].read_bytes()).hexdigest()[:DIGEST_LENGTH]
    return f"{PLAIN_PREFIX}/-/files/{digest}/{name}"


@cache
def _environment() -> Environment:
    return Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
