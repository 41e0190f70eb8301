"""The command that plays the partners."""

import socket
from pathlib import Path

import pytest
from typer.testing import CliRunner

from trex_app.cli import app
from trex_app.sandbox.server import SandboxServer


def test_a_port_that_is_taken_is_said_with_what_to_do() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        result = CliRunner().invoke(app, ["sandbox", "--port", port, "--smtp-port", "0"])
    assert result.exit_code == 1
    assert f"ports {port} and 0" in result.output
    assert "--smtp-port" in result.output


def test_a_file_that_is_no_journal_is_said(tmp_path: Path) -> None:
    journal = tmp_path / "notes.txt"
    journal.write_text("not a journal\n")
    result = CliRunner().invoke(app, ["sandbox", "--journal", str(journal)])
    assert result.exit_code == 1
    assert str(journal) in result.output
    assert journal.read_text() == "not a journal\n"


def test_it_ends_quietly_when_it_is_interrupted(monkeypatch: pytest.MonkeyPatch) -> None:
    async def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(SandboxServer, "serve", interrupted)
    result = CliRunner().invoke(app, ["sandbox", "--port", "0", "--smtp-port", "0"])
    assert (result.exit_code, result.output) == (0, "")
