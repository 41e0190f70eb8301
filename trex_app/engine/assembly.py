"""Workflow values made from checked definitions, from the bottom of the call graph upwards."""

from collections.abc import Iterator, Mapping, Sequence
from typing import cast

import orjson

from trex_app.core.errors import DefinitionInvalid
from trex_app.engine.conditions import Expression, ExpressionInvalid
from trex_app.engine.definition import (
    Call,
    DataSource,
    Effect,
    End,
    Field,
    Json,
    Link,
    Lookup,
    OptionsFrom,
    Pii,
    Rule,
    Screen,
    Step,
    Transition,
    Workflow,
)
from trex_app.engine.digest import digest

TEXT_MAX_LENGTH = 1000
LIST_MAX_ITEMS = 100
WHOLE_NUMBER_MAX = 2_147_483_647
"""Limits of fields that state none: an answer must never be able to fill a database."""

FIELD_ATTRIBUTES = frozenset(
    {
        "title", "help", "placeholder", "widget", "pii", "required", "required_when", "past",
        "exists", "prefill", "labels", "messages", "options_from",
    }
)  # fmt: skip
"""What a field says besides JSON Schema."""

_LOOKS = {
    "workflow": frozenset({"title", "description"}),
    "step": frozenset({"title", "intro", "component", "ui", "prefill"}),
    "field": frozenset({"title", "help", "placeholder", "widget", "labels", "messages", "prefill"}),
}
"""What only changes how a journey looks, and so is left out of the behaviour hash."""


def assemble(sources: Mapping[str, Json]) -> dict[str, Workflow]:
    """Every workflow of the sources, each with those it calls. The sources have been checked.

    Raises DefinitionInvalid for an expression this version does not know, or a missing callee.
    """
    workflows: dict[str, Workflow] = {}
    for workflow_id in _callees_first(sources):
        source = sources[workflow_id]
        try:
            workflows[workflow_id] = _workflow(source, workflows)
        except (ExpressionInvalid, KeyError) as error:
            raise DefinitionInvalid([f"{workflow_id}: {error}"]) from error
    return {workflow_id: workflows[workflow_id] for workflow_id in sources}


def callees(source: Mapping[str, Json]) -> tuple[str, ...]:
    """The ids of the workflows a definition calls, each once, in order of appearance."""
    calls = (step["call"] for step in source["steps"].values() if "call" in step)
    return tuple(dict.fromkeys(calls))


def _callees_first(sources: Mapping[str, Json]) -> list[str]:
    order: dict[str, None] = {}

    def visit(workflow_id: str, callers: tuple[str, ...]) -> None:
        if workflow_id in callers or workflow_id not in sources:
            problem = f"{callers[-1]} calls {workflow_id}, which is missing or calls it back"
            raise DefinitionInvalid([problem])
        if workflow_id not in order:
            for callee in callees(sources[workflow_id]):
                visit(callee, (*callers, workflow_id))
            order[workflow_id] = None

    for workflow_id in sources:
        visit(workflow_id, ())
    return list(order)


def _workflow(source: Mapping[str, Json], known: Mapping[str, Workflow]) -> Workflow:
    calls = {callee: known[callee] for callee in callees(source)}
    return Workflow(
        id=source["id"],
        title=source["title"],
        description=source.get("description", ""),
        start=source["start"],
        steps={step_id: _step(step_id, step) for step_id, step in source["steps"].items()},
        source=source,
        hash=content_hash(source, calls),
        behaviour_hash=behaviour_hash(source, calls),
        inputs=source.get("inputs", {}),
        outputs=_expressions(source.get("outputs")),
        context=tuple(source.get("context", ())),
        ttl_hours=source.get("ttl_hours", 72),
        remind_after_hours=source.get("remind_after_hours", 24),
        calls=calls,
    )


def content_hash(source: Mapping[str, Json], calls: Mapping[str, Workflow]) -> str:
    """The hash of a definition and all it calls.

    Comments and layout of the file do not count. The order of steps and fields does, because
    people see it; so the text is not sorted, and must be stored as text to keep its hash.
    """
    text = orjson.dumps(source).decode()
    return digest([text, {callee: workflow.hash for callee, workflow in calls.items()}])


def behaviour_hash(source: Mapping[str, Json], calls: Mapping[str, Workflow]) -> str:
    """The hash of what decides: two definitions with the same one differ in looks only."""
    plain = _without(source, "workflow")
    plain["steps"] = {step_id: _plain_step(step) for step_id, step in source["steps"].items()}
    return digest([plain, {callee: workflow.behaviour_hash for callee, workflow in calls.items()}])


def _plain_step(step: Mapping[str, Json]) -> dict[str, Json]:
    plain = _without(step, "step")
    fields: Mapping[str, Json] = step.get("fields", {})
    plain["fields"] = {name: _without(field, "field") for name, field in fields.items()}
    plain["rules"] = [{**rule, "message": ""} for rule in step.get("rules", ())]
    plain["links"] = [link["to"] for link in step.get("links", ())]
    plain["kind"] = next((k for k in ("lookup", "effect", "call", "end") if k in step), "screen")
    return plain


def _without(value: Mapping[str, Json], kind: str) -> dict[str, Json]:
    return {key: part for key, part in value.items() if key not in _LOOKS[kind]}


