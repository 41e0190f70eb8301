"""The command about tenants, as an operator types it beside a running server."""

import os
import subprocess
import sys
from pathlib import Path

COMMAND_SECONDS = 120


def tenants(data_dir: Path, *words: str) -> str:
    """What `tenants` prints, run on the installation whose data is in `data_dir`."""
    finished = subprocess.run(
        [sys.executable, "-m", "trex_app", "tenants", *words],
        env={**os.environ, "TREX_DATA_DIR": str(data_dir)},
        capture_output=True,
        text=True,
        timeout=COMMAND_SECONDS,
        check=False,
    )
    assert finished.returncode == 0, finished.stderr
    return finished.stdout
