"""deploy/local-cluster: every process of it finds the same partners."""

import importlib.util
import sys
from importlib.machinery import SourceFileLoader
from pathlib import Path
from typing import Any

import pytest

SCRIPT = Path(__file__).parents[3] / "deploy" / "local-cluster"
ELSEWHERE = "http://127.0.0.1:8025"


@pytest.fixture
def cluster(monkeypatch: pytest.MonkeyPatch) -> Any:
    """The script as a module."""
    monkeypatch.delenv("TREX_SANDBOX_URL", raising=False)
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    loader = SourceFileLoader("local_cluster_script", str(SCRIPT))
    spec = importlib.util.spec_from_loader(loader.name, loader)
    assert spec is not None
    module = importlib.util.module_from_spec(spec)
    # Its dataclass looks itself up there.
    monkeypatch.setitem(sys.modules, loader.name, module)
    loader.exec_module(module)
    return module


def started(
    cluster: Any, monkeypatch: pytest.MonkeyPatch, folder: Path, *more: str
) -> tuple[list[Any], set[str]]:
    """The sandbox among its members, if any, and where the others look for one."""
    given = ["--database-url", "postgresql://nowhere/trex", "--folder", str(folder), *more]
    monkeypatch.setattr(sys, "argv", ["local-cluster", *given])
    options = cluster.read_options()
    sandboxes = cluster.sandbox(options)
    members = cluster.app_processes(options, cluster.settings_of(options))
    return sandboxes, {member.environment["TREX_SANDBOX_URL"] for member in members}


def test_it_starts_a_sandbox_for_all_processes_where_none_is_given(
    cluster: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    [sandbox], addresses = started(cluster, monkeypatch, tmp_path, "--port", "9000")
    assert addresses == {"http://127.0.0.1:9005"}
    assert sandbox.command[2:8] == ["trex_app", "sandbox", "--port", "9005", "--smtp-port", "9006"]


@pytest.mark.parametrize("address", [ELSEWHERE, ""])
def test_one_that_is_given_serves_all_processes(
    cluster: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, address: str
) -> None:
    by_option = started(cluster, monkeypatch, tmp_path, f"--sandbox-url={address}")
    assert by_option == ([], {address})
    monkeypatch.setenv("TREX_SANDBOX_URL", address)
    assert started(cluster, monkeypatch, tmp_path) == ([], {address})
