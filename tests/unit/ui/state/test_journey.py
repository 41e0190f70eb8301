"""The journey page's handlers, through Reflex's own event processor over a real installation."""

import asyncio
import contextlib
from datetime import timedelta

import pytest

from tests.browser_tab import ORIGIN, Tab
from tests.unit.ui.state.conftest import buy_the_first_hit
from trex_app.core.errors import SealedStep, SessionCompleted, StaleStep, Unavailable
from trex_app.core.visitor import new_visitor
from trex_app.ui.state.journey import JourneyState

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def test_the_address_follows_the_step(tab):
    assert tab.path == "/j/buying/vehicle_knowledge"
    await tab.submit({"knows_vehicle": "true"})
    assert tab.path == "/j/buying/vehicle_search"
    assert (await tab.state()).view.step_id == "vehicle_search"


async def test_a_journey_can_be_walked_to_its_end(tab):
    await buy_the_first_hit(tab)
    view = (await tab.state()).view
    assert (view.step_id, view.is_end, view.is_completed) == ("buying_complete", True, True)
    assert view.references[0].reference.startswith("TRX-")
    assert (await tab.state()).shared_answers == "", "no page stands around it"
    assert tab.path == "/j/buying/buying_complete"


async def test_a_refused_answer_is_marked_beside_its_field(tab):
    await tab.submit({"knows_vehicle": "true"})
    before = (await tab.state()).view
    await tab.submit({"year_min": "2020", "year_max": "2010"})
    state = await tab.state()
    assert state.view == before, "the controls must not start anew: what was typed stays"
    assert list(state.errors) == ["year_max"]
    assert [problem.name for problem in state.problems] == ["year_max"]
    assert state.problems[0].message.startswith("Built in or before: ")
    assert state.attempt == 1


async def test_the_marks_go_once_the_answer_is_accepted(tab):
    await tab.submit({})
    assert (await tab.state()).errors
    await tab.submit({"knows_vehicle": "false"})
    assert (await tab.state()).errors == {}


async def test_back_leads_to_the_step_before_with_its_answer(tab):
    await tab.submit({"knows_vehicle": "true"})
    await tab.back()
    view = (await tab.state()).view
    assert tab.path == "/j/buying/vehicle_knowledge"
    assert view.answers == {"knows_vehicle": True}
    assert [option.is_chosen for option in view.fields[0].options] == [True, False]


async def test_the_browsers_back_button_does_the_same(tab):
    await tab.submit({"knows_vehicle": "true"})
    await tab.visit("/j/buying/vehicle_knowledge")
    assert (await tab.state()).view.step_id == "vehicle_knowledge"
    await tab.visit("/j/buying/vehicle_search")
    assert (await tab.state()).view.step_id == "vehicle_search"


async def test_a_reload_keeps_the_step_its_marks_and_what_was_typed(tab):
    await tab.submit({"knows_vehicle": "true"})
    await tab.submit({"make": "Toyota", "year_min": "soon"})
    await tab.visit(tab.path)
    state = await tab.state()
    assert (tab.path, list(state.errors)) == ("/j/buying/vehicle_search", ["year_min"])
    assert {field.name: field.value for field in state.view.fields if field.value} == {
        "make": "Toyota",
        "year_min": "soon",
    }


async def test_another_tab_opens_where_the_visitor_stands(tab, server):
    await tab.submit({"knows_vehicle": "true"})
    second = Tab(server, visitor=tab.visitor)
    await second.visit("/j/buying")
    assert second.path == "/j/buying/vehicle_search"


async def test_an_address_the_answers_do_not_lead_to_shows_where_one_stands(tab):
    await tab.visit("/j/buying/carin_results")
    assert tab.path == "/j/buying/vehicle_knowledge"
    await tab.visit("/j/buying/no_such_step")
    assert tab.path == "/j/buying/vehicle_knowledge"


