"""`python -m trex_app`."""

from trex_app.cli import app

app(prog_name="python -m trex_app")