def _step(step_id: str, step: Mapping[str, Json]) -> Step:
    if "lookup" in step:
        return Lookup(
            id=step_id,
            lookup=step["lookup"],
            input=_expressions(step.get("input")),
            has_fallback=step.get("on_unavailable") == "saved",
            max_age_minutes=step.get("max_age_minutes", 30),
            title=step.get("title", ""),
            next=_transitions(step),
        )
    if "effect" in step:
        return Effect(
            id=step_id,
            effect=step["effect"],
            input=_expressions(step.get("input")),
            title=step.get("title", ""),
            next=_transitions(step),
        )
    if "call" in step:
        return Call(
            id=step_id,
            workflow=step["call"],
            input=_expressions(step.get("input")),
            context=step.get("context", {}),
            is_tail=step.get("tail", False),
            next=_transitions(step),
        )
    return _end(step_id, step) if "end" in step else _screen(step_id, step)


def _end(step_id: str, step: Mapping[str, Json]) -> End:
    return End(
        id=step_id,
        outcome=step["end"],
        component=step.get("component", ""),
        title=step.get("title", ""),
        intro=step.get("intro", ""),
        data=_data(step),
        events=tuple(step.get("events", ())),
        ui=step.get("ui", {}),
    )


def _screen(step_id: str, step: Mapping[str, Json]) -> Screen:
    prefill: str | None = step.get("prefill")
    return Screen(
        id=step_id,
        component=step["component"],
        title=step["title"],
        intro=step.get("intro", ""),
        fields={name: _field(name, field, prefill) for name, field in step["fields"].items()},
        rules=tuple(
            Rule(Expression(rule["assert"]), rule["field"], rule["code"], rule["message"])
            for rule in step.get("rules", ())
        ),
        data=_data(step),
        result=_expressions(step.get("result")),
        lookups=tuple(step.get("lookups", ())),
        links=tuple(Link(link["to"], link["title"]) for link in step.get("links", ())),
        ui=step.get("ui", {}),
        next=_transitions(step),
    )


def _field(name: str, field: Mapping[str, Json], screen_prefill: str | None) -> Field:
    schema = {key: value for key, value in field.items() if key not in FIELD_ATTRIBUTES}
    condition, options = field.get("required_when"), field.get("options_from")
    prefill = field.get("prefill") or _prefill(name, field, screen_prefill)
    return Field(
        name=name,
        schema=limited(schema),
        title=field["title"],
        help=field.get("help", ""),
        placeholder=field.get("placeholder", ""),
        widget=field.get("widget", ""),
        pii=Pii(field.get("pii", "none")),
        is_required=field.get("required", False),
        required_when=Expression(condition) if condition else None,
        is_past=field.get("past", False),
        exists=field.get("exists"),
        prefill=Expression(prefill) if prefill else None,
        labels=field.get("labels", {}),
        messages=field.get("messages", {}),
        options_from=_options_from(options) if options else None,
    )


def _prefill(name: str, field: Mapping[str, Json], source: str | None) -> str | None:
    """The screen's `prefill` read for one field. A consent is never given in advance."""
    if source is None or field.get("const") is True:
        return None
    return f"{source} == null || !has({source}.{name}) ? null : {source}.{name}"


def limited(schema: Mapping[str, Json]) -> dict[str, Json]:
    """The schema with a limit on everything that has none."""
    if "enum" in schema or "const" in schema:
        return dict(schema)
    match schema.get("type"):
        case "string":
            return {**schema, "maxLength": schema.get("maxLength", TEXT_MAX_LENGTH)}
        case "integer":
            ends = {"minimum": -WHOLE_NUMBER_MAX, "maximum": WHOLE_NUMBER_MAX}
            return {**schema, **{k: schema.get(k, end) for k, end in ends.items()}}
        case "array":
            items = limited(cast("Mapping[str, Json]", schema.get("items", {"type": "string"})))
            return {**schema, "items": items, "maxItems": schema.get("maxItems", LIST_MAX_ITEMS)}
        case _:
            return dict(schema)


def _options_from(options: Mapping[str, Json]) -> OptionsFrom:
    return OptionsFrom(
        data=options["data"],
        value=options["value"],
        title=tuple(options["title"]),
        details=tuple(options.get("details", ())),
    )


def _data(step: Mapping[str, Json]) -> tuple[DataSource, ...]:
    sources: Sequence[Mapping[str, Json]] = step.get("data", ())
    return tuple(_data_source(source) for source in sources)


def _data_source(source: Mapping[str, Json]) -> DataSource:
    return DataSource(
        value=Expression(source["value"]) if "value" in source else None,
        provider=source.get("provider"),
        input=_expressions(source.get("input")),
        as_key=source.get("as"),
        when=Expression(source["when"]) if "when" in source else None,
    )


def _expressions(texts: Mapping[str, str] | None) -> dict[str, Expression]:
    return {name: Expression(text) for name, text in (texts or {}).items()}


def _transitions(step: Mapping[str, Json]) -> tuple[Transition, ...]:
    return tuple(_each_transition(step.get("next", ())))


def _each_transition(rows: Sequence[Mapping[str, Json]]) -> Iterator[Transition]:
    for row in rows:
        yield Transition(row["to"], Expression(row["when"]) if "when" in row else None)
