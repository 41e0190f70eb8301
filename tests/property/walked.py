"""A session as it is walked, and what must hold of it after every step."""

import random
from collections.abc import Mapping
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant

from tests.property.desk import Desk
from tests.property.outside import shown_data, supply
from tests.unit.engine.examples import NOW
from trex_app.core.errors import SealedStep, SessionCompleted, ValidationFailed
from trex_app.engine import lifecycle, machine
from trex_app.engine.definition import EMPTY
from trex_app.engine.history import EventKind
from trex_app.engine.machine import Turn
from trex_app.engine.program import Program
from trex_app.engine.replay import replay
from trex_app.engine.session import Answers, Position, Session, Status, to_json
from trex_app.engine.walk import Walk, environment_of
from trex_app.services.presentation import field_config
from trex_app.services.simulation import Person
from trex_app.services.submissions import Submission


def settle(turn: Turn) -> Turn:
    while turn.pending is not None:
        turn.supply(*supply(turn.pending))
    return turn


def finished(walk: Walk) -> Walk:
    while (request := walk.proceed()) is not None:
        walk.supply(request, *supply(request))
    return walk


class Walked(RuleBasedStateMachine):
    """One session at the service's desk; what is done with it, others say."""

    programs: st.SearchStrategy[Program]

    @initialize(data=st.data(), seed=st.integers(0, 2**32))
    def begin(self, data: st.DataObject, seed: int) -> None:
        self.program = data.draw(self.programs)
        self.random = random.Random(seed)
        self.now = NOW
        self.desk = Desk(self.program, lambda: self.now)
        self.start(EMPTY)
        for _ in range(data.draw(st.integers(0, 12))):
            self.answer_the_current_step()

    def start(self, context: Mapping[str, Any], dormant: Answers = EMPTY) -> None:
        salt = f"{self.random.random()}"
        turn = settle(machine.start(self.program, "s", self.now, context, dormant, salt))
        facts = machine.started_facts(self.program, context, dormant, salt)
        self.desk.begin(turn.finish(*facts))
        self.submitted: list[Submission] = []
        self.remembered: list[tuple[str, int]] = []

    @property
    def session(self) -> Session:
        return self.desk.session

    @property
    def is_open(self) -> bool:
        session = self.session
        return session.status is not Status.EXPIRED and not lifecycle.is_overdue(session, self.now)

    def submit(
        self,
        step: str,
        values: Mapping[str, Any],
        revision: int | None = None,
        key: str | None = None,
    ) -> None:
        self.desk.submit(step, values, revision, key)
        self.submitted.append(Submission(step, values, revision, key))

    def answer_the_current_step(self) -> None:
        session = self.session
        if self.program.screen(session.cursor) is None:
            return
        for _ in range(8):
            revision = self.random.choice([None, session.revision])
            key = self.random.choice([None, f"key-{len(self.submitted)}"])
            try:
                self.submit(session.current_step, self.draw_answer(session.cursor), revision, key)
            except ValidationFailed:
                continue
            except (SealedStep, SessionCompleted):
                pass
            return

    def draw_answer(self, position: Position) -> dict[str, Any]:
        node = self.program.screen(position)
        held = self.session.answer_at(position) or self.session.dormant_at(position)
        if held is not None and self.random.random() < 0.4:
            return dict(held.values)
        if node is None or position not in self.session.path:
            return {}
        data = shown_data(self.program, self.session, position)
        configs = [field_config(field, data, "en") for field in node.step.fields.values()]
        return Person(self.random).answer(position.step, configs)

    def position_of(self, step: str) -> Position:
        candidates = self.program.positions_of(step)
        if self.session.cursor in candidates:
            return self.session.cursor
        return next((p for p in self.session.path if p in candidates), candidates[0])

    def changes(self, before: Session, after: Session) -> set[str]:
        old, new = to_json(before), to_json(after)
        return {key for key in new if old[key] != new[key]}

    @invariant()
    def no_acknowledged_answer_is_lost(self) -> None:
        for position, values in self.desk.acknowledged.items():
            answer = self.desk.answer(position)
            assert answer is not None
            assert answer.values == values

    @invariant()
    def nothing_is_doubled(self) -> None:
        events = self.desk.events
        keys = [event.idempotency_key for event in events if event.idempotency_key is not None]
        assert len(keys) == len(set(keys))
        along = {EventKind.COMPLETED, EventKind.EFFECT_DONE}
        revisions = [event.revision for event in events if event.kind not in along]
        assert revisions == list(range(1, self.session.revision + 1))
        endings = [event for event in events if event.kind is EventKind.COMPLETED]
        assert len(endings) == (self.session.status is Status.COMPLETED)

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
        effects = self.desk.effects
        assert len(effects) == len(set(effects))
        assert {result.key for _, result in self.session.effects()} == set(effects)

    @invariant()
    def history_rebuilds_the_state(self) -> None:
        rebuilt = replay("s", self.desk.events, lambda _: self.program)

        assert to_json(rebuilt) == to_json(self.session)
