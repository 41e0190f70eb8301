"""What differs between two versions of a workflow, as a person reads it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, cast

import orjson

from trex_app.engine.definition import EMPTY, Json, Workflow

SHOWN_VALUE_LENGTH = 60
_KINDS = ("lookup", "effect", "call", "end")


class ChangeKind(StrEnum):
    """What happened to a part of a definition."""

    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"


@dataclass(frozen=True, slots=True)
class Change:
    """One difference. `what` names the part within the workflow, `detail` its old and new value."""

    workflow: str
    kind: ChangeKind
    what: str
    detail: str = ""

    def as_json(self) -> dict[str, Json]:
        """The shape in `workflows publish --json`."""
        return {
            "workflow": self.workflow,
            "kind": self.kind.value,
            "what": self.what,
            "detail": self.detail,
        }


def differences(old: Workflow | None, new: Workflow) -> Iterator[Change]:
    """What `new` changes, in itself and in every workflow it reaches; `old` None: all is new."""
    before = dict(_reached(old)) if old is not None else {}
    after = dict(_reached(new))
    for workflow_id, source in after.items():
        if workflow_id in before:
            yield from _of_workflow(workflow_id, before[workflow_id], source)
        else:
            steps = len(source["steps"])
            yield Change(workflow_id, ChangeKind.ADDED, "workflow", f"{steps} steps")
    for workflow_id in before.keys() - after.keys():
        yield Change(workflow_id, ChangeKind.REMOVED, "workflow")


def _reached(workflow: Workflow) -> Iterator[tuple[str, Mapping[str, Json]]]:
    yield workflow.id, workflow.source
    for called in workflow.calls.values():
        yield from _reached(called)


def _of_workflow(
    workflow_id: str, old: Mapping[str, Json], new: Mapping[str, Json]
) -> Iterator[Change]:
    def change(kind: ChangeKind, what: str, detail: str = "") -> Change:
        return Change(workflow_id, kind, what, detail)

    for kind, what, detail in _of_members(old, new, leave_out=("steps",)):
        yield change(kind, what, detail)
    steps: tuple[Mapping[str, Json], Mapping[str, Json]] = (old["steps"], new["steps"])
    for kind, step_id in _keys(*steps):
        name = f"step {step_id}"
        if kind is not ChangeKind.CHANGED:
            yield change(kind, name, _kind_of(steps[kind is ChangeKind.ADDED][step_id]))
            continue
        for part_kind, what, detail in _of_step(steps[0][step_id], steps[1][step_id]):
            yield change(part_kind, f"{name}: {what}", detail)
    if _is_reordered(*steps):
        yield change(ChangeKind.CHANGED, "order of steps")


_Part = tuple[ChangeKind, str, str]


def _of_step(old: Mapping[str, Json], new: Mapping[str, Json]) -> Iterator[_Part]:
    yield from _of_members(old, new, leave_out=("fields", "next"))
    fields: tuple[Mapping[str, Json], Mapping[str, Json]] = (
        old.get("fields", EMPTY),
        new.get("fields", EMPTY),
    )
    for kind, name in _keys(*fields):
        what = f"field {name}"
        if kind is ChangeKind.CHANGED:
            for part_kind, member, detail in _of_members(fields[0][name], fields[1][name]):
                yield part_kind, f"{what}: {member}", detail
        else:
            yield kind, what, str(fields[kind is ChangeKind.ADDED][name].get("type", ""))
    if _is_reordered(*fields):
        yield ChangeKind.CHANGED, "order of fields", ""
    yield from _of_transitions(old.get("next", ()), new.get("next", ()))


def _of_transitions(
    old: Sequence[Mapping[str, Json]], new: Sequence[Mapping[str, Json]]
) -> Iterator[_Part]:
    before, after = [_transition(row) for row in old], [_transition(row) for row in new]
    yield from ((ChangeKind.REMOVED, "transition", text) for text in before if text not in after)
    yield from ((ChangeKind.ADDED, "transition", text) for text in after if text not in before)
    if before != after and sorted(before) == sorted(after):
        yield ChangeKind.CHANGED, "order of transitions", ""


def _transition(row: Mapping[str, Json]) -> str:
    return f"to {row['to']}" + (f" when {row['when']}" if "when" in row else "")


def _of_members(
    old: Mapping[str, Json], new: Mapping[str, Json], leave_out: Sequence[str] = ()
) -> Iterator[_Part]:
    for kind, name in _keys(old, new):
        if name in leave_out:
            continue
        match kind:
            case ChangeKind.ADDED:
                yield kind, name, _shown(new[name])
            case ChangeKind.REMOVED:
                yield kind, name, _shown(old[name])
            case ChangeKind.CHANGED:
                yield kind, name, f"{_shown(old[name])} → {_shown(new[name])}"


def _keys(old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[tuple[ChangeKind, str]]:
    """Each key that differs, in the order of the new version, then what is gone."""
    for key, value in new.items():
        if key not in old:
            yield ChangeKind.ADDED, key
        elif orjson.dumps(value) != orjson.dumps(old[key]):
            yield ChangeKind.CHANGED, key
    for key in old:
        if key not in new:
            yield ChangeKind.REMOVED, key


def _is_reordered(old: Mapping[str, Any], new: Mapping[str, Any]) -> bool:
    return [key for key in old if key in new] != [key for key in new if key in old]


def _kind_of(step: Mapping[str, Json]) -> str:
    kind = next((kind for kind in _KINDS if kind in step), None)
    return f"{kind} {step[kind]}" if kind is not None else f"screen {step['component']}"


def _shown(value: Json) -> str:
    text = value if isinstance(value, str) else orjson.dumps(cast("object", value)).decode()
    return text if len(text) <= SHOWN_VALUE_LENGTH else f"{text[: SHOWN_VALUE_LENGTH - 1]}…"