async def test_someone_else_has_a_journey_of_their_own(tab, server):
    await tab.submit({"knows_vehicle": "true"})
    other = Tab(server, visitor=new_visitor())
    await other.visit("/j/buying/vehicle_search")
    assert other.path == "/j/buying/vehicle_knowledge"
    assert (await other.state()).view.answers == {"knows_vehicle": None}


async def test_a_double_click_answers_once(tab):
    view = (await tab.state()).view
    seen = {"step": view.step_id, "revision": view.revision}
    await tab.submit({"knows_vehicle": "true"}, **seen)
    await tab.submit({"knows_vehicle": "true"}, **seen)
    state = await tab.state()
    assert (state.view.step_id, state.notice) == ("vehicle_search", "")
    assert state.view.revision == view.revision + 1


async def test_two_tabs_do_not_fight(tab, server):
    await tab.submit({"knows_vehicle": "true"})
    second = Tab(server, visitor=tab.visitor)
    await second.visit("/j/buying")
    await second.submit({"make": "Honda"})
    assert (await second.state()).view.step_id == "search_results"

    await tab.submit({"make": "Toyota"})  # the first tab still shows the search
    state = await tab.state()
    assert state.notice == StaleStep.default_message
    assert state.view.step_id == "search_results", "nothing that was accepted is lost"
    await tab.goto("vehicle_search")
    assert (await tab.state()).view.fields[0].value == "Toyota", "what was typed is kept as a draft"


async def test_saving_for_later_makes_no_late_answer_count(tab, server):
    await tab.submit({"knows_vehicle": "true"})
    second = Tab(server, visitor=tab.visitor)
    await second.visit("/j/buying")
    await second.submit({"make": "Honda"})
    await second.back()

    await tab.press("save_for_later")
    assert (await tab.state()).resume_address
    await tab.submit({"make": "Toyota"})
    assert (await tab.state()).notice == StaleStep.default_message
    await second.visit("/j/buying/search_results")
    criteria = (await second.state()).view.data["criteria"]
    assert criteria["make"] == "Honda", "what the other tab was told is kept"


async def test_a_link_of_a_tab_that_lags_behind_moves_nobody(tab, server):
    await tab.submit({"knows_vehicle": "true"})
    second = Tab(server, visitor=tab.visitor)
    await second.visit("/j/buying")
    await second.submit({"make": "Honda"})

    await tab.goto("vehicle_knowledge")
    assert tab.path == "/j/buying/search_results"
    await second.press("retry")
    assert (await second.state()).view.step_id == "search_results"


async def test_a_restarted_server_still_takes_the_answer_on_display(tab, server):
    view = (await tab.state()).view
    tab.token = "the memory of this token is empty"
    await tab.submit({"knows_vehicle": "true"}, step=view.step_id, revision=view.revision)
    assert tab.path == "/j/buying/vehicle_search"


async def test_what_has_been_sent_cannot_be_changed(tab):
    await buy_the_first_hit(tab)
    await tab.goto("vehicle_knowledge")
    assert (await tab.state()).view.step_id == "vehicle_knowledge"
    await tab.submit({"knows_vehicle": "false"})
    state = await tab.state()
    assert state.notice in {SealedStep.default_message, SessionCompleted.default_message}
    assert state.can_return
    await tab.press("return_to_latest")
    state = await tab.state()
    assert (state.view.step_id, state.notice) == ("buying_complete", "")


async def test_a_finished_journey_stays_at_its_address_and_a_new_one_begins_without_it(tab):
    await buy_the_first_hit(tab)
    await tab.visit("/j/buying/buying_complete")
    assert (await tab.state()).view.is_completed
    await tab.visit("/j/buying")
    assert tab.path == "/j/buying/vehicle_knowledge"
    assert not (await tab.state()).view.is_completed


