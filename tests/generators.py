"""Random workflow definitions that are valid: acyclic, with every kind of step.

`workflow_sources()` draws `{id: definition}`; the workflow to start is `ROOT`. Lookups are all
`sample.lookup` (input `{asked}`; tests answer `{"hits": <whole number>}`), effects `sample.effect`.
"""

from dataclasses import dataclass, field
from typing import Any

from hypothesis import strategies as st

from trex_app.engine.checker import CapabilityNames

ROOT = "root"
CAPABILITIES = CapabilityNames(
    lookups=frozenset({"sample.lookup"}), effects=frozenset({"sample.effect"})
)
CHOICES = ["a", "b", "c"]


@dataclass
class _Made:
    """One definition in the making; `order` is the steps in an order no way goes against."""

    id: str
    kinds: dict[str, str]
    targets: dict[str, list[str]] = field(default_factory=dict)
    fields: dict[str, dict[str, Any]] = field(default_factory=dict)
    callees: dict[str, str] = field(default_factory=dict)
    always: dict[str, frozenset[str]] = field(default_factory=dict)
    possibly: dict[str, frozenset[str]] = field(default_factory=dict)

    @property
    def hands_over(self) -> bool:
        return "tail" in self.kinds.values()

    @property
    def order(self) -> list[str]:
        return list(self.kinds)


@st.composite
def workflow_sources(
    draw: st.DrawFn, max_workflows: int = 3, max_steps: int = 8
) -> dict[str, dict[str, Any]]:
    """Definitions that call each other, from the innermost to `ROOT`."""
    count = draw(st.integers(1, max_workflows))
    sources: dict[str, dict[str, Any]] = {}
    # Each workflow is called once at most, so that no screen can be met twice on one way.
    uncalled: dict[str, bool] = {}
    for index in range(count):
        workflow_id = ROOT if index == count - 1 else f"w{index}"
        made = _kinds(draw, workflow_id, draw(st.integers(2, max_steps)), uncalled)
        _connect(draw, made)
        _know_what_is_before(made)
        sources[workflow_id] = _source(draw, made, sources)
        uncalled[workflow_id] = made.hands_over
    return sources


def _kinds(draw: st.DrawFn, workflow_id: str, count: int, uncalled: dict[str, bool]) -> _Made:
    made = _Made(workflow_id, {})
    for index in range(count - 1):
        step_id = f"{workflow_id}_{index}"
        kind = draw(
            st.sampled_from(
                ["screen", "screen", "screen", "lookup", "effect", "call", "end", "tail"]
            )
        )
        made.kinds[step_id] = _allowed(draw, made, step_id, kind, index, uncalled)
    made.kinds[f"{workflow_id}_{count - 1}"] = "end"
    return made


def _allowed(
    draw: st.DrawFn, made: _Made, step_id: str, kind: str, index: int, uncalled: dict[str, bool]
) -> str:
    """The kind if it is possible here, else a screen."""
    if kind in {"end", "tail"} and index == 0:
        return "screen"
    callable_now = [i for i, hands_over in uncalled.items() if kind == "tail" or not hands_over]
    if kind in {"call", "tail"}:
        if not callable_now:
            return "screen"
        callee = draw(st.sampled_from(callable_now))
        del uncalled[callee]
        made.callees[step_id] = callee
    return kind


def _goes_on(made: _Made, step_id: str) -> bool:
    return made.kinds[step_id] not in {"end", "tail"}


def _connect(draw: st.DrawFn, made: _Made) -> None:
    """Ways that reach every step, and lead on from every step that goes on."""
    order = made.order
    made.targets = {step_id: [] for step_id in order if _goes_on(made, step_id)}
    for index, step_id in enumerate(order[1:], start=1):
        sources = [earlier for earlier in order[:index] if _goes_on(made, earlier)]
        parent = draw(st.one_of(st.just(sources[-1]), st.sampled_from(sources)))
        made.targets[parent].append(step_id)
    for index, step_id in enumerate(order):
        if step_id not in made.targets:
            continue
        later = order[index + 1 :]
        extra = draw(st.lists(st.sampled_from(later), max_size=2))
        made.targets[step_id] += [t for t in dict.fromkeys(extra) if t not in made.targets[step_id]]
        if not made.targets[step_id]:
            made.targets[step_id].append(draw(st.sampled_from(later)))


def _know_what_is_before(made: _Made) -> None:
    ways: dict[str, list[frozenset[str]]] = {step_id: [] for step_id in made.order}
    possible: dict[str, frozenset[str]] = dict.fromkeys(made.order, frozenset())
    for step_id in made.order:
        arriving = ways[step_id]
        made.always[step_id] = frozenset.intersection(*arriving) if arriving else frozenset()
        made.possibly[step_id] = possible[step_id]
        for target in made.targets.get(step_id, ()):
            ways[target].append(made.always[step_id] | {step_id})
            possible[target] |= possible[step_id] | {step_id}


