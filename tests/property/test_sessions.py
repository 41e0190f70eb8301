"""What must hold for every walk through every workflow, whatever people and partners do."""

import random
from datetime import timedelta
from functools import cache
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from tests.generators import ROOT, workflow_sources
from tests.property.outside import CAPABILITIES, port_snapshots, shown_data, supply
from tests.unit.engine.examples import NOW
from trex_app.core.errors import (
    Conflict,
    SealedStep,
    SessionCompleted,
    StaleStep,
    ValidationFailed,
)
from trex_app.engine import machine
from trex_app.engine.history import Event
from trex_app.engine.lifecycle import Outcome
from trex_app.engine.loader import SHIPPED_FOLDER, build, from_source, read_folder
from trex_app.engine.machine import Turn
from trex_app.engine.program import Program
from trex_app.engine.replay import replay
from trex_app.engine.session import Position, Session, Status, to_json
from trex_app.engine.walk import Walk, environment_of
from trex_app.services.presentation import field_config
from trex_app.services.simulation import Person


@cache
def shipped_programs() -> tuple[Program, ...]:
    """Every journey that ships, compiled."""
    workflows = build(read_folder(SHIPPED_FOLDER), CAPABILITIES)
    return tuple(Program(workflow) for workflow in workflows.values())


def settle(turn: Turn) -> Turn:
    while turn.pending is not None:
        turn.supply(*supply(turn.pending))
    return turn


def finished(walk: Walk) -> Walk:
    while (request := walk.proceed()) is not None:
        walk.supply(request, *supply(request))
    return walk


