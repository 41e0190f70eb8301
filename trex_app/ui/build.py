"""Build the browser bundle when its sources changed; serve it and the backend in one process."""

import hashlib
import os
import shutil
import subprocess
import sys
import sysconfig
import time
from collections.abc import Iterator
from pathlib import Path
from typing import NoReturn

import typer

from trex_app.core.errors import TrexError
from trex_app.core.settings import LOOPBACK_HOSTS, Settings, get_settings
from trex_app.embed.releases import keep_releases

PROJECT_DIR = Path(__file__).parents[2]
WEB_DIR = PROJECT_DIR / ".web"
STATIC_DIR = WEB_DIR / "build" / "client"
# What sites have pinned. Outside of the other, which a new version of Reflex empties whole.
RELEASES_DIR = PROJECT_DIR / ".releases"
# Inside the folder that an export empties first: a failed export leaves no stamp behind.
STAMP_FILE = WEB_DIR / "build" / "sources.sha256"

SOURCES = (
    "rxconfig.py",
    "requirements.txt",
    "reflex.lock/*",
    "assets/**/*",
    "trex_app/__init__.py",
    "trex_app/trex_app.py",
    "trex_app/texts/*.yaml",
    "trex_app/display/**/*.py",
    "trex_app/embed/**/*.py",
    "trex_app/embed/browser/*.js",
    "trex_app/ui/**/*.py",
    "trex_app/workflows/*.yaml",
)
PRODUCTION = {
    "REFLEX_ENV_MODE": "prod",
    "REFLEX_WEB_WORKDIR": str(WEB_DIR),
    "REFLEX_CHECK_LATEST_VERSION": "0",
    "REFLEX_USE_NPM": "1",
    # A network that went away in silence is noticed within their sum; the default is 145 s.
    "REFLEX_SOCKET_INTERVAL": "5s",
    "REFLEX_SOCKET_TIMEOUT": "5s",
}
# The double underscores are Reflex's own: compile nothing at start, serve the built pages too.
SKIP_COMPILE = {"__REFLEX_SKIP_COMPILE": "1"}
SERVE_BUILT_PAGES = SKIP_COMPILE | {"__REFLEX_MOUNT_FRONTEND_COMPILED_APP": "1"}
SOCKET_BYTES_MAX = 64 * 1024  # of one message, as of a request's body
GRACE_SECONDS = 5  # for open sockets and requests when the process is told to stop


class BuildFailed(TrexError):
    """The browser bundle could not be built."""

    code = "build_failed"
    default_message = "The pages could not be built."


def ensure_build() -> Path:
    """Build the pages if their sources changed since the last build; the folder to serve.

    Raises BuildFailed when the JavaScript runtime is missing or the build does not succeed.
    """
    fingerprint = source_fingerprint()
    if _is_built(fingerprint):
        return STATIC_DIR
    started = time.monotonic()
    typer.echo("Building the pages; the first time takes a few minutes on a small machine …")
    keep_releases(STATIC_DIR, RELEASES_DIR)
    _export()
    keep_releases(RELEASES_DIR, STATIC_DIR)
    STAMP_FILE.write_text(fingerprint, encoding="utf-8")
    typer.echo(f"Built the pages in {time.monotonic() - started:.0f} s.")
    return STATIC_DIR


def source_fingerprint(project_dir: Path = PROJECT_DIR) -> str:
    """One hash over the name and content of every file the bundle is made from."""
    digest = hashlib.sha256()
    for path in _source_files(project_dir):
        digest.update(path.relative_to(project_dir).as_posix().encode() + b"\0")
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def _source_files(project_dir: Path) -> Iterator[Path]:
    for pattern in SOURCES:
        yield from sorted(path for path in project_dir.glob(pattern) if path.is_file())


def _is_built(fingerprint: str) -> bool:
    return STAMP_FILE.is_file() and STAMP_FILE.read_text(encoding="utf-8") == fingerprint


