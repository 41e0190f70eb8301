"""Turns a session into the step a person is shown."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import structlog

from trex_app.core.errors import Unavailable
from trex_app.core.texts import DEFAULT_LOCALE, supported_locale, translate
from trex_app.engine.definition import (
    EMPTY,
    DataSource,
    End,
    Field,
    Json,
    Pii,
    Screen,
)
from trex_app.engine.program import EndNode, Node, Program, ScreenNode
from trex_app.engine.sealing import is_sealed
from trex_app.engine.session import Answer, Position, Session
from trex_app.engine.walk import environment_of, evaluate_map
from trex_app.services.capabilities import Capabilities
from trex_app.services.freshness import saved_note
from trex_app.services.summary import ending, given_at, summary
from trex_app.services.views import MASK, Caller, PathEntry, Progress, StepView

log = structlog.get_logger(__name__)
NOT_ANSWERING = (
    "Some of what belongs here is not available right now. Your answers are kept; please look "
    "again shortly."
)


def locale_of(caller: Caller, session: Session) -> str:
    """The language to speak: the caller's, else the session's, else English."""
    return caller.locale or session.context.get("locale") or DEFAULT_LOCALE


@dataclass(frozen=True, slots=True)
class _Look:
    """What a step shows in one language, whoever looks at it: nobody may change it."""

    entry: PathEntry
    validation_rules: Mapping[str, Json]
    ui_config: Mapping[str, Json]


class Presenter:
    """Builds step views; asks data providers where a step declares them."""

    def __init__(self, capabilities: Capabilities) -> None:
        self._capabilities = capabilities
        # As many as there are versions in use, steps and languages.
        self._looks: dict[tuple[str, Position, str], _Look] = {}

    async def view(
        self, program: Program, session: Session, locale: str, session_token: str | None = None
    ) -> StepView:
        """The step at the session's cursor, ready to be drawn."""
        node = program.nodes[session.cursor]
        look = self._look(program, session.cursor, locale)
        data, has_gaps = await self._data(program, session, node, locale)
        gaps = translate(NOT_ANSWERING, locale) if has_gaps else ""
        has_sealed = is_sealed(program, session)
        given = given_at(program, session, session.cursor, locale) if has_sealed else ()
        saved = saved_note(data, session.updated_at.date(), locale)
        return StepView(
            session_id=session.session_id,
            workflow_type=session.workflow_id,
            status=session.status.value,
            step_id=session.cursor.step,
            component_name=_component(node),
            data=data,
            validation_rules=look.validation_rules,
            can_go_back=any(True for _ in _answered(session, before=session.cursor)),
            next_step_id=_next_step_id(program, node),
            path=tuple(self._path(program, session, locale)),
            ui_config=_with_lists(look.ui_config, node, data, locale),
            revision=session.revision,
            progress=_progress(program, session),
            answers=shown_answers(program, session),
            messages=tuple(message for message in (gaps, saved) if message),
            lookups=tuple(node.step.lookups) if isinstance(node, ScreenNode) else (),
            session_token=session_token,
            expires_at=session.expires_at,
            is_sealed=has_sealed,
            given=tuple(given),
        )

    def _look(self, program: Program, position: Position, locale: str) -> _Look:
        key = (program.hash, position, supported_locale(locale))
        look = self._looks.get(key)
        if look is None:
            look = self._looks[key] = _look(program.nodes[position], locale)
        return look

    def _path(self, program: Program, session: Session, locale: str) -> Iterator[PathEntry]:
        for position in session.path:
            node = program.nodes[position]
            is_last_end = isinstance(node, EndNode) and position == session.path[-1]
            if isinstance(node, ScreenNode) or is_last_end:
                yield self._look(program, position, locale).entry

    async def _data(
        self, program: Program, session: Session, node: Node, locale: str
    ) -> tuple[dict[str, Json], bool]:
        """What the step shows, and whether something is missing because nobody answers.

        The way here has been saved by now, so a missing part must not hide the step.
        """
        step = node.step
        sources = step.data if isinstance(step, Screen | End) else ()
        env = environment_of(program, session, node.position.frame)
        # Sentences that a provider makes are for who reads now, in whatever language it began.
        env["context"] = {**env["context"], "locale": locale}
        data: dict[str, Json] = {}
        has_gaps = False
        for source in sources:
            if source.when is not None and not source.when.holds(env):
                continue
            try:
                value = await self._value(source, env, program, session, locale)
            except Unavailable as error:
                log.warning("data_provider_away", provider=source.provider, cause=repr(error))
                has_gaps, value = True, None
            if source.as_key is not None:
                data[source.as_key] = value
            elif isinstance(value, Mapping):
                data.update(value)  # pyright: ignore[reportUnknownArgumentType]
        return data, has_gaps

    async def _value(
        self,
        source: DataSource,
        env: dict[str, Mapping[str, Any]],
        program: Program,
        session: Session,
        locale: str,
    ) -> Json:
        if source.value is not None:
            return source.value.evaluate(env)
        if source.provider == "journey.summary":
            return {"summary": summary(program, session, locale)}
        if source.provider == "journey.ending":
            return ending(program, session, locale)
        provider = self._capabilities.providers[source.provider or ""]
        return await provider(evaluate_map(source.input, env))


def _component(node: Node) -> str:
    return node.step.component if isinstance(node.step, Screen | End) else ""


def _look(node: Node, locale: str) -> _Look:
    step = node.step
    title = translate(step.title, locale) if isinstance(step, Screen | End) else ""
    return _Look(
        PathEntry(step.id, title), _validation_rules(node, locale), _ui_config(node, locale)
    )


