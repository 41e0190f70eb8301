"""A step as a page: what its template draws, for every kind of field and in every state."""

from dataclasses import replace
from typing import Any

import pytest

from tests.integration.plain_browser import Node, entries, read
from trex_app.api.plain.forms import Stamp
from trex_app.api.plain.listing import Offer
from trex_app.api.plain.pages import FILES, Say, file_address, render, step_page
from trex_app.services.views import PathEntry, Progress, StepView

STAMP = Stamp.new("token", "0b0f8e0e-5b0c-4a55-9a0e-3f6f5f0d7c11", 3)
STEP = StepView(
    session_id=STAMP.session_id,
    workflow_type="test_drive",
    status="active",
    step_id="car",
    component_name="Car",
    data={},
    validation_rules={"type": "object"},
    can_go_back=True,
    next_step_id=None,
    path=(PathEntry("car", "Which car?"),),
    ui_config={"title": "Which car?", "intro": "", "fields": [], "links": []},
    revision=3,
    progress=Progress(0, 4),
)


def field(name: str, **changed: Any) -> dict[str, Any]:
    usual = {
        "name": name,
        "schema": {"type": "string"},
        "title": f"The {name}",
        "help": "",
        "placeholder": "",
        "widget": "",
        "is_required": False,
        "is_conditional": False,
        "is_list": False,
        "pii": "none",
        "options": [],
    }
    return usual | changed


def drawn(
    *fields: dict[str, Any],
    answers: dict[str, Any] | None = None,
    say: Say | None = None,
    locale: str = "en",
    **changed: Any,
) -> Node:
    config = {**STEP.ui_config, "fields": list(fields)}
    step = replace(STEP, ui_config=config, answers=answers or {}, **changed)
    page = step_page(step, STAMP, Offer(), say or Say(), locale)
    path = "/h/test_drive/car" if locale == "en" else f"/{locale}/h/test_drive/car"
    return read(render("step.html", path, "Which car?", page=page))


CHOICES = [
    {"value": "a", "title": "First", "details": {}},
    {"value": "b", "title": "Second", "details": {}},
]
THINGS = [
    {**choice, "details": {"price": {"amount_minor": 100000, "currency": "USD"}}}
    for choice in CHOICES
]
ENUM = {"type": "string", "enum": ["a", "b"]}


@pytest.mark.parametrize(
    ("asked", "answer", "sent"),
    [
        (field("it"), "x <b>", ["x <b>"]),
        (field("it", widget="textarea"), "\nfirst\nsecond", ["\r\nfirst\r\nsecond"]),
        (field("it", widget="email"), "a@b.example", ["a@b.example"]),
        (field("it", schema={"type": "integer"}), 12000, ["12000"]),
        (field("it", schema={"type": "integer"}, widget="money"), 12000, ["12000"]),
        (field("it", schema={"type": "string", "format": "date"}), "1985-04-12", ["1985-04-12"]),
        (field("it", widget="hidden"), "unseen", ["unseen"]),
        (field("it", schema={"type": "boolean", "const": True}), True, ["true"]),
        (field("it", schema={"type": "boolean"}), False, ["false"]),
        (field("it", schema=ENUM, widget="select", options=CHOICES), "b", ["b"]),
        (field("it", schema=ENUM, widget="radio", options=CHOICES), "b", ["b"]),
        (field("it", schema=ENUM, widget="cards", options=CHOICES), "a", ["a"]),
        (field("it", schema=ENUM, widget="table", options=THINGS), "b", ["b"]),
        (
            field("it", schema={"type": "array", "items": ENUM}, is_list=True, options=CHOICES),
            ["a", "b"],
            ["a", "b"],
        ),
        (
            field(
                "it",
                schema={"type": "array", "items": ENUM},
                is_list=True,
                widget="ranked",
                options=CHOICES,
            ),
            ["b"],
            ["b", ""],
        ),
    ],
    ids=lambda value: (
        value["widget"] or str(value["schema"])[:40] if isinstance(value, dict) else ""
    ),
)
class TestEveryControl:
    def test_sends_back_what_it_holds(
        self, asked: dict[str, Any], answer: Any, sent: list[str]
    ) -> None:
        form = drawn(asked, answers={"it": answer}).one("form", id="step")
        assert [value for name, value in entries(form) if name == "it"] == sent

    def test_says_what_is_wrong_with_it(
        self, asked: dict[str, Any], answer: Any, sent: list[str]
    ) -> None:
        page = drawn(asked, say=Say(errors={"it": "Mend this."}))
        if asked["widget"] == "hidden":
            assert page.all("div", id="error-summary") == []
            return
        link = page.one("div", id="error-summary").one("a")
        assert link.get("href") == "#field-it"
        assert link.text == "The it: Mend this."
        assert page.all("input", "select", "textarea", id="field-it")
        error = page.one("p", id="field-it-error")
        assert error.text == "Error: Mend this."
        described = [
            node
            for node in page.all("input", "select", "textarea", "fieldset")
            if "field-it-error" in node.get("aria-describedby").split()
        ]
        assert described