def _export() -> None:
    command = [sys.executable, "-m", "reflex", "export", "--frontend-only", "--no-zip"]
    environment = _build_environment()
    result = subprocess.run(  # noqa: S603
        command,
        cwd=PROJECT_DIR,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    if result.returncode != 0 or not (STATIC_DIR / "index.html").is_file():
        raise BuildFailed(f"The pages could not be built. The build said:\n{result.stdout}")


def offer_runtime() -> None:
    """Let what this process starts find the JavaScript runtime. Raises BuildFailed without one."""
    path = _runtime_path()
    find_npm(path)
    os.environ["PATH"] = path


def find_npm(search_path: str) -> str:
    """The npm of the JavaScript runtime in the folders of `search_path`.

    Raises BuildFailed where there is no complete runtime.
    """
    npm = shutil.which("npm", path=search_path)
    if npm is None or shutil.which("node", path=search_path) is None:
        raise BuildFailed(
            "Node.js is missing, and the pages cannot be built without it. "
            "Run `pip install -r requirements.txt` again: it brings Node.js."
        )
    return npm


def _build_environment() -> dict[str, str]:
    """The surroundings of the build: the runtime of requirements.txt, and npm's registry."""
    path = _runtime_path()
    npm = find_npm(path)
    environment = {**os.environ, **PRODUCTION, "PATH": path}
    # Otherwise Reflex measures registries of its own choice and overrides what npm is set up for.
    environment.setdefault("NPM_CONFIG_REGISTRY", _npm_registry(npm, path))
    return environment


def _runtime_path() -> str:
    return sysconfig.get_path("scripts") + os.pathsep + os.environ.get("PATH", os.defpath)


def _npm_registry(npm: str, path: str) -> str:
    answer = subprocess.run(  # noqa: S603
        [npm, "config", "get", "registry"],
        env={**os.environ, "PATH": path},
        capture_output=True,
        text=True,
        check=True,
    )
    return answer.stdout.strip().rstrip("/")


def serve(settings: Settings) -> None:
    """Serve pages, websocket and API on one port of one process, until it is told to stop."""
    ensure_build()
    _run_server(settings, PRODUCTION | SERVE_BUILT_PAGES)


def serve_backend(settings: Settings) -> None:
    """Serve websocket and API alone, for pages that another server delivers."""
    _run_server(settings, PRODUCTION | SKIP_COMPILE)


def develop(settings: Settings) -> NoReturn:
    """Serve with hot reload: pages on the configured port, the backend on the next.

    This process becomes Reflex's, so that stopping it stops everything.
    """
    ports = ["--frontend-port", str(settings.port), "--backend-port", str(settings.port + 1)]
    command = [sys.executable, "-m", "reflex", "run", *ports]
    # The page's origin is the one the settings allow: that of the configured port.
    environment = _build_environment() | {"REFLEX_ENV_MODE": "dev", "TREX_PORT": str(settings.port)}
    environment["TREX_ENVIRONMENT"] = "development"
    environment |= _sandbox(settings)
    os.chdir(PROJECT_DIR)
    os.execve(sys.executable, command, environment)  # noqa: S606


def _run_server(settings: Settings, switches: dict[str, str]) -> None:
    import uvicorn

    typer.echo(f"T-Rex starts at http://{_shown_host(settings)}:{settings.port} (Ctrl+C stops it)")
    # The app reads its settings anew: what the command line chose must reach it.
    chosen = {"TREX_HOST": settings.host, "TREX_PORT": str(settings.port)} | _sandbox(settings)
    os.environ.update(switches | chosen)
    get_settings.cache_clear()
    uvicorn.run(
        "trex_app.trex_app:app",
        factory=True,
        host=settings.host,
        port=settings.port,
        lifespan="on",
        ws_max_size=SOCKET_BYTES_MAX,
        log_config=None,
        # At INFO its lines hold the query of every websocket, and with it the client's token.
        log_level="warning",
        access_log=False,
        # Whom to believe about the client's address is a setting (TREX_TRUSTED_PROXIES).
        proxy_headers=False,
        server_header=False,
        timeout_graceful_shutdown=GRACE_SECONDS,
    )


def _sandbox(settings: Settings) -> dict[str, str]:
    """What was said about a sandbox, if anything was."""
    return {} if settings.sandbox_url is None else {"TREX_SANDBOX_URL": settings.sandbox_url}


def _shown_host(settings: Settings) -> str:
    return "localhost" if settings.host in LOOPBACK_HOSTS else settings.host
