"""The first screens of the shipped journeys are known when the pages are built."""

import pytest

from trex_app.ui.state.first_views import first_view, shipped_workflows


@pytest.mark.parametrize(
    ("workflow_id", "step_id"),
    [
        ("entry", "intent_selection"),
        ("buying", "vehicle_knowledge"),
        ("selling", "has_buyer"),
        ("vehicle_discovery", "vehicle_knowledge"),
        ("buyer_financing", "financing_request"),
    ],
)
def test_a_shipped_journey_begins_with_its_first_screen(workflow_id, step_id):
    view = first_view(workflow_id)
    assert view is not None
    assert (view.step_id, view.can_go_back) == (step_id, False)
    assert view.fields


def test_every_shipped_journey_is_prerendered():
    assert all(first_view(workflow_id) for workflow_id in shipped_workflows())
