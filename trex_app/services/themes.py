"""A tenant's theme: values for the tokens of assets/theme.css that a site may set by itself.

A value is checked against what its token may hold, so that none can end a declaration, load
anything, or refer to what is not its own.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Final

from trex_app.core.errors import FieldError, ValidationFailed

PREFIX: Final = "--trex-"
"""What the name of a token begins with in CSS."""

NUMBER: Final = r"-?[0-9]{1,4}(?:\.[0-9]{1,6})?(?:%|deg)?"
PLAIN_COLOUR: Final = (
    r"(?:#(?:[0-9a-fA-F]{3,4}|[0-9a-fA-F]{6}|[0-9a-fA-F]{8})|[a-z]{3,24}"
    rf"|(?:rgba?|hsla?|oklch|oklab|lab|lch)\({NUMBER}(?:(?: |, ?| ?/ ?){NUMBER}){{2,3}}\))"
)
COLOUR: Final = re.compile(
    rf"{PLAIN_COLOUR}|light-dark\({PLAIN_COLOUR}, ?{PLAIN_COLOUR}\)",
)
PLAIN_LENGTH: Final = r"(?:0|[0-9]{1,3}(?:\.[0-9]{1,4})?(?:px|rem|em))"
LENGTH: Final = re.compile(PLAIN_LENGTH)
FAMILY: Final = r"(?:\"[A-Za-z0-9][A-Za-z0-9 _-]{0,39}\"|[A-Za-z][A-Za-z0-9-]{0,39})"
FONTS: Final = re.compile(rf"{FAMILY}(?:, ?{FAMILY}){{0,9}}")
PLAIN_SHADOW: Final = rf"(?:inset )?(?:-?{PLAIN_LENGTH} ){{2,4}}(?:{COLOUR.pattern})"
SHADOW: Final = re.compile(rf"none|{PLAIN_SHADOW}(?:, ?{PLAIN_SHADOW}){{0,3}}")
EASING: Final = re.compile(
    r"linear|ease(?:-in|-out|-in-out)?"
    r"|cubic-bezier\((?:[01]|0?\.[0-9]{1,4})(?:, ?-?[0-9]?\.?[0-9]{1,4}){3}\)"
)
DURATION: Final = re.compile(r"[0-9]{1,3}ms|0?\.[0-9]{1,3}s")

COLOURS: Final = (
    *("canvas", "surface", "sunken", "raised", "line", "track", "line-strong"),
    *("ink", "ink-soft", "ink-faint"),
    *("accent", "accent-hover", "accent-soft", "on-accent"),
    *("warm", "warm-soft", "danger", "danger-hover", "danger-soft", "on-danger"),
    *("success", "success-soft", "info", "info-soft", "backdrop", "focus"),
    *("shade", "shade-deep"),
)
LENGTHS: Final = (
    *("text-xs", "text-sm", "text-md", "text-lg", "text-xl", "text-2xl", "text-3xl"),
    *("radius-sm", "radius-md", "radius-lg", "radius-full", "space", "target", "focus-width"),
)
FAMILIES: Final = ("font", "font-mono")
SHADOWS: Final = ("shadow-1", "shadow-2", "shadow-3")
EASINGS: Final = ("ease",)
DURATIONS: Final = ("fast", "slow")

KINDS: Final[Mapping[str, tuple[re.Pattern[str], str]]] = {
    **dict.fromkeys(COLOURS, (COLOUR, "a colour, such as #0b6b53 or light-dark(#0b6b53, #4cc49c)")),
    **dict.fromkeys(LENGTHS, (LENGTH, "a length in px, rem or em, such as 0.5rem")),
    **dict.fromkeys(FAMILIES, (FONTS, 'font names, such as "Open Sans", Arial, sans-serif')),
    **dict.fromkeys(SHADOWS, (SHADOW, "none, or shadows, such as 0 1px 2px rgb(0 0 0 / 0.2)")),
    **dict.fromkeys(EASINGS, (EASING, "a curve, such as ease-out or cubic-bezier(0.2, 0, 0, 1)")),
    **dict.fromkeys(DURATIONS, (DURATION, "a time of less than a second, such as 120ms")),
}
"""What each token may hold, and how to say so."""


def theme_from(given: Mapping[str, str]) -> dict[str, str]:
    """The tokens by their names without the prefix. Raises ValidationFailed for each wrong one."""
    theme = {name.strip().removeprefix(PREFIX): value.strip() for name, value in given.items()}
    faults = list(_faults(theme))
    if faults:
        raise ValidationFailed(faults)
    return theme


def stylesheet(theme: Mapping[str, str]) -> str:
    """The theme as CSS, for pages that run no script."""
    lines = [f"  {PREFIX}{name}: {value};\n" for name, value in theme.items()]
    return f":root {{\n{''.join(lines)}}}\n"


def _faults(theme: Mapping[str, str]) -> Iterator[FieldError]:
    for name, value in theme.items():
        field = f"theme.{name[:40]}"
        if name not in KINDS:
            known = ", ".join(KINDS)
            text = "There is no token of this name. These can be set: {known}."
            yield FieldError(field, "unknown_token", text, {"known": known})
        elif not KINDS[name][0].fullmatch(value):
            text = "The token {name} is {wanted}."
            yield FieldError(field, "token_value", text, {"name": name, "wanted": KINDS[name][1]})
