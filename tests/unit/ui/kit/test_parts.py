"""What holds for every part: looks from tables, no inline styles, both ways of writing."""

import ast
import re
from collections.abc import Callable
from pathlib import Path

import pytest
import reflex as rx

from trex_app.ui import kit
from trex_app.ui.kit import (
    buttons,
    choices,
    disclosure,
    feedback,
    fields,
    icons,
    layout,
    media,
    navigation,
    notices,
    overlays,
    surfaces,
    tables,
    vehicles,
)
from trex_app.ui.kit.options import Option
from trex_app.ui.studio.gallery import SECTIONS

SOURCES = sorted(Path(kit.__file__).parent.glob("*.py"))
OPTIONS = [Option("a", "A")]

# Every part with a look, as (its table, the part drawn in the look of that name).
LOOKS: list[tuple[dict, Callable[[str], object]]] = [
    (buttons.VARIANTS, lambda name: buttons.button("x", variant=name)),
    (buttons.SIZES, lambda name: buttons.button("x", size=name)),
    (buttons.WIDTHS, lambda name: buttons.button("x", width=name)),
    (buttons.VARIANTS, lambda name: buttons.button_link("x", href="/", variant=name)),
    (buttons.VARIANTS, lambda name: buttons.icon_button("x", "Close", variant=name)),
    (buttons.ICON_SIZES, lambda name: buttons.icon_button("x", "Close", size=name)),
    (buttons.LINKS, lambda name: buttons.link("x", href="/", variant=name)),
    (fields.KINDS, lambda name: fields.text_field("f", "F", kind=name)),
    (fields.INPUTS, lambda name: fields.text_input(variant=name)),
    (choices.COLUMNS, lambda name: choices.radio_cards("f", "F", OPTIONS, columns=name)),
    (surfaces.CARDS, lambda name: surfaces.card("x", variant=name)),
    (surfaces.PADDINGS, lambda name: surfaces.card("x", padding=name)),
    (surfaces.BADGES, lambda name: surfaces.badge("x", variant=name)),
    (surfaces.AVATARS, lambda name: surfaces.avatar("Ada", size=name)),
    (feedback.ALERTS, lambda name: feedback.alert("x", variant=name)),
    (feedback.SKELETONS, feedback.skeleton),
    (feedback.SPINNER_SIZES, lambda name: feedback.spinner("Loading", size=name)),
    (layout.WIDTHS, lambda name: layout.container("x", width=name)),
    (layout.GAPS, lambda name: layout.stack("x", gap=name)),
    (layout.ALIGNMENTS, lambda name: layout.row("x", align=name)),
    (layout.JUSTIFICATIONS, lambda name: layout.row("x", justify=name)),
    (layout.GRIDS, lambda name: layout.grid("x", columns=name)),
    (layout.SPACERS, layout.spacer),
    (layout.HEADINGS, lambda name: layout.heading("x", level=name)),
    (
        overlays.DIALOGS,
        lambda name: overlays.dialog("x", dialog_id="d", title="T", close_label="C", variant=name),
    ),
    (overlays.MENU_ITEMS, lambda name: overlays.menu_item("x", variant=name)),
    (disclosure.FRAMES, lambda name: disclosure.accordion_item("x", variant=name)),
    (tables.ALIGNMENTS, lambda name: tables.table("T", [tables.Column("A", str, name)], [])),
    (media.RATIOS, lambda name: media.picture("/a.png", "A", ratio=name)),
    (vehicles.SIZES, lambda name: vehicles.vehicle("suv", size=name)),
    (icons.PATHS, icons.icon),
    (icons.SIZES, lambda name: icons.icon("check", size=name)),
    (notices.STANDING_SECONDS, lambda name: notices.toast_of("t", name, "x")),
]


@pytest.mark.parametrize(("table", "draw"), LOOKS)
def test_every_look_of_the_table_can_be_drawn(table: dict, draw: Callable[[str], object]):
    assert all(draw(name) is not None for name in table)


@pytest.mark.parametrize(("table", "draw"), LOOKS)
def test_a_wrong_look_is_refused_with_every_right_one(table: dict, draw: Callable[[str], object]):
    with pytest.raises(ValueError, match="cannot be 'wrong'") as refusal:
        draw("wrong")
    assert str(refusal.value).endswith(f"Choose one of: {', '.join(table)}.")


@pytest.mark.parametrize("title", SECTIONS)
def test_no_part_writes_an_inline_style(title: str):
    """The page's policy forbids them. A prop that Reflex does not know becomes one."""
    assert re.findall(r"(?:css|style):.{60}", str(SECTIONS[title]())) == []


