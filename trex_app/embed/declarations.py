"""The types that hosts program against: trex.d.ts, bus.d.ts, preload.d.ts, custom-elements.json.

They are made from the models; `python -m trex_app.embed.declarations` writes them beside the
loader's sources.
"""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

from trex_app.embed.loader import ASSETS
from trex_app.embed.messages import APP_EVENTS, EVENTS, Attributes, Envelope, Said

TYPES_FILE: Final = "trex.d.ts"
BUS_TYPES_FILE: Final = "bus.d.ts"
PRELOAD_TYPES_FILE: Final = "preload.d.ts"
ELEMENTS_FILE: Final = "custom-elements.json"
ORIGIN_LINE: Final = "// Made by python -m trex_app.embed.declarations"
TAG: Final = "trex-workflow"

PRIMITIVES: Final = {
    "string": "string",
    "integer": "number",
    "number": "number",
    "boolean": "boolean",
    "null": "null",
}
METHODS: Final[Mapping[str, tuple[str, str, str]]] = {
    "bootstrap": ("", "Promise<void>", "Nothing: the element is ready by itself."),
    "mount": (
        "",
        "Promise<void>",
        "Resolves when the step can be answered; rejects with a TrexMountError if it fails.",
    ),
    "unmount": ("", "Promise<void>", "Takes the frame away, with all that belongs to it."),
    "update": (
        "attributes: Partial<TrexAttributes>",
        "Promise<void>",
        "Sets attributes; what is null is taken away.",
    ),
    "focus": (
        "options?: FocusOptions",
        "void",
        "Moves the focus to the heading of the step, unless it is in the frame already. Where the "
        "journey did not come up, to the link or button inside the element.",
    ),
    "navigate": ("step: string", "void", "Goes to a step that was answered before."),
    "hear": (
        "type: string, data?: unknown",
        "void",
        "Tells the frame what was said on the event bus; the bus does this by itself.",
    ),
}
"""The methods of the element: their arguments, what they answer, and what they do."""

MOUNT_ERROR: Final = """\
/** What mount() rejects with: the code of the `error` event that was final, or `unmounted`. */
export type TrexMountError = Error & { code: string; isFinal?: boolean };
"""
LIFECYCLES: Final = """\
/** What single-spa hands over, and the attributes of the element. */
export interface TrexProps {
  name: string;
  attributes: TrexAttributes & { id?: string; class?: string; title?: string };
  domElement?: HTMLElement;
  domElementGetter?: () => HTMLElement;
}

export function bootstrap(props?: TrexProps): Promise<void>;
export function mount(props: TrexProps): Promise<void>;
export function unmount(props: Pick<TrexProps, "name">): Promise<void>;
export function update(props: TrexProps): Promise<void>;
"""
BUS: Final = """\
/** The event bus of bus.js. A site may add types of its own to AppEvents. */
export interface EventBus {
  subscribe<T extends keyof AppEvents>(
    type: T,
    handler: (data: AppEvents[T], type: T) => void,
  ): () => void;
  emit<T extends keyof AppEvents>(type: T, data: AppEvents[T]): void;
  off<T extends keyof AppEvents>(type: T, handler: (data: AppEvents[T], type: T) => void): void;
}
"""
GLOBALS: Final = """\
declare global {
  interface HTMLElementTagNameMap {
    "trex-workflow": TrexWorkflow;
  }
  interface DocumentEventMap extends TrexEventMap {}
}
"""


def type_declarations() -> str:
    """The content of trex.d.ts."""
    return "\n".join(
        [
            ORIGIN_LINE,
            _interface("TrexAttributes", Attributes),
            _interface("TrexEnvelope", Envelope),
            *(_interface(f"Trex{model.__name__}", model) for model in _models(EVENTS)),
            _map(
                "TrexEventData", {name: f"Trex{model.__name__}" for name, model in EVENTS.items()}
            ),
            _map("TrexEventMap", {f"trex:{name}": _event_type(name) for name in EVENTS}),
            *(_interface(f"App{model.__name__}", model) for model in _models(APP_EVENTS)),
            _map("AppEvents", {name: f"App{model.__name__}" for name, model in APP_EVENTS.items()}),
            _element(),
            MOUNT_ERROR,
            LIFECYCLES,
            BUS,
            GLOBALS,
        ]
    )


def bus_declarations() -> str:
    """The content of bus.d.ts."""
    functions = "".join(
        f'export const {name}: EventBus["{name}"];\n' for name in ("subscribe", "emit", "off")
    )
    imported = 'import type { EventBus } from "./trex.js";\n'
    return f"{ORIGIN_LINE}\n{imported}\nexport const bus: EventBus;\n{functions}"


def preload_declarations() -> str:
    """The content of preload.d.ts."""
    members = 'Pick<TrexAttributes, "tenant" | "locale"> & { workflow: string }'
    return (
        f'{ORIGIN_LINE}\nimport type {{ TrexAttributes }} from "./trex.js";\n\n'
        "/** Fetches what a journey's frame will need; resolves when it is there. */\n"
        f"export function preload(wish: {members}): Promise<void>;\n"
    )


