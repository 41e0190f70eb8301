"""The rules of the house that no linter knows: names, sizes, and who may touch what."""

import ast
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[2]
SOURCES = sorted((ROOT / "trex_app").rglob("*.py"))
MODULES = [*SOURCES, ROOT / "rxconfig.py"]
TESTS = sorted((ROOT / "tests").rglob("*.py"))

FILE_LINES = 400
FUNCTION_LINES = 40
BANNED_NAMES = {"util", "utils", "helper", "helpers", "manager", "common", "misc"}
# One reads the environment; the others hand Reflex its switches before it is imported.
ENVIRONMENT_DOORS = {"trex_app/core/settings.py", "trex_app/ui/build.py", "rxconfig.py"}


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def functions_of(path: Path) -> list[ast.FunctionDef | ast.AsyncFunctionDef]:
    kinds = (ast.FunctionDef, ast.AsyncFunctionDef)
    return [node for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, kinds)]


def body_lines(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """The lines of a function without its signature and docstring."""
    body = function.body
    has_docstring = ast.get_docstring(function) is not None
    if has_docstring and len(body) == 1:
        return 0
    return (function.end_lineno or 0) - body[1 if has_docstring else 0].lineno + 1


def imported_packages(path: Path) -> set[str]:
    tree = ast.parse(path.read_text())
    names = {
        alias.name
        for node in ast.walk(tree)
        if isinstance(node, ast.Import)
        for alias in node.names
    }
    names |= {
        node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) and node.module
    }
    return {name.partition(".")[0] for name in names}


def requirements(file_name: str, *, is_direct: bool) -> dict[str, Requirement]:
    """The pinned requirements of a file; the direct ones stand first."""
    text = (ROOT / file_name).read_text()
    listed = text.partition("# what those stand on")[0] if is_direct else text
    lines = [line for line in listed.splitlines() if line and not line.startswith(("#", "-r"))]
    return {canonicalize_name(Requirement(line).name): Requirement(line) for line in lines}


@pytest.mark.parametrize("path", [*MODULES, *TESTS], ids=name_of)
def test_a_file_holds_one_idea(path: Path) -> None:
    assert len(path.read_text().splitlines()) <= FILE_LINES


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_a_function_fits_on_a_screen(path: Path) -> None:
    too_long = {f.name: body_lines(f) for f in functions_of(path) if body_lines(f) > FUNCTION_LINES}
    assert too_long == {}


@pytest.mark.parametrize("path", [*MODULES, *TESTS], ids=name_of)
def test_a_module_is_named_for_what_it_holds(path: Path) -> None:
    words = {
        word for part in path.relative_to(ROOT).with_suffix("").parts for word in part.split("_")
    }
    assert words.isdisjoint(BANNED_NAMES)


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_only_the_settings_know_the_environment(path: Path) -> None:
    touched = {
        node.attr
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Attribute)
        and isinstance(node.value, ast.Name)
        and node.value.id == "os"
        and node.attr in {"environ", "getenv", "putenv"}
    }
    assert not touched or name_of(path) in ENVIRONMENT_DOORS


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_only_the_clock_asks_for_the_time(path: Path) -> None:
    asked = {
        node.attr
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Attribute) and node.attr in {"now", "utcnow", "today"}
        if isinstance(node.value, ast.Name) and node.value.id in {"datetime", "date"}
    }
    assert not asked or name_of(path) == "trex_app/core/clock.py"


@pytest.mark.parametrize("file_name", ["requirements.txt", "requirements-dev.txt"])
def test_every_requirement_is_pinned(file_name: str) -> None:
    loose = {
        name
        for name, requirement in requirements(file_name, is_direct=False).items()
        if [spec.operator for spec in requirement.specifier] != ["=="]
    }
    assert loose == set()


def test_what_the_product_imports_is_required_by_name() -> None:
    required = set(requirements("requirements.txt", is_direct=True))
    providers = packages_distributions()
    imported = {package for path in MODULES for package in imported_packages(path)}
    unlisted = {
        package: providers[package]
        for package in imported & set(providers)
        if required.isdisjoint(canonicalize_name(name) for name in providers[package])
    }
    # Parts of Reflex and pydantic, released together with them.
    of_a_requirement = {"reflex_base", "reflex_components_core", "pydantic_core"}
    assert set(unlisted) - of_a_requirement - {"trex_app"} == set()


def test_the_browser_packages_are_locked_without_naming_a_registry() -> None:
    lock = (ROOT / "reflex.lock" / "package-lock.json").read_text()
    assert '"resolved"' not in lock
