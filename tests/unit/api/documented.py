"""What the examples of the documentation stand for, as the services know it."""

from trex_app.api import examples
from trex_app.services.views import PathEntry, Progress, StepView

STEP_VIEW = StepView(
    session_id=examples.SESSION_ID,
    workflow_type="entry",
    status="active",
    step_id="intent_selection",
    component_name="IntentSelection",
    data={},
    validation_rules=examples.STEP["validationRules"],
    can_go_back=False,
    next_step_id=None,
    path=(PathEntry("intent_selection", "What would you like to do?"),),
    ui_config=examples.STEP["uiConfig"],
    revision=1,
    progress=Progress(done=0, expected=7),
)
