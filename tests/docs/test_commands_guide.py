"""The guide to the commands and the example of the settings name all there is, and no more."""

import re
import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from typer.main import get_command

from trex_app.cli import app
from trex_app.core.settings import Settings

ROOT = Path(__file__).parents[2]
GUIDE = (ROOT / "docs" / "guide" / "commands.md").read_text(encoding="utf-8")
EXAMPLE = (ROOT / ".env.example").read_text(encoding="utf-8")
SETTING = re.compile(r"^# (TREX_[A-Z_]+)=(.*)$", re.MULTILINE)


def every_command(group: Any, *above: str) -> Iterator[tuple[str, Any]]:
    for name, command in group.commands.items():
        if hasattr(command, "commands"):
            yield from every_command(command, *above, name)
        else:
            yield " ".join((*above, name)), command


COMMANDS = dict(every_command(get_command(app)))


def test_the_guide_names_every_command_and_no_other() -> None:
    assert re.findall(r"^\| `([a-z ]+)` \|", GUIDE, re.MULTILINE) == list(COMMANDS)


@pytest.mark.parametrize("line", re.findall(r"^\$ python -m trex_app (.*)$", GUIDE, re.MULTILINE))
def test_every_example_of_the_guide_is_spelt_right(line: str) -> None:
    words = shlex.split(line)
    name = next(name for name in COMMANDS if words[: len(name.split())] == name.split())
    given = words[len(name.split()) :]
    options = {spelling for parameter in COMMANDS[name].params for spelling in parameter.opts}
    assert {word for word in given if word.startswith("--")} <= options


def test_every_option_that_the_guide_mentions_exists() -> None:
    options = {o for command in COMMANDS.values() for p in command.params for o in p.opts}
    assert set(re.findall(r"`(--[a-z-]+)`", GUIDE)) <= options | {"--help"}


def test_every_command_and_option_explains_itself() -> None:
    silent = [
        (name, parameter.name)
        for name, command in COMMANDS.items()
        for parameter in command.params
        if not parameter.help
    ]
    assert silent == []
    assert all(command.help for command in COMMANDS.values())


def test_the_example_names_every_setting_once() -> None:
    named = [name for name, _ in SETTING.findall(EXAMPLE)]
    assert sorted(named) == sorted(f"TREX_{name.upper()}" for name in Settings.model_fields)


def test_the_example_can_be_used_and_states_the_defaults(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, _ in SETTING.findall(EXAMPLE):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(tmp_path)
    defaults = Settings()
    (tmp_path / ".env").write_text(SETTING.sub(r"\1=\2", EXAMPLE), encoding="utf-8")
    stated = Settings()
    for name in Settings.model_fields:
        if getattr(defaults, name) is None:
            assert getattr(stated, name) is not None, f"{name} has no example"
        else:
            assert getattr(stated, name) == getattr(defaults, name), name