def _source(draw: st.DrawFn, made: _Made, sources: dict[str, dict[str, Any]]) -> dict[str, Any]:
    for step_id, kind in made.kinds.items():
        if kind == "screen":
            made.fields[step_id] = draw(_fields())
    steps = {step_id: _step(draw, made, step_id, sources) for step_id in made.order}
    source: dict[str, Any] = {
        "id": made.id,
        "title": f"Workflow {made.id}",
        "inputs": {"given": {}},
        "start": made.order[0],
        "steps": steps,
    }
    if not made.hands_over:
        source["outputs"] = draw(_outputs(made))
    return source


@st.composite
def _fields(draw: st.DrawFn) -> dict[str, Any]:
    kinds: dict[str, dict[str, Any]] = {
        "flag": {"type": "boolean"},
        "amount": {"type": "integer", "minimum": 0, "maximum": 9},
        "choice": {"type": "string", "enum": CHOICES, "labels": {c: c.upper() for c in CHOICES}},
        "text": {"type": "string", "maxLength": 20},
        "many": {
            "type": "array",
            "items": {"type": "string", "enum": CHOICES},
            "labels": {c: c.upper() for c in CHOICES},
            "uniqueItems": True,
        },
    }
    names = draw(st.lists(st.sampled_from(list(kinds)), unique=True, max_size=4))
    fields: dict[str, Any] = {}
    for name in names:
        fields[name] = {"title": name.title(), **kinds[name]}
        need = draw(st.sampled_from(["required", "optional", "when"]))
        if need == "required":
            fields[name]["required"] = True
        elif need == "when" and "flag" in names and name != "flag":
            fields[name]["required_when"] = "flag == true"
    return fields


def _step(
    draw: st.DrawFn, made: _Made, step_id: str, sources: dict[str, dict[str, Any]]
) -> dict[str, Any]:
    match made.kinds[step_id]:
        case "screen":
            step = _screen(draw, made, step_id)
        case "lookup":
            asked = draw(_value(made, step_id))
            step = {"lookup": "sample.lookup", "input": {"asked": asked}}
            if draw(st.booleans()):
                step["on_unavailable"] = "saved"
        case "effect":
            given = draw(_value(made, step_id))
            step = {"effect": "sample.effect", "title": "Sent", "input": {"given": given}}
        case "end":
            return {"end": f"{step_id}_done", "component": "Done", "title": "Done"}
        case kind:
            step = {"call": made.callees[step_id], "input": {"given": draw(_value(made, step_id))}}
            if kind == "tail":
                return {**step, "tail": True}
    return {**step, "next": _next(draw, made, step_id, sources)}


def _screen(draw: st.DrawFn, made: _Made, step_id: str) -> dict[str, Any]:
    fields = made.fields[step_id]
    step: dict[str, Any] = {"component": "Sample", "title": f"Step {step_id}", "fields": fields}
    if "amount" in fields and draw(st.booleans()):
        step["rules"] = [
            {
                "assert": "amount == null || amount != 7",
                "field": "amount",
                "code": "no_seven",
                "message": "Enter another number than seven.",
            }
        ]
    if draw(st.booleans()):
        step["data"] = [{"as": "shown", "value": draw(_value(made, step_id))}]
    if fields and draw(st.booleans()):
        name = draw(st.sampled_from(list(fields)))
        step["result"] = {"derived": f"answers.{step_id}.{name}"}
    links = sorted(s for s in made.possibly[step_id] if made.kinds[s] == "screen")
    if links and draw(st.booleans()):
        step["links"] = [{"to": draw(st.sampled_from(links)), "title": "Back there"}]
    return step


def _paths(made: _Made, steps: frozenset[str]) -> list[str]:
    return [
        f"answers.{s}.{name}" for s in made.order if s in steps for name in made.fields.get(s, ())
    ]


def _value(made: _Made, step_id: str) -> st.SearchStrategy[str]:
    """An expression that can be evaluated before the step, whatever was answered."""
    always, possibly = made.always[step_id], made.possibly[step_id]
    values = [
        "inputs.given",
        "'constant'",
        "has(context.locale) ? context.locale : null",
        *_paths(made, always),
    ]
    for earlier in sorted(possibly - always):
        values += [
            f"has(answers.{earlier}) ? {p} : null" for p in _paths(made, frozenset({earlier}))
        ]
    return st.sampled_from(values)