@pytest.mark.parametrize("source", SOURCES, ids=lambda source: source.stem)
def test_classes_know_start_and_end_but_not_left_and_right(source: Path):
    sided = re.compile(
        r"(?:^|[\s:])-?(?:(?:[mp][lr]|left|right|inset-[lr]|border-[lr]|rounded-[tb]?[lr])-[\d\[(a-z]"
        r"|(?:text|float)-(?:left|right))"
    )
    # The middle has no side, if half of the width is taken back again.
    classes = [re.sub(r"left-1/2(.*-translate-x-1/2)", r"\1", text) for text in texts_of(source)]
    assert [text for text in classes if sided.search(text)] == []


@pytest.mark.parametrize("source", SOURCES, ids=lambda source: source.stem)
def test_no_class_is_put_together_from_pieces(source: Path):
    """Tailwind reads the text of the pages: `bg-` beside a value would never be seen."""
    pieces = re.compile(r"(?:bg|text|border|gap|size|p|m|w|h)-$")
    assert [text for text in texts_of(source) if pieces.search(text)] == []


def texts_of(source: Path) -> list[str]:
    tree = ast.parse(source.read_text(encoding="utf-8"))
    constants = (node.value for node in ast.walk(tree) if isinstance(node, ast.Constant))
    return [value for value in constants if isinstance(value, str)]


class TestNavigation:
    def test_a_link_inside_the_app_goes_without_a_page_load(self):
        assert "ReactRouterLink" in str(buttons.link("x", href="/privacy"))

    @pytest.mark.parametrize("href", ["https://example.org", "mailto:ada@example.org", "#main"])
    def test_any_other_link_is_the_platforms_own(self, href: str):
        assert "ReactRouterLink" not in str(buttons.link("x", href=href))

    def test_a_crumb_for_the_page_itself_is_not_a_link(self):
        drawn = str(navigation.breadcrumb([("Home", "/"), ("Here", "")], "Where you are"))
        assert drawn.count("ReactRouterLink") == 1
        assert '"aria-current":"page"' in drawn


class TestButton:
    def test_one_that_loads_says_so_and_keeps_its_name(self):
        drawn = str(buttons.button("Send", is_loading=True))
        assert '"aria-busy":"true"' in drawn
        assert '"Send"' in drawn

    def test_whether_it_loads_may_be_known_only_in_the_browser(self):
        drawn = str(buttons.button("Send", is_loading=rx.Var("sending", _var_type=bool)))
        assert '"aria-busy":(isTrue(sending) ? "true" : "false")' in drawn

    def test_one_in_a_form_sends_nothing_unless_it_is_told_to(self):
        assert 'type:"button"' in str(buttons.button("Help"))
        assert 'type:"submit"' in str(buttons.button("Send", type="submit"))

    def test_an_icon_alone_has_a_name(self):
        assert '"aria-label":"Close"' in str(buttons.icon_button("x", "Close"))


class TestDrawings:
    def test_an_icon_beside_a_text_is_not_read(self):
        assert '"aria-hidden":"true"' in str(icons.icon("check"))

    def test_an_icon_with_a_label_is_a_picture(self):
        drawn = str(icons.icon("check", label="Done"))
        assert '"aria-label":"Done"' in drawn
        assert 'role:"img"' in drawn

    def test_icons_that_point_along_the_line_turn_round_with_it(self):
        assert "rtl:-scale-x-100" in str(icons.icon("arrow-end"))
        assert "rtl:-scale-x-100" not in str(icons.icon("check"))


class TestAlerts:
    def test_only_a_danger_interrupts(self):
        roles = {name: str(feedback.alert("x", variant=name)) for name in feedback.ALERTS}
        assert [name for name, drawn in roles.items() if 'role:"alert"' in drawn] == ["danger"]

    def test_a_toast_with_an_action_waits_for_it(self):
        assert notices.toast_of("t", "success", "Saved", "Undo").seconds == 0
        assert notices.toast_of("t", "success", "Saved").seconds > 0

    def test_a_toast_about_a_failure_stays(self):
        assert notices.toast_of("t", "danger", "That was not sent.").seconds == 0


def test_a_select_is_dressed_in_one_place_only():
    ui = Path(kit.__file__).parents[1]
    dressed = [path for path in ui.rglob("*.py") if "rx.el.select(" in path.read_text("utf-8")]
    assert [path.name for path in dressed] == ["choices.py"]