async def test_an_expired_journey_begins_anew_with_its_answers(tab, calendar):
    await tab.submit({"knows_vehicle": "true"})
    await tab.submit({"make": "Toyota"})
    calendar.passed = timedelta(days=30)
    await tab.submit({"vehicle_id": "any"})
    assert (await tab.state()).trouble == "expired"
    await tab.press("restart")
    state = await tab.state()
    assert (state.trouble, state.view.step_id) == ("", "search_results")


async def test_an_expired_journey_says_so_in_a_new_tab_too(tab, server, calendar):
    await tab.submit({"knows_vehicle": "true"})
    calendar.passed = timedelta(days=30)
    second = Tab(server, visitor=tab.visitor)
    await second.visit("/j/buying")
    assert (await second.state()).trouble == "expired"
    await second.press("restart")
    assert (await second.state()).view.step_id == "vehicle_search"


async def test_an_unknown_journey_is_not_found(tab):
    await tab.visit("/j/flying")
    assert (await tab.state()).trouble == "not_found"
    await tab.visit("/j/buying")
    assert (await tab.state()).trouble == ""


async def test_starting_over_leaves_the_answers_behind(tab):
    await tab.submit({"knows_vehicle": "true"})
    await tab.press("start_over")
    assert (await tab.state()).view.answers == {"knows_vehicle": None}


async def test_a_saved_journey_goes_on_in_another_browser(tab, server):
    await tab.submit({"knows_vehicle": "true"})
    await tab.press("save_for_later")
    address = (await tab.state()).resume_address
    assert address.startswith("http://localhost:3000/resume/")
    await tab.submit({"make": "Toyota"})
    assert (await tab.state()).view.step_id == "search_results", "saving got in nobody's way"

    other = Tab(server)
    other.path = address.removeprefix("http://localhost:3000")
    await other.press("resume")
    assert other.path == "/j/buying/search_results"


async def test_a_resume_link_works_once(tab, server):
    await tab.press("save_for_later")
    link = (await tab.state()).resume_address.removeprefix("http://localhost:3000")
    first, second = Tab(server), Tab(server)
    first.path = second.path = link
    await first.press("resume")
    await second.press("resume")
    assert (await first.state()).view.step_id == "vehicle_knowledge"
    assert (await second.state()).trouble == "not_found"


async def test_a_step_may_look_something_up_without_moving(tab):
    await tab.submit({"knows_vehicle": "true"})
    before = (await tab.state()).view
    await tab.press("look_up", name="vehicles.count", given={"make": "Toyota"})
    state = await tab.state()
    assert state.found["vehicles.count"]["total"] > 0
    assert state.view == before


async def test_a_part_that_is_away_is_said_and_can_be_tried_again(tab, container, monkeypatch):
    async def away(*_args, **_kwargs):
        raise Unavailable

    with monkeypatch.context() as patched:
        patched.setattr(container.journeys, "submit", away)
        await tab.submit({"knows_vehicle": "true"})
        state = await tab.state()
        assert (state.notice, state.trouble) == (Unavailable.default_message, "")
        assert state.view.step_id == "vehicle_knowledge"
    await tab.submit({"knows_vehicle": "true"})
    assert (await tab.state()).view.step_id == "vehicle_search"


@pytest.mark.parametrize("outcome", [None, RuntimeError("a fault of ours")])
async def test_a_slow_answer_is_shown_to_be_under_way(tab, container, monkeypatch, outcome):
    submit, may_go_on = container.journeys.submit, asyncio.Event()

    async def slow(*args):
        await may_go_on.wait()
        if outcome is not None:
            raise outcome
        return await submit(*args)

    monkeypatch.setattr(container.journeys, "submit", slow)
    sending = asyncio.create_task(tab.submit({"knows_vehicle": "true"}))
    async with asyncio.timeout(10):
        while not (await tab.state()).is_busy:  # noqa: ASYNC110 - the state has no event
            await asyncio.sleep(0.01)
    may_go_on.set()
    with contextlib.suppress(RuntimeError):
        await sending
    assert not (await tab.state()).is_busy