class Wanderer(RuleBasedStateMachine):
    """Somebody who answers, goes back, jumps, repeats and submits late, in any order."""

    programs: st.SearchStrategy[Program]

    @initialize(data=st.data(), seed=st.integers(0, 2**32))
    def begin(self, data: st.DataObject, seed: int) -> None:
        self.program = data.draw(self.programs)
        self.random = random.Random(seed)
        self.now = NOW
        self.events: list[Event] = []
        self.effects: list[str | None] = []
        self.submitted: list[tuple[Position, dict[str, Any]]] = []
        turn = settle(machine.start(self.program, "s", self.now, salt=f"{seed:x}"))
        facts = machine.started_facts(self.program, {}, salt=f"{seed:x}")
        self.session = self.note(turn.finish(*facts))

    @rule(minutes=st.integers(1, 50))
    def time_passes(self, minutes: int) -> None:
        self.now += timedelta(minutes=minutes)

    @rule(steps=st.integers(1, 6))
    def answer_some_steps(self, steps: int) -> None:
        for _ in range(steps):
            self.answer_the_current_step()

    def answer_the_current_step(self) -> None:
        node = self.program.screen(self.session.cursor)
        if node is None:
            return
        for _ in range(8):
            values = self.draw_answer(self.session.cursor)
            try:
                self.session = self.note(self.submit(values))
            except ValidationFailed:
                continue
            except (SealedStep, SessionCompleted):
                return
            self.submitted.append((node.position, values))
            return

    @precondition(lambda self: self.submitted)
    @rule(at=st.integers(0, 10**6))
    def repeat_an_earlier_submit(self, at: int) -> None:
        """An equal answer changes nothing; another one is refused, or is a new answer."""
        position, values = self.submitted[at % len(self.submitted)]
        before = self.session
        try:
            admission = machine.admit(self.program, before, position.step, values, self.now)
        except (StaleStep, SessionCompleted, ValidationFailed):
            return
        held = before.answer_at(admission.node.position)
        assert admission.is_repeat == (before.cursor.step != position.step)
        if admission.is_repeat:
            assert held is not None
            assert held.values == admission.values

    @rule()
    def go_back(self) -> None:
        try:
            outcome = machine.back(self.program, self.session, self.session.current_step, self.now)
        except Conflict:
            assert not self.session.navigation_history
            return
        assert outcome is not None
        self.assert_only_moved(outcome)
        forward = machine.goto(self.program, outcome.session, self.session.current_step, self.now)
        assert forward is not None
        assert forward.session.cursor == self.session.cursor
        self.assert_only_moved(forward)
        self.session = self.note(outcome)

    @rule(at=st.integers(0, 10**6))
    def jump(self, at: int) -> None:
        position = self.session.path[at % len(self.session.path)]
        try:
            outcome = machine.goto(self.program, self.session, position.step, self.now)
        except Conflict:
            assert self.program.screen(position) is None
            return
        if outcome is not None:
            self.assert_only_moved(outcome)
            self.session = self.note(outcome)

    @invariant()
    def the_path_is_what_a_fresh_walk_finds(self) -> None:
        walk = finished(machine.rewalk(self.program, self.session, self.now))

        assert tuple(walk.path) == self.session.path
        assert walk.answers.freeze() == self.session.answers
        assert walk.inputs == self.session.inputs

    @invariant()
    def the_walk_ends_and_never_circles(self) -> None:
        assert len(set(self.session.path)) == len(self.session.path)
        assert len(self.session.path) <= len(self.program.nodes)
        is_complete = self.program.ends_session(self.session.path[-1])
        assert (self.session.status is Status.COMPLETED) == is_complete

    @invariant()
    def nothing_off_the_path_counts(self) -> None:
        on_path = set(self.session.path)
        for frame in self.program.frames:
            env = environment_of(self.program, self.session, frame)
            assert all(Position(frame, step) in on_path for step in env["answers"])
            assert all(Position(frame, step) in on_path for step in env["results"])

    @invariant()
    def an_effect_happens_at_most_once_and_stays(self) -> None:
        assert len(self.effects) == len(set(self.effects))
        assert {result.key for _, result in self.session.effects()} == set(self.effects)

    @invariant()
    def history_rebuilds_the_state(self) -> None:
        rebuilt = replay("s", self.events, lambda _: self.program)

        assert to_json(rebuilt) == to_json(self.session)

    def submit(self, values: dict[str, Any]) -> Outcome:
        step = self.session.current_step
        admission = machine.admit(self.program, self.session, step, values, self.now)
        snapshots = admission.held.snapshots if admission.held else port_snapshots(admission)
        turn = settle(machine.submit(self.program, self.session, admission, self.now, snapshots))
        return turn.finish(*machine.submitted_facts(admission, snapshots))

    def draw_answer(self, position: Position) -> dict[str, Any]:
        node = self.program.screen(position)
        held = self.session.answer_at(position) or self.session.dormant_at(position)
        if held is not None and self.random.random() < 0.4:
            return dict(held.values)
        assert node is not None
        data = shown_data(self.program, self.session, position)
        configs = [field_config(field, data, "en") for field in node.step.fields.values()]
        return Person(self.random).answer(position.step, configs)

    def note(self, outcome: Outcome) -> Session:
        self.events += outcome.events
        self.effects += [effect.key for effect in outcome.effects]
        return outcome.session

    def assert_only_moved(self, outcome: Outcome) -> None:
        before, after = to_json(self.session), to_json(outcome.session)
        changed = {key for key in after if before[key] != after[key]}
        assert changed <= {"cursor", "revision", "updated_at"}


WALKS = settings(
    max_examples=120,
    stateful_step_count=20,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
)


def generated_programs() -> st.SearchStrategy[Program]:
    """Random valid definitions, compiled."""
    return workflow_sources().map(lambda sources: Program(from_source(sources)[ROOT]))


def walk_all(programs: st.SearchStrategy[Program]) -> None:
    machine_class = type("Walk", (Wanderer,), {"programs": programs})
    run_state_machine_as_test(machine_class, settings=WALKS)


@pytest.mark.parametrize("workflow_id", [program.id for program in shipped_programs()])
def test_every_walk_through_a_shipped_journey_is_honest(workflow_id: str) -> None:
    walk_all(st.sampled_from([p for p in shipped_programs() if p.id == workflow_id]))


def test_every_walk_through_a_generated_workflow_is_honest() -> None:
    walk_all(generated_programs())
