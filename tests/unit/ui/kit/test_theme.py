"""The tokens: enough contrast for everybody, in every theme, and one source for each value."""

import re
from itertools import product

import pytest

from trex_app.ui.build import PROJECT_DIR

THEME = (PROJECT_DIR / "assets" / "theme.css").read_text(encoding="utf-8")
SCHEMES = ("light", "dark")
CONTRASTS = ("standard", "more")
GROUNDS = ("canvas", "surface", "sunken", "raised")
TINTS = {
    "accent": "accent-soft",
    "warm": "warm-soft",
    "danger": "danger-soft",
    "success": "success-soft",
    "info": "info-soft",
}

# WCAG 2.1, 1.4.3: what is read. Every text role on every ground it is drawn on.
READ = [
    *product(("ink", "ink-soft", "ink-faint", "accent", "danger", "warm"), GROUNDS),
    *product(("ink", "ink-soft"), TINTS.values()),
    *TINTS.items(),
    ("on-accent", "accent"),
    ("on-accent", "accent-hover"),
    ("on-danger", "danger"),
    ("on-danger", "danger-hover"),
    ("canvas", "ink"),
]
# WCAG 2.1, 1.4.11: what is recognised: frames of controls, the ring of the focus, icons.
RECOGNISED = [
    *product(("line-strong", "focus"), GROUNDS),
    ("accent", "track"),
    ("success", "raised"),
    ("info", "raised"),
]
AA_TEXT, AA_SHAPE, AAA_TEXT = 4.5, 3.0, 7.0


def block(selector: str) -> dict[str, str]:
    """The declarations of the first rule with this selector."""
    start = THEME.index("{", THEME.index(selector)) + 1
    body = THEME[start : THEME.index("}", start)]
    return dict(re.findall(r"--trex-([\w-]+):\s*([^;]+);", body))


DEFAULTS = block(":where(:root, :host, [data-theme]) {")
MORE_BY_CHOICE = block(':where([data-contrast="more"]) {')
MORE_BY_SYSTEM = block(':where(:root, :host, [data-theme]):where(:not([data-contrast="standard"]))')


def colour(role: str, scheme: str, contrast: str) -> tuple[int, int, int]:
    value = (DEFAULTS | (MORE_BY_CHOICE if contrast == "more" else {}))[role]
    if alias := re.fullmatch(r"var\(--trex-([\w-]+)\)", value):
        return colour(alias[1], scheme, contrast)
    pair = re.fullmatch(r"light-dark\(#([0-9a-f]{6}), #([0-9a-f]{6})\)", value)
    assert pair, f"--trex-{role} is not light-dark(#rrggbb, #rrggbb): {value}"
    red, green, blue = bytes.fromhex(pair[1 + SCHEMES.index(scheme)])
    return red, green, blue


def luminance(rgb: tuple[int, int, int]) -> float:
    """Relative luminance, WCAG 2.1."""
    shares = [channel / 255 for channel in rgb]
    linear = [
        share / 12.92 if share <= 0.04045 else ((share + 0.055) / 1.055) ** 2.4 for share in shares
    ]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast_ratio(one: tuple[int, int, int], other: tuple[int, int, int]) -> float:
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def test_black_on_white_has_the_ratio_that_wcag_names():
    assert contrast_ratio((0, 0, 0), (255, 255, 255)) == pytest.approx(21)


@pytest.mark.parametrize("contrast", CONTRASTS)
@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize(("text", "ground"), READ)
def test_text_can_be_read(text: str, ground: str, scheme: str, contrast: str):
    ratio = contrast_ratio(colour(text, scheme, contrast), colour(ground, scheme, contrast))
    assert ratio >= AA_TEXT, f"{text} on {ground}, {scheme}, {contrast}: {ratio:.2f}"


@pytest.mark.parametrize("contrast", CONTRASTS)
@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize(("shape", "ground"), RECOGNISED)
def test_shapes_can_be_recognised(shape: str, ground: str, scheme: str, contrast: str):
    ratio = contrast_ratio(colour(shape, scheme, contrast), colour(ground, scheme, contrast))
    assert ratio >= AA_SHAPE, f"{shape} on {ground}, {scheme}, {contrast}: {ratio:.2f}"


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize(("text", "ground"), READ)
def test_high_contrast_is_high(text: str, ground: str, scheme: str):
    ratio = contrast_ratio(colour(text, scheme, "more"), colour(ground, scheme, "more"))
    assert ratio >= AAA_TEXT, f"{text} on {ground}, {scheme}: {ratio:.2f}"


def test_high_contrast_is_the_same_by_choice_and_by_the_system():
    assert MORE_BY_CHOICE == MORE_BY_SYSTEM


def test_high_contrast_names_no_role_of_its_own():
    assert set(MORE_BY_CHOICE) <= set(DEFAULTS)


def test_every_token_of_the_utilities_is_defined():
    utilities = THEME[THEME.index("@theme inline") :]
    assert set(re.findall(r"var\(--trex-([\w-]+)\)", utilities)) <= set(DEFAULTS)


def test_every_colour_has_a_utility():
    colours = {name for name, value in DEFAULTS.items() if "light-dark(" in value}
    colours -= {"shade", "shade-deep"}  # only shadows are made of them
    assert {
        name for name in colours if f"--color-{name}: var(--trex-{name});" not in THEME
    } == set()


def test_a_hosts_plain_rule_wins_over_every_token():
    """Selectors in :where() weigh nothing, so that a rule on the root overrides a token."""
    rules = re.sub(r"/\*.*?\*/", "", THEME[: THEME.index("@theme inline")], flags=re.DOTALL)
    heads = [head.strip() for head in re.findall(r"([^{}]+)\{", rules)]
    selectors = [head for head in heads if not head.startswith("@")]
    weightless = re.compile(r"(:where\((?:[^()]|\([^()]*\))*\))+")
    assert selectors
    assert [selector for selector in selectors if not weightless.fullmatch(selector)] == []
