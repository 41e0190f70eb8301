"""A sandbox for all tests here, and the check of the world for each."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.sandbox_process import SandboxProcess, running_sandbox


@pytest.fixture(scope="session")
def sandbox_process(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SandboxProcess]:
    with running_sandbox() as sandbox:
        yield sandbox


@pytest.fixture
def sandbox(sandbox_process: SandboxProcess) -> Iterator[SandboxProcess]:
    """Partners who are well and remember nothing."""
    sandbox_process.clear()
    yield sandbox_process
    sandbox_process.heal()


@pytest.fixture
def sqlite_url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path}/trex.db"
