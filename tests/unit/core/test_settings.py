"""Settings: safe defaults, refused mistakes, and one secret for processes that start together."""

import os
import re
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

import pytest
from pydantic import ValidationError

from trex_app.core.errors import SettingsInvalid
from trex_app.core.settings import Settings, unknown_settings

LONG_ENOUGH = "x" * 32
PARALLEL = 20
PRINT_SECRET = (
    "from trex_app.core.settings import Settings; print(Settings().master_secret.decode())"
)


@pytest.fixture(autouse=True)
def _no_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in [name for name in os.environ if name.startswith("TREX_")]:
        monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)


def test_without_any_setting_everything_stays_on_this_machine(tmp_path: Path) -> None:
    settings = Settings()
    assert settings.host == "127.0.0.1"
    assert settings.resolved_database_url == f"sqlite:///{tmp_path}/var/trex.db"
    assert settings.origins == ["http://localhost:3000", "http://127.0.0.1:3000"]
    assert not settings.has_secure_cookies


def test_settings_come_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TREX_PORT", "8080")
    monkeypatch.setenv("TREX_PUBLIC_ORIGIN", "https://journeys.example")
    monkeypatch.setenv("TREX_ALLOWED_ORIGINS", '["https://dealer.example"]')
    settings = Settings()
    assert settings.origins[0] == "https://journeys.example"
    assert "http://localhost:8080" in settings.origins
    assert "https://dealer.example" in settings.origins
    assert settings.has_secure_cookies


def test_an_empty_variable_is_one_that_is_not_set(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / ".env").write_text("TREX_BROKER_URL=\nTREX_CRM_URL=https://crm.example\n")
    for name in Settings.model_fields:
        if name not in ("broker_url", "sandbox_url"):
            monkeypatch.setenv(f"TREX_{name.upper()}", "")
    settings = Settings()
    assert settings.broker_url is None
    assert settings.model_dump(exclude={"crm_url"}) == Settings.model_construct().model_dump(
        exclude={"crm_url"}
    )
    assert settings.crm_url == "https://crm.example"


@pytest.mark.parametrize("is_in_file", [True, False])
def test_an_empty_address_of_a_sandbox_says_that_there_is_none(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, is_in_file: bool
) -> None:
    if is_in_file:
        (tmp_path / ".env").write_text("TREX_SANDBOX_URL=\n")
    else:
        monkeypatch.setenv("TREX_SANDBOX_URL", "")
    assert Settings().sandbox_url == ""


@pytest.mark.parametrize(
    ("name", "value"),
    [
        *(("TREX_PORT", "0"), ("TREX_PORT", "ninety"), ("TREX_ENVIRONMENT", "staging")),
        *(("TREX_PUBLIC_ORIGIN", "localhost"), ("TREX_PUBLIC_ORIGIN", "https://a.example/")),
    ],
)
def test_a_wrong_value_is_refused(monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(ValidationError):
        Settings()


def test_a_secret_is_made_once_and_kept_for_this_user_alone(tmp_path: Path) -> None:
    first = Settings().master_secret
    assert len(first) >= 48
    assert Settings().master_secret == first
    assert (tmp_path / "var" / "secret_key").stat().st_mode & 0o077 == 0
    assert [path.name for path in (tmp_path / "var").iterdir()] == ["secret_key"]


def test_threads_that_start_together_use_one_secret() -> None:
    barrier = Barrier(PARALLEL)

    def read(_: int) -> bytes:
        settings = Settings()
        barrier.wait()
        return settings.master_secret

    with ThreadPoolExecutor(PARALLEL) as pool:
        secrets = set(pool.map(read, range(PARALLEL)))
    assert len(secrets) == 1
    assert b"" not in secrets


def test_processes_that_start_together_use_one_secret(tmp_path: Path) -> None:
    root = Path(__file__).parents[3]
    environment = {**os.environ, "PYTHONPATH": str(root), "TREX_DATA_DIR": str(tmp_path / "data")}
    processes = [
        subprocess.Popen(
            [sys.executable, "-c", PRINT_SECRET], stdout=subprocess.PIPE, text=True, env=environment
        )
        for _ in range(4)
    ]
    secrets = {process.communicate()[0].strip() for process in processes}
    assert len(secrets) == 1
    assert len(secrets.pop()) >= 48


def test_a_given_secret_is_used_and_former_ones_are_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TREX_SECRET_KEY", LONG_ENOUGH)
    monkeypatch.setenv("TREX_SECRET_KEY_PREVIOUS", '["an older one"]')
    settings = Settings()
    assert settings.master_secret == LONG_ENOUGH.encode()
    assert settings.previous_secrets == (b"an older one",)
    assert LONG_ENOUGH not in repr(settings)


def test_a_short_secret_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TREX_SECRET_KEY", "short")
    with pytest.raises(SettingsInvalid, match="at least 32 characters"):
        _ = Settings().master_secret


def test_a_public_address_needs_a_secret_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TREX_HOST", "0.0.0.0")
    with pytest.raises(SettingsInvalid, match="TREX_SECRET_KEY must be set"):
        _ = Settings().master_secret
    monkeypatch.setenv("TREX_SECRET_KEY", LONG_ENOUGH)
    assert Settings().master_secret == LONG_ENOUGH.encode()


def test_numbers_of_partners_come_as_json(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TREX_CRM_URL", "https://crm.example")
    monkeypatch.setenv("TREX_PARTNER_POLICIES", '{"crm": {"timeout_seconds": 5, "retries": 1}}')
    settings = Settings()
    assert settings.crm_url == "https://crm.example"
    assert settings.partner_policies == {"crm": {"timeout_seconds": 5, "retries": 1}}


def test_numbers_of_partners_that_are_no_table_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TREX_PARTNER_POLICIES", '{"crm": 5}')
    with pytest.raises(ValidationError, match=r"partner_policies\.crm"):
        Settings()


def test_a_misspelt_name_is_found_with_the_one_that_was_meant(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    assert unknown_settings() == {}
    monkeypatch.chdir(tmp_path)
    (tmp_path / ".env").write_text("TREX_DATABSE_URL=sqlite://\nPATH=/bin\n")
    monkeypatch.setenv("TREX_REDS_URL", "redis://127.0.0.1")
    monkeypatch.setenv("TREX_XYZ", "1")
    monkeypatch.setenv("TREX_TEST_DATABASE_URL", "the test suite's own")
    assert unknown_settings() == {
        "TREX_DATABSE_URL": "TREX_DATABASE_URL",
        "TREX_REDS_URL": "TREX_REDIS_URL",
        "TREX_XYZ": "",
    }


def test_what_is_held_against_a_pattern_has_an_example_that_fits() -> None:
    for name, field in Settings.model_fields.items():
        patterns = [rule.pattern for rule in field.metadata if getattr(rule, "pattern", None)]
        for pattern in patterns:
            assert field.examples, name
            assert re.fullmatch(pattern, field.examples[0]), name