def test_every_id_of_a_page_is_there_once() -> None:
    page = drawn(
        field("one", schema=ENUM, options=CHOICES),
        field("two", schema=ENUM, options=CHOICES, widget="cards"),
        field("three", help="Help."),
        say=Say("Notice.", {"one": "Mend this."}, resume_address="http://localhost/h/-/resume/x"),
    )
    ids = [node.get("id") for node in everything(page) if node.has("id")]
    assert len(ids) == len(set(ids))
    pointed_at = [
        target for node in everything(page) for target in node.get("aria-describedby").split()
    ]
    assert set(pointed_at) <= set(ids)


def everything(node: Node) -> list[Node]:
    children = [child for child in node.children if isinstance(child, Node)]
    return children + [below for child in children for below in everything(child)]


def test_what_is_needed_is_marked_and_said() -> None:
    page = drawn(field("one", is_required=True), field("two"), field("three", is_conditional=True))
    assert page.one("input", name="one").get("aria-required") == "true"
    assert "* We need these answers." in page.text
    labels = {label.get("for"): label.text for label in page.one("form", id="step").all("label")}
    assert labels == {
        "field-one": "The one *",
        "field-two": "The two (optional)",
        "field-three": "The three (only if it applies)",
    }


def test_a_step_of_one_question_asks_it_in_its_title() -> None:
    page = drawn(field("it", schema=ENUM, options=CHOICES, is_required=True))
    assert page.one("legend").get("class") == "sr-only"
    assert "We need these answers" not in page.text


def test_a_completed_journey_can_be_looked_at_and_not_saved() -> None:
    page = drawn(field("it"), status="completed")
    actions = {button.get("value") for button in page.all("button", name="trex.action")}
    assert actions == {"submit", "back"}


def test_an_ending_asks_nothing() -> None:
    page = drawn(validation_rules={}, status="completed")
    assert {button.get("value") for button in page.all("button", name="trex.action")} == {"back"}
    assert page.all("progress") == []


def test_a_page_speaks_the_language_of_its_address() -> None:
    page = drawn(field("it"), locale="de")
    assert page.one("html").get("lang") == "de"
    assert page.one("button", value="back").text == "Zurück"
    assert page.one("a", hreflang="en").get("href") == "/h/test_drive/car"
    assert page.one("form", id="step").get("action") == "/de/h/test_drive/car"


def test_a_vin_is_looked_up_only_where_the_step_offers_it() -> None:
    asked = field("number", schema={"type": "string", "format": "vin"})
    assert drawn(asked, lookups=("vin.decode",)).all("button", value="decode")
    assert not drawn(asked).all("button", value="decode")


@pytest.mark.parametrize("name", FILES)
def test_a_file_has_an_address_that_changes_with_it(name: str) -> None:
    prefix, digest, last = file_address(name).rsplit("/", 2)
    assert (prefix, last) == ("/h/-/files", name)
    assert len(digest) == 12


def test_the_plain_pages_have_no_colours_of_their_own() -> None:
    css = FILES["plain.css"][0].read_text(encoding="utf-8")
    assert "#" not in css.replace("#field", "")
    assert not any(word in css for word in ("rgb(", "hsl(", "oklch(", "light-dark("))
    theme = FILES["theme.css"][0].read_text(encoding="utf-8")
    used = {part.partition(")")[0] for part in css.split("var(")[1:]}
    assert [token for token in used if f"{token}:" not in theme] == []
