"""How the pages of a long list are drawn."""

import reflex as rx

from trex_app.ui.kit.navigation import page_numbers, pagination


def drawn(page, numbers) -> str:
    return str(
        pagination(
            numbers,
            page,
            9,
            on_page=lambda _: rx.noop(),
            label="Pages",
            previous_label="Previous",
            next_label="Next",
        )
    )


def test_the_current_page_is_marked():
    assert drawn(4, page_numbers(4, 9)).count('"aria-current":"page"') == 1


def test_there_is_no_way_before_the_first_page():
    assert drawn(1, page_numbers(1, 9)).count("disabled:true") == 1


def test_page_and_numbers_may_be_known_only_in_the_browser():
    numbers = rx.Var("numbers", _var_type=list[int])
    assert "map.call(numbers" in drawn(rx.Var("page").to(int), numbers)
