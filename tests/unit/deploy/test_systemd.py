"""The systemd units: commands and settings that exist, and processes that are started again."""

import configparser
import shlex
from pathlib import Path

import pytest
from typer.testing import CliRunner

from trex_app.cli.app import app
from trex_app.core.settings import Settings

UNITS = sorted((Path(__file__).parents[3] / "deploy" / "systemd").glob("*.service"))


def service(unit: Path) -> configparser.SectionProxy:
    parsed = configparser.ConfigParser(interpolation=None)
    parsed.optionxform = str  # pyright: ignore[reportAttributeAccessIssue]
    parsed.read(unit, encoding="utf-8")
    return parsed["Service"]


def test_there_is_one_for_each_kind_of_process() -> None:
    assert [unit.name for unit in UNITS] == ["trex-web@.service", "trex-worker@.service"]


@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.name)
def test_it_starts_a_command_with_options_that_exist(unit: Path) -> None:
    python, flag, package, command, *options = shlex.split(service(unit)["ExecStart"])
    assert (Path(python).name, flag, package) == ("python", "-m", "trex_app")
    described = CliRunner().invoke(app, [command, "--help"], env={"COLUMNS": "200"})
    assert described.exit_code == 0
    for option in options:
        assert not option.startswith("--") or option in described.stdout


@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.name)
def test_it_starts_again_and_its_settings_exist(unit: Path) -> None:
    assert service(unit)["Restart"] == "always"
    settings = dict(each.split("=", 1) for each in service(unit)["Environment"].split())
    assert set(settings) <= {f"TREX_{name.upper()}" for name in Settings.model_fields}
    assert settings["TREX_ROLE"] in unit.name
