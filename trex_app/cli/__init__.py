"""The command line, `python -m trex_app …`: one file a noun, heavy imports only where used."""

from trex_app.cli.app import app

__all__ = ["app"]