def element_manifest() -> str:
    """The content of custom-elements.json, in the form of the custom elements manifest 2.1.0."""
    export = {
        "kind": "custom-element-definition",
        "name": TAG,
        "declaration": {"name": "TrexWorkflow", "module": "trex.js"},
    }
    module = {
        "kind": "javascript-module",
        "path": "trex.js",
        "declarations": [_element_declaration()],
        "exports": [export],
    }
    manifest = {"schemaVersion": "2.1.0", "modules": [module]}
    return json.dumps(manifest, indent=2, ensure_ascii=False) + "\n"


def _element_declaration() -> dict[str, Any]:
    return {
        "kind": "class",
        "name": "TrexWorkflow",
        "tagName": TAG,
        "customElement": True,
        "superclass": {"name": "HTMLElement"},
        "description": "A journey in a frame that is as tall as what it shows.",
        "attributes": [
            {
                "name": field.replace("_", "-"),
                "description": told.description,
                "type": {"text": _field_type(Attributes, field)},
            }
            for field, told in Attributes.model_fields.items()
        ],
        "events": [
            _described(f"trex:{name}", _purpose(model)) | {"type": {"text": _event_type(name)}}
            for name, model in EVENTS.items()
        ],
        "members": [
            _described(name, purpose) | {"kind": "method", "return": {"type": {"text": answer}}}
            for name, (_, answer, purpose) in METHODS.items()
        ],
        "slots": [_described("", "Shown where the journey does not come up.")],
        "cssProperties": [
            _described("--trex-initial-height", "The frame's height until its content's is known.")
        ],
    }


def _described(name: str, description: str) -> dict[str, Any]:
    return {"name": name, "description": description}


def write(folder: Path = ASSETS) -> None:
    """Write the files into `folder`."""
    (folder / BUS_TYPES_FILE).write_text(bus_declarations(), encoding="utf-8")
    (folder / PRELOAD_TYPES_FILE).write_text(preload_declarations(), encoding="utf-8")
    (folder / TYPES_FILE).write_text(type_declarations(), encoding="utf-8")
    (folder / ELEMENTS_FILE).write_text(element_manifest(), encoding="utf-8")


def _models(by_type: Mapping[str, type[Said]]) -> Iterator[type[Said]]:
    """Each model once, in order."""
    yield from dict.fromkeys(by_type.values())


def _event_type(name: str) -> str:
    return f'CustomEvent<TrexEnvelope & {{ data: TrexEventData["{name}"] }}>'


def _purpose(model: type[Said]) -> str:
    return (model.__doc__ or "").strip()


def _element() -> str:
    methods = "".join(
        f"  /** {purpose} */\n  {name}({given}): {answer};\n"
        for name, (given, answer, purpose) in METHODS.items()
    )
    counted = "  /** Messages that were forged, malformed or unknown. */\n"
    return (
        "export interface TrexWorkflow extends HTMLElement {\n"
        f"{counted}  readonly stats: {{ ignored: number }};\n{methods}}}\n"
    )


def _map(name: str, members: Mapping[str, str]) -> str:
    lines = "".join(f'  "{key}": {value};\n' for key, value in members.items())
    return f"export interface {name} {{\n{lines}}}\n"


def _interface(name: str, model: type[Said]) -> str:
    schema = model.model_json_schema()
    required = set(schema.get("required", ()))
    lines: list[str] = []
    for member, about in schema.get("properties", {}).items():
        if "description" in about:
            lines.append(f"  /** {about['description']} */\n")
        key = f'"{_attribute(member)}"' if model is Attributes else member
        is_given = member in required or "const" in about
        lines.append(f"  {key}{'' if is_given else '?'}: {_type(about, schema)};\n")
    return f"/** {_purpose(model)} */\nexport interface {name} {{\n{''.join(lines)}}}\n"


def _attribute(member: str) -> str:
    return "".join(f"-{letter.lower()}" if letter.isupper() else letter for letter in member)


def _field_type(model: type[Said], field: str) -> str:
    schema = model.model_json_schema(by_alias=False)
    return _type(schema["properties"][field], schema)


def _type(about: Mapping[str, Any], schema: Mapping[str, Any]) -> str:
    """A JSON Schema as TypeScript writes it."""
    if "const" in about:
        return json.dumps(about["const"])
    if "enum" in about:
        return " | ".join(json.dumps(value) for value in about["enum"])
    if "anyOf" in about:
        return " | ".join(_type(one, schema) for one in about["anyOf"])
    if values := about.get("additionalProperties"):
        return f"Record<string, {'unknown' if values is True else _type(values, schema)}>"
    if "$ref" in about:
        inner = schema["$defs"][about["$ref"].rpartition("/")[2]]
        members = (f"{key}: {_type(value, schema)}" for key, value in inner["properties"].items())
        return f"{{ {'; '.join(members)} }}"
    return PRIMITIVES.get(about.get("type", ""), "unknown")


if __name__ == "__main__":
    write()
