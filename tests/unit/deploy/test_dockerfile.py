"""The Dockerfile: what an image of it holds, and what it must not."""

from pathlib import Path

DOCKERFILE = Path(__file__).parents[3] / "deploy" / "Dockerfile"


def test_the_secret_that_the_build_makes_is_in_no_image() -> None:
    """It is removed by the very command that makes it: a later one would leave it in a layer."""
    lines = DOCKERFILE.read_text(encoding="utf-8").splitlines()
    builds = [line for line in lines if line.startswith("RUN") and "trex_app build" in line]
    assert builds == ["RUN .venv/bin/python -m trex_app build && rm -rf var"]
    ignored = (DOCKERFILE.parents[1] / ".dockerignore").read_text(encoding="utf-8")
    assert {"var", ".env"} <= set(ignored.splitlines())
