"""What a person must be able to read, and the names that must not clash."""

from collections.abc import Iterator, Mapping

from trex_app.engine.checker.calls import Raws, is_screen
from trex_app.engine.checker.hints import did_you_mean
from trex_app.engine.conditions import ROOTS
from trex_app.engine.source import Json, Place, Problem, RawDefinition

# fmt: off
CEL_WORDS = frozenset({
    "as", "break", "const", "continue", "else", "false", "for", "function", "if", "import", "in",
    "let", "loop", "namespace", "null", "package", "return", "true", "var", "void", "while",
})
# fmt: on
"""Words that cannot be names in an expression."""


def text_problems(raw: RawDefinition, raws: Raws) -> Iterator[Problem]:
    """Missing texts: of choices, of patterns, of ends that end a session."""
    ends_session = _ends_session(raw, raws)
    for step_id, step in raw.source["steps"].items():
        for name, field in step.get("fields", {}).items():
            yield from _field_problems(raw, ("steps", step_id, "fields", name), field)
        if "end" in step and ends_session:
            for key in ("component", "title"):
                if key not in step:
                    message = f"{key!r} is missing, though a session can end here"
                    yield raw.problem(("steps", step_id), message, "Add it.")


def _ends_session(raw: RawDefinition, raws: Raws) -> bool:
    """Whether a session can end in this workflow: nobody calls it, or somebody hands over to it."""
    calls = [
        step
        for other in raws.values()
        for step in other.source["steps"].values()
        if step.get("call") == raw.id
    ]
    return not calls or any(step.get("tail") for step in calls)


def _field_problems(
    raw: RawDefinition, place: Place, field: Mapping[str, Json]
) -> Iterator[Problem]:
    options = field.get("enum") or field.get("items", {}).get("enum") or ()
    labels: Mapping[str, str] = field.get("labels", {})
    for option in options:
        if str(option) not in labels:
            hint = f"Add labels: {{{option}: …}}."
            yield raw.problem(place, f"The choice {option!r} has no text", hint)
    if field["type"] != "boolean":
        known = {str(option) for option in options}
        for label in labels:
            if label not in known and options:
                hint = did_you_mean(label, known)
                yield raw.problem((*place, "labels", label), f"There is no choice {label!r}", hint)
    has_pattern = "pattern" in field or "pattern" in field.get("items", {})
    if has_pattern and "pattern" not in field.get("messages", {}):
        hint = "Add messages: {pattern: …}, a sentence that says how to write it."
        yield raw.problem(place, "It is not said how to write what the pattern asks", hint)


def name_problems(raw: RawDefinition) -> Iterator[Problem]:
    """Names that expressions could not read, and names of things that are not there."""
    for step_id, step in raw.source["steps"].items():
        if step_id in CEL_WORDS:
            message = f"{step_id!r} cannot be the name of a step"
            yield raw.problem(("steps", step_id), message, "Choose another name.")
        if is_screen(step):
            yield from _screen_name_problems(raw, step_id, step)


def _screen_name_problems(
    raw: RawDefinition, step_id: str, step: Mapping[str, Json]
) -> Iterator[Problem]:
    top: Place = ("steps", step_id)
    fields: Mapping[str, Json] = step["fields"]
    for name in fields:
        if name in CEL_WORDS | ROOTS:
            message = f"{name!r} cannot be the name of a field"
            yield raw.problem((*top, "fields", name), message, "Choose another name.")
    for at, rule in enumerate(step.get("rules", ())):
        if rule["field"] not in fields:
            message = f"There is no field {rule['field']!r} on this screen"
            place = (*top, "rules", at, "field")
            yield raw.problem(place, message, did_you_mean(rule["field"], fields))
    for name in step.get("result", {}):
        if "exists" in fields.get(name, {}):
            message = f"{name!r} is already the result of the field of that name"
            yield raw.problem((*top, "result", name), message, "Choose another name.")
    yield from _option_problems(raw, top, step)


def _option_problems(raw: RawDefinition, top: Place, step: Mapping[str, Json]) -> Iterator[Problem]:
    sources = step.get("data", ())
    if any("as" not in source for source in sources):
        return  # a merged map may bring any key
    keys = {source["as"] for source in sources}
    for name, field in step["fields"].items():
        key = field.get("options_from", {}).get("data")
        if key is not None and key not in keys:
            place = (*top, "fields", name, "options_from", "data")
            yield raw.problem(
                place, f"There is no {key!r} in the step's data", did_you_mean(key, keys)
            )
