"""Every control that the state may ask for can be drawn, and nothing else."""

from trex_app.display.fields import CONTROLS
from trex_app.ui.steps.controls import DRAWN_BY


def test_every_control_can_be_drawn():
    assert set(DRAWN_BY) == set(CONTROLS)