def _validation_rules(node: Node, locale: str) -> Mapping[str, Json]:
    if not isinstance(node, ScreenNode):
        return EMPTY
    schema = node.validator.schema
    properties = {
        name: {**member, "title": translate(member.get("title", name), locale)}
        for name, member in schema["properties"].items()
    }
    return {**schema, "properties": properties}


def _answered(session: Session, before: Position) -> Iterator[Position]:
    for position in session.path:
        if position == before:
            return
        if session.answer_at(position) is not None:
            yield position


def _next_step_id(program: Program, node: Node) -> str | None:
    """The step that follows whatever is answered, or None where it depends on the answer."""
    if len(node.transitions) != 1:
        return None
    target = node.transitions[0][1]
    is_shown = program.screen(target) is not None or program.ends_session(target)
    return target.step if is_shown else None


def _progress(program: Program, session: Session) -> Progress:
    done = sum(
        1
        for position in session.path[: session.path.index(session.cursor)]
        if program.screen(position) is not None
    )
    return Progress(done, done + program.screens_ahead[session.cursor])


def shown_answers(program: Program, session: Session) -> dict[str, Json]:
    """What the current step holds, or else its prefill; credit-class values masked."""
    node = program.screen(session.cursor)
    if node is None:
        return {}
    answer = session.answer_at(session.cursor) or session.dormant_at(session.cursor)
    if answer is None:
        return _prefill(program, session, node.step)
    return {
        name: _masked(node.step.fields.get(name), value) for name, value in answer.values.items()
    }


def _prefill(program: Program, session: Session, screen: Screen) -> dict[str, Json]:
    env = environment_of(program, session, session.cursor.frame)
    return {
        name: field.prefill.evaluate(env) if field.prefill is not None else None
        for name, field in screen.fields.items()
    }


def _masked(field: Field | None, value: Json) -> Json:
    is_secret = field is not None and field.pii is Pii.CREDIT and value is not None
    return MASK if is_secret else value


def unmasked(screen: Screen, values: Mapping[str, Json], held: Answer | None) -> dict[str, Json]:
    """The values as given, with each mask replaced by what is held, if anything is."""
    known = held.values if held is not None else EMPTY
    return {
        name: known.get(name) if _is_mask(screen.fields.get(name), value) else value
        for name, value in values.items()
    }


def _is_mask(field: Field | None, value: Json) -> bool:
    return field is not None and field.pii is Pii.CREDIT and value == MASK


def _ui_config(node: Node, locale: str) -> dict[str, Json]:
    step = node.step
    if not isinstance(step, Screen | End):
        return {}
    config: dict[str, Json] = {name: _translated(value, locale) for name, value in step.ui.items()}
    config["title"] = translate(step.title, locale)
    config["intro"] = translate(step.intro, locale)
    if isinstance(step, Screen):
        config["links"] = [
            {"to": link.to, "title": translate(link.title, locale)} for link in step.links
        ]
        config["fields"] = [field_config(field, EMPTY, locale) for field in step.fields.values()]
    return config


def _with_lists(
    config: Mapping[str, Json], node: Node, data: Mapping[str, Json], locale: str
) -> Mapping[str, Json]:
    """The configuration with the options that come from `data`, where a field has such."""
    fields = node.step.fields.values() if isinstance(node, ScreenNode) else ()
    if all(field.options_from is None for field in fields):
        return config
    return {
        **config,
        "fields": [
            known if field.options_from is None else field_config(field, data, locale)
            for field, known in zip(fields, config["fields"], strict=True)
        ],
    }


def _translated(value: Json, locale: str) -> Json:
    if isinstance(value, str):
        return translate(value, locale)
    if isinstance(value, list):
        return [_translated(item, locale) for item in value]  # pyright: ignore[reportUnknownVariableType]
    if isinstance(value, Mapping):
        return {key: _translated(item, locale) for key, item in value.items()}  # pyright: ignore[reportUnknownVariableType]
    return value


def field_config(field: Field, data: Mapping[str, Json], locale: str) -> dict[str, Json]:
    """What a control needs to know of a field; options that come from `data` included."""
    return {
        "name": field.name,
        "schema": dict(field.schema),
        "title": translate(field.title, locale),
        "help": translate(field.help, locale),
        "placeholder": translate(field.placeholder, locale),
        "widget": field.widget,
        "is_required": field.is_required,
        "is_conditional": field.required_when is not None,
        "is_list": field.is_list,
        "pii": field.pii.value,
        "options": _options(field, data, locale),
    }


def _options(field: Field, data: Mapping[str, Json], locale: str) -> list[dict[str, Json]]:
    if field.options_from is None:
        return [
            {"value": _choice(field, label), "title": translate(title, locale), "details": {}}
            for label, title in field.labels.items()
        ]
    source = field.options_from
    return [
        {
            "value": row.get(source.value),
            "title": " ".join(str(row[key]) for key in source.title if row.get(key) is not None),
            "details": {key: row.get(key) for key in source.details},
        }
        for row in data.get(source.data) or ()
    ]


def _choice(field: Field, label: str) -> Json:
    """The JSON value that a label is for: labels are texts, and values need not be."""
    items: Mapping[str, Json] = field.schema.get("items", EMPTY)
    values = field.schema.get("enum") or items.get("enum") or (True, False)
    return next((value for value in values if _label_of(value) == label), label)


def _label_of(value: Json) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
