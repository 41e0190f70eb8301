"""What expressions read: that it exists, and that it is set on every way that leads there."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from trex_app.engine.checker.calls import STANDARD_CONTEXT, Raws, is_screen
from trex_app.engine.checker.expressions import Moment, Use
from trex_app.engine.checker.graph import StepGraph
from trex_app.engine.checker.hints import did_you_mean
from trex_app.engine.conditions import STEP_ROOTS, Reference
from trex_app.engine.source import Json, Problem, RawDefinition

Complaint = tuple[str, str]
"""A message and a hint."""


@dataclass(frozen=True, slots=True)
class Scope:
    """What may be read at one place: the steps on every way there, and on some."""

    always: frozenset[str]
    possibly: frozenset[str]
    name: str = ""
    """The end this is the scope of, for outputs."""


class ReferenceCheck:
    """Checks the references of one definition whose shape and graph are sound."""

    def __init__(self, raw: RawDefinition, graph: StepGraph, raws: Raws) -> None:
        self._raw = raw
        self._graph = graph
        self._raws = raws

    def problems(self, use: Use) -> Iterator[Problem]:
        """What is wrong with what an expression reads, each thing once."""
        said: set[Complaint] = set()
        for scope in self._scopes(use):
            for reference in use.expression.references:
                complaint = self._complaint(use, reference, scope)
                if complaint is not None and complaint not in said:
                    said.add(complaint)
                    yield self._raw.problem(use.place, *complaint)

    def _scopes(self, use: Use) -> list[Scope]:
        graph = self._graph
        if use.moment is Moment.END:
            ends = [i for i, s in graph.steps.items() if "end" in s and i in graph.reachable]
            return [Scope(graph.always_before[i], graph.possibly_before[i], i) for i in ends]
        if use.step not in graph.reachable:
            return []
        own = frozenset({use.step}) if use.moment is Moment.AFTER else frozenset[str]()
        always, possibly = graph.always_before[use.step], graph.possibly_before[use.step]
        return [Scope(always | own, possibly | own)]

    def _complaint(self, use: Use, reference: Reference, scope: Scope) -> Complaint | None:
        if reference.root in STEP_ROOTS:
            return (
                self._unknown_step(reference)
                or self._unset_step(use, reference, scope)
                or self._unknown_name(reference)
                or self._unset_result(use, reference)
                or self._late_result(use, reference)
            )
        if reference.root == "inputs":
            return _undeclared(reference, "input", self._raw.source.get("inputs", {}))
        if reference.root == "context":
            known = STANDARD_CONTEXT | set(self._raw.source.get("context", ()))
            return _undeclared(reference, "context", known) or _unset_context(reference)
        return self._unknown_field(use, reference)

    def _unknown_step(self, reference: Reference) -> Complaint | None:
        step_id = reference.path[0]
        step = self._graph.steps.get(step_id)
        if step is None:
            return f"There is no step {step_id!r}", did_you_mean(step_id, self._graph.steps)
        if reference.root == "answers" and not is_screen(step):
            return f"{step_id!r} is not a screen and has no answers", f"Read results.{step_id}."
        if reference.root == "results" and self._result_names(step) == frozenset():
            return f"{step_id!r} has no result", f"Read answers.{step_id}."
        return None

    def _unset_step(self, use: Use, reference: Reference, scope: Scope) -> Complaint | None:
        step_id = reference.path[0]
        if step_id == use.step and use.moment is Moment.WITHIN:
            return f"{reference} is the step's own", f"Write {reference.path[-1]} alone."
        if step_id not in scope.possibly:
            if use.moment is Moment.END:
                hint = "Set it on every way, or give that end's way to it."
                return f"{reference} is not set at the end {scope.name!r}", hint
            hint = "Read only steps that come before."
            return f"{reference} is read where {step_id!r} cannot have been passed", hint
        if step_id not in scope.always and not reference.is_guarded:
            where = f"at the end {scope.name!r}" if scope.name else "here"
            hint = f"Ask has({reference.root}.{step_id}) first, in the same expression."
            return f"{reference} may not be set: not every way passes {step_id!r} {where}", hint
        return None

    def _unknown_name(self, reference: Reference) -> Complaint | None:
        if len(reference.path) < 2:
            return None
        step_id, name, *rest = reference.path
        step = self._graph.steps[step_id]
        if reference.root == "answers":
            known: Mapping[str, Json] | frozenset[str] | None = step["fields"]
        else:
            known = self._result_names(step)
        if known is not None and name not in known:
            return f"{step_id!r} has no {name!r}", did_you_mean(name, known)
        if reference.root == "answers" and rest:
            return f"The field {name!r} has no parts", f"Read {reference.root}.{step_id}.{name}."
        return None

    def _result_names(self, step: Mapping[str, Json]) -> frozenset[str] | None:
        """The names in a step's result; None where they are not known; empty for no result."""
        if "lookup" in step or "effect" in step:
            return None
        if "call" in step:
            callee = self._raws.get(step["call"])
            return frozenset(callee.source.get("outputs", ())) if callee else None
        fields: Mapping[str, Json] = step.get("fields", {})
        named = {name for name, field in fields.items() if "exists" in field}
        return frozenset(named | set(step.get("result", ())))

    def _unset_result(self, use: Use, reference: Reference) -> Complaint | None:
        """What a field names is only there where that field is given."""
        step_id, *rest = reference.path
        step, name = self._graph.steps[step_id], rest[:1]
        if reference.root != "results" or reference.is_presence or not is_screen(step):
            return None
        naming = {n: f for n, f in step["fields"].items() if "exists" in f and name in ([], [n])}
        is_always_set = any(name in ([], [derived]) for derived in step.get("result", ()))
        if is_always_set or any(field.get("required") for field in naming.values()):
            return None
        what = ".".join(("results", step_id, *name))
        if any(read.is_presence and str(read) == what for read in use.expression.references):
            return None
        message = f"{reference} may not be set: {' and '.join(map(repr, naming))} need not be given"
        return message, f"Ask has({what}) first, in the same expression."

    def _late_result(self, use: Use, reference: Reference) -> Complaint | None:
        step = self._graph.steps[reference.path[0]]
        if "effect" not in step or use.is_shown or reference.is_presence:
            return None
        message = f"{reference} arrives later than this is decided"
        return message, "Only a screen's data may show the result of an effect."

    def _unknown_field(self, use: Use, reference: Reference) -> Complaint | None:
        fields = self._fields_of(use.step)
        if use.moment is not Moment.WITHIN:
            hint = "Begin with answers., results., inputs. or context."
            return f"It is not known what {reference.root!r} is", hint
        if reference.root not in fields:
            hint = did_you_mean(reference.root, fields)
            return f"There is no field {reference.root!r} on this screen", hint
        if reference.path:
            return f"The field {reference.root!r} has no parts", f"Write {reference.root} alone."
        return None

    def _fields_of(self, step_id: str) -> Mapping[str, Json]:
        step = self._graph.steps.get(step_id)
        return step.get("fields", {}) if step is not None else {}


def _undeclared(
    reference: Reference, what: str, known: Mapping[str, Json] | set[str] | frozenset[str]
) -> Complaint | None:
    name = reference.path[0]
    if name in known:
        return None
    return f"There is no {what} {name!r}", did_you_mean(name, known)


def _unset_context(reference: Reference) -> Complaint | None:
    if reference.is_guarded:
        return None
    hint = f"Ask has({reference}) first, in the same expression."
    return f"{reference} may not be set: a client need not send it", hint


def output_problems(raw: RawDefinition) -> Iterator[Problem]:
    """Outputs that a caller would wait for in vain."""
    if not raw.source.get("outputs"):
        return
    for step_id, step in raw.source["steps"].items():
        if step.get("tail"):
            message = f"The outputs are not set where {step_id!r} hands over for good"
            yield raw.problem(("outputs",), message, "Remove the outputs, or tail: true.")
