"""The small modules in assets/kit: there, small, and harmless under the page's policy."""

import re
from pathlib import Path

import pytest

from trex_app.ui.build import PROJECT_DIR
from trex_app.ui.kit import behaviours
from trex_app.ui.kit.behaviours import Behaviour

MODULES = sorted((PROJECT_DIR / "assets" / "kit").glob("*.js"))
MOST_BYTES = 6_000
ELEMENTS = [
    value
    for value in vars(behaviours).values()
    if isinstance(value, type) and issubclass(value, Behaviour) and value is not Behaviour
]


def drawn(element: type[Behaviour]) -> Behaviour:
    component = element.create()
    assert isinstance(component, Behaviour)
    return component


@pytest.mark.parametrize("element", ELEMENTS, ids=lambda element: element.__name__)
def test_each_element_is_defined_by_its_module(element: type[Behaviour]):
    tag = drawn(element).tag
    source = (PROJECT_DIR / "assets" / "kit" / f"{element.module}.js").read_text(encoding="utf-8")
    assert f'customElements.define("{tag}"' in source


@pytest.mark.parametrize("element", ELEMENTS, ids=lambda element: element.__name__)
def test_each_element_fetches_its_module_after_the_page_is_drawn(element: type[Behaviour]):
    hooks = " ".join(str(hook) for hook in drawn(element).add_hooks())
    assert f'useEffect(() => {{ import("$/public/kit/{element.module}.js") }}, [])' in hooks


def test_no_module_is_without_an_element():
    assert {module.stem for module in MODULES} == {element.module for element in ELEMENTS}


@pytest.mark.parametrize("module", MODULES, ids=lambda module: module.stem)
def test_a_module_is_small_and_makes_no_markup_from_text(module: Path):
    source = module.read_text(encoding="utf-8")
    assert len(source.encode()) <= MOST_BYTES
    assert re.findall(r"\beval\b|new Function|innerHTML|outerHTML|insertAdjacentHTML", source) == []


@pytest.mark.parametrize("module", MODULES, ids=lambda module: module.stem)
def test_a_module_takes_no_global_name(module: Path):
    assert re.findall(r"\b(?:window|globalThis|self)\.\w+\s*=", module.read_text("utf-8")) == []
