"""The way to the same page in another language."""

import json

import reflex as rx
from reflex.vars import VarData

from trex_app.core.texts import DEFAULT_LOCALE, locales, translate
from trex_app.ui.kit.buttons import link
from trex_app.ui.kit.icons import icon
from trex_app.ui.state.language import page_locale, text


def language_switch() -> rx.Component:
    """A link for each other language, in its own words."""
    others = [locale for locale in locales() if locale != page_locale()]
    return rx.el.nav(
        *[way_to(locale) for locale in others],
        aria_label=text("Language"),
    )


def way_to(locale: str) -> rx.Component:
    """The link to this page in a language."""
    return link(
        icon("globe", size="sm"),
        # Each catalogue says here what its own language is called.
        rx.el.span(translate("English", locale), lang=locale),
        href=same_page_in(locale),
        variant="quiet",
        # A load of its own: by it the server learns what was chosen, see LanguageChoice.
        is_external=True,
        custom_attrs={"hrefLang": locale},
        class_name="inline-flex min-h-target items-center gap-2 px-2 text-sm font-semibold",
    )


def same_page_in(locale: str) -> rx.Var[str]:
    """The address of the page on display, in a language. Known when prerendering, too."""
    here = page_locale()
    plain = "pathname"
    if here != DEFAULT_LOCALE:
        plain = f'(pathname.slice({len(here) + 1}) || "/")'
    address = plain
    if locale != DEFAULT_LOCALE:
        address = f'{json.dumps(f"/{locale}")} + {plain}.replace(/\\/$/, "")'
    return rx.Var(
        f"({address})",
        _var_type=str,
        _var_data=VarData(
            imports={"react-router": "useLocation"},
            hooks={"const { pathname } = useLocation()": None},
        ),
    )
