"""Looks, classes and texts that are plain or Vars."""

import pytest
import reflex as rx

from trex_app.ui.kit.variants import is_missing, joined, look, when_given, with_classes

WORD = rx.Var("word", _var_type=str)


def test_an_unknown_look_is_refused_with_the_right_ones():
    with pytest.raises(ValueError, match=r"A lamp cannot be 'dim'. Choose one of: on, off\."):
        look({"on": "lit", "off": ""}, "dim", "lamp")


def test_the_callers_classes_come_after_the_parts_own():
    assert with_classes({"class_name": "mt-4", "id": "x"}, "flex", "gap-2") == {
        "class_name": ["flex", "gap-2", "mt-4"],
        "id": "x",
    }


def test_the_callers_classes_may_be_a_list():
    assert with_classes({"class_name": ["a", ""]}, "b") == {"class_name": ["b", "a"]}


def test_plain_words_are_joined_without_the_empty_ones():
    assert joined(["a", "", "b"]) == "a b"


def test_a_word_only_known_in_the_browser_is_joined_there():
    text = joined(["a", WORD])
    assert isinstance(text, rx.Var)
    assert "word" in str(text)


@pytest.mark.parametrize(
    ("text", "missing"), [("", True), (None, True), ("x", False), (WORD, False)]
)
def test_a_text_is_missing_only_where_that_is_known(text, missing: bool):
    assert is_missing(text) is missing


def test_a_part_without_its_text_is_not_drawn():
    assert "span" not in str(when_given("", rx.el.span("x")))
    assert "span" in str(when_given("x", rx.el.span("x")))


def test_a_part_whose_text_is_a_var_is_decided_in_the_browser():
    assert "isTrue(word)" in str(when_given(WORD, rx.el.span("x")))
