"""A step that arranges its own fields asks every field that its definition names."""

import re

import pytest

from trex_app.engine.definition import Screen
from trex_app.ui.state.first_views import shipped_workflows
from trex_app.ui.state.scene import scene_of
from trex_app.ui.steps.registry import registered_steps

OWN_SCREENS = [
    step
    for workflow in shipped_workflows().values()
    for step in workflow.steps.values()
    if isinstance(step, Screen) and step.component in registered_steps()
]


@pytest.mark.parametrize("screen", OWN_SCREENS, ids=lambda screen: screen.id)
def test_every_field_of_the_definition_is_on_the_screen(screen: Screen):
    drawn = str(registered_steps()[screen.component](scene_of()))
    asked = set(re.findall(r"['\"](\w+)['\"]", drawn))
    assert screen.fields.keys() - asked == set()