async def test_an_answer_that_comes_while_the_wait_is_being_told_is_shown(
    tab, server, container, monkeypatch
):
    """Reflex takes whatever changes while it sends for sent."""
    submit, may_go_on, is_answered = container.journeys.submit, asyncio.Event(), asyncio.Event()
    told = []

    async def slow(*args):
        await may_go_on.wait()
        step = await submit(*args)
        is_answered.set()
        return step

    async def tell(update, token):
        told.append((update.delta or {}).get(JourneyState.get_full_name(), {}))
        if any(name.startswith("is_busy") for name in told[-1]):
            may_go_on.set()
            await is_answered.wait()
            await asyncio.sleep(0.05)  # time enough to draw the step, where that were done now
        await emit_update(update, token)

    emit_update = server.emit_update
    monkeypatch.setattr(container.journeys, "submit", slow)
    monkeypatch.setattr(server, "emit_update", tell)
    async with asyncio.timeout(10):
        await tab.submit({"knows_vehicle": "true"})
    shown = [delta[name] for delta in told for name in delta if name.startswith("view")]
    assert [view.step_id for view in shown][-1:] == ["vehicle_search"]


async def test_a_link_that_is_pressed_twice_opens_its_journey(tab, server):
    """Some people press twice always; here one with a newer journey of their own."""
    await tab.submit({"knows_vehicle": "true"})
    await tab.press("save_for_later")
    link = (await tab.state()).resume_address.removeprefix(ORIGIN)
    other = Tab(server)
    await other.visit("/j/buying")
    other.path = link
    await asyncio.gather(other.press("resume"), other.press("resume"))
    state = await other.state()
    assert (state.view.step_id, state.trouble) == ("vehicle_search", "")
    assert other.path == "/j/buying/vehicle_search"


async def test_beginning_anew_twice_at_once_is_beginning_once(tab, calendar):
    await tab.submit({"knows_vehicle": "true"})
    calendar.passed = timedelta(days=8)
    await tab.visit("/j/buying")
    assert (await tab.state()).trouble == "expired"
    await asyncio.gather(tab.press("restart"), tab.press("restart"))
    state = await tab.state()
    assert (state.view.step_id, state.trouble, state.notice) == ("vehicle_search", "", "")


async def test_where_nothing_can_be_shown_at_first_a_retry_helps(server, container, monkeypatch):
    async def away(*_args, **_kwargs):
        raise Unavailable

    tab = Tab(server)
    with monkeypatch.context() as patched:
        patched.setattr(container.journeys, "latest_session", away)
        await tab.visit("/j/buying")
        assert (await tab.state()).trouble == "unavailable"
    await tab.press("retry")
    assert (await tab.state()).view.step_id == "vehicle_knowledge"
    assert tab.path == "/j/buying/vehicle_knowledge"


async def test_the_address_keeps_its_language(server):
    tab = Tab(server)
    await tab.visit("/de/j/buying")
    await tab.submit({"knows_vehicle": "true"})
    assert tab.path == "/de/j/buying/vehicle_search"
    assert (await tab.state()).view.title == "Was suchen Sie?"
    await tab.press("save_for_later")
    assert (await tab.state()).resume_address.startswith(f"{ORIGIN}/de/resume/")


async def test_the_other_language_is_the_same_step_and_nothing_said_before(tab):
    await tab.submit({"knows_vehicle": "true"})
    await tab.submit({"make": "Toyota", "year_min": "2020", "year_max": "2010"})
    before = await tab.state()
    assert before.errors
    session_id = before._session_id
    await tab.visit("/de/j/buying/vehicle_search")
    state = await tab.state()
    assert (state.view.step_id, state.view.locale) == ("vehicle_search", "de")
    assert (state.errors, state.problems, state._session_id) == ({}, [], session_id)
    assert state.view.answers["make"] == "Toyota", "what was typed is kept"