def _outputs(made: _Made) -> st.SearchStrategy[dict[str, str]]:
    ends = [step_id for step_id, kind in made.kinds.items() if kind == "end"]
    always = frozenset.intersection(*(made.always[end] for end in ends))
    paths = ["inputs.given", *_paths(made, always)]
    return st.dictionaries(st.sampled_from(["first", "second"]), st.sampled_from(paths))


def _next(
    draw: st.DrawFn, made: _Made, step_id: str, sources: dict[str, dict[str, Any]]
) -> list[dict[str, str]]:
    *guarded, last = made.targets[step_id]
    guards = _guards(made, step_id, sources)
    rows = [{"when": draw(st.sampled_from(guards)), "to": target} for target in guarded]
    return [*rows, {"to": last}]


def _guards(made: _Made, step_id: str, sources: dict[str, dict[str, Any]]) -> list[str]:
    always = made.always[step_id] | {step_id}
    guards = ["inputs.given == null"]
    for path in _paths(made, always):
        guards.append(_condition(path))
    for earlier in sorted(made.possibly[step_id] - made.always[step_id]):
        if made.kinds[earlier] == "screen":
            guards.append(f"has(answers.{earlier})")
        for path in _paths(made, frozenset({earlier})):
            guards.append(f"has(answers.{earlier}) && ({_condition(path)})")
    for earlier in sorted(always):
        if made.kinds[earlier] == "lookup":
            guards.append(f"results.{earlier}.hits > 2")
        if made.kinds[earlier] == "call":
            outputs = sources[made.callees[earlier]].get("outputs", {})
            guards += [f"results.{earlier}.{name} == null" for name in outputs]
    return guards


def _condition(path: str) -> str:
    conditions = {
        "flag": f"{path} == true",
        "amount": f"{path} != null && {path} > 4",
        "choice": f"{path} in ['a', 'b']",
        "text": f"{path} != null && size({path}) > 3",
        "many": f"{path} != null && 'a' in {path}",
    }
    return conditions[path.rsplit(".", 1)[-1]]


def _break_a_target(draw: st.DrawFn, source: dict[str, Any]) -> None:
    step = _draw_step(draw, source, "next")
    draw(st.sampled_from(step["next"]))["to"] = "nowhere"


def _forget_the_last_way(draw: st.DrawFn, source: dict[str, Any]) -> None:
    _draw_step(draw, source, "next")["next"][-1]["when"] = "inputs.given == null"


def _turn_back(draw: st.DrawFn, source: dict[str, Any]) -> None:
    step_id = draw(st.sampled_from([i for i, s in source["steps"].items() if "next" in s]))
    source["steps"][step_id]["next"].insert(0, {"when": "inputs.given == null", "to": step_id})


def _read_what_is_not_there(draw: st.DrawFn, source: dict[str, Any]) -> None:
    step = _draw_step(draw, source, "next")
    text = draw(st.sampled_from(["answers.nobody.knows == 1", "inputs.unheard", "bare", "1 +"]))
    step["next"].insert(0, {"when": text, "to": step["next"][0]["to"]})


def _read_ahead(draw: st.DrawFn, source: dict[str, Any]) -> None:
    first = source["steps"][source["start"]]
    last = list(source["steps"])[-1]
    first["next"].insert(0, {"when": f"has(results.{last})", "to": first["next"][0]["to"]})


def _add_a_lost_step(draw: st.DrawFn, source: dict[str, Any]) -> None:
    source["steps"]["lost"] = {"end": "lost", "component": "Lost", "title": "Lost"}


def _misspell_a_key(draw: st.DrawFn, source: dict[str, Any]) -> None:
    step = _draw_step(draw, source, "next")
    step["nxt"] = step.pop("next")


def _call_itself(draw: st.DrawFn, source: dict[str, Any]) -> None:
    last = list(source["steps"])[-1]
    source["steps"][last] = {"call": source["id"], "tail": True}


def _draw_step(draw: st.DrawFn, source: dict[str, Any], key: str) -> dict[str, Any]:
    return draw(st.sampled_from([step for step in source["steps"].values() if key in step]))


DAMAGES = (
    _break_a_target,
    _forget_the_last_way,
    _turn_back,
    _read_what_is_not_there,
    _read_ahead,
    _add_a_lost_step,
    _misspell_a_key,
    _call_itself,
)
"""Each makes a valid definition invalid, in place."""


@st.composite
def damaged_sources(draw: st.DrawFn) -> dict[str, dict[str, Any]]:
    """Definitions as `workflow_sources` draws them, with one mistake made in `ROOT`."""
    sources = draw(workflow_sources())
    draw(st.sampled_from(DAMAGES))(draw, sources[ROOT])
    return sources
