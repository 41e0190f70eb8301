"""The proxy's template, read by nginx itself, and what it keeps from the public."""

import shutil
import subprocess
from pathlib import Path

import pytest

from tests.conftest import missing

TEMPLATE = Path(__file__).parents[3] / "deploy" / "nginx" / "trex.conf.template"
VALUES = {
    "TREX_WEB_SERVERS": "server 127.0.0.1:1; server 127.0.0.1:2;",
    "TREX_LISTEN": "127.0.0.1:8080",
    "TREX_STATIC_DIR": "/srv/trex",
}


def filled() -> str:
    text = TEMPLATE.read_text(encoding="utf-8")
    for name, value in VALUES.items():
        assert f"${{{name}}}" in text
        text = text.replace(f"${{{name}}}", value)
    return text


def test_nginx_accepts_the_template(tmp_path: Path) -> None:
    program = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin")
    if program is None:
        missing("nginx", "apt-get install nginx-light")
    paths = "".join(
        f"{kind}_temp_path {tmp_path}/{kind};\n"
        for kind in ("proxy", "fastcgi", "uwsgi", "scgi", "client_body")
    )
    config = tmp_path / "nginx.conf"
    config.write_text(
        f"pid {tmp_path}/pid;\nevents {{}}\nhttp {{\naccess_log off;\n{paths}{filled()}}}\n"
    )
    log = str(tmp_path / "error.log")
    result = subprocess.run(
        [str(program), "-t", "-e", log, "-c", str(config)],
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert result.returncode == 0, result.stderr


@pytest.mark.parametrize("address", ["/metrics", "/readyz"])
def test_what_is_for_operators_is_kept_from_the_public(address: str) -> None:
    assert f"location = {address} {{ return 404; }}" in filled()


def test_a_write_that_was_sent_is_never_sent_again() -> None:
    assert "non_idempotent" not in filled()
