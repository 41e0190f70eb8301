"""Definition files as written: YAML values with their line numbers, and what is wrong with them."""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeAlias, cast

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError

Json: TypeAlias = Any
Node: TypeAlias = Any
"""A node of ruamel's tree, which carries no types."""

Place: TypeAlias = "tuple[str | int, ...]"
"""Where in a definition something stands: ("steps", "has_buyer", "next", 0, "when")."""

SHARED_NAME = "shared"
"""`shared.yaml` holds groups of fields that several screens use; it is not a workflow."""

USE = "$use"
MAX_FILE_BYTES = 1_000_000

_JSON_TAGS = {f"tag:yaml.org,2002:{kind}" for kind in ("str", "int", "float", "bool", "null")}


@dataclass(frozen=True, slots=True)
class Problem:
    """One mistake in a definition. `str()` is the line an editor or a terminal can follow."""

    file: str
    line: int
    step: str
    message: str
    hint: str = ""

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}: "
        step = f"{self.step}: " if self.step else ""
        return f"{place}{step}{self.message}. {self.hint}".rstrip()


@dataclass(frozen=True, slots=True)
class RawDefinition:
    """A definition before it is checked: its JSON value, and the line of everything in it."""

    id: str
    source: Mapping[str, Json]
    file: str = ""
    lines: Mapping[Place, int] = field(default_factory=dict[Place, int])

    def line(self, *path: str | int) -> int:
        """The line of what stands at `path`, or of the nearest thing around it."""
        for length in range(len(path), 0, -1):
            if path[:length] in self.lines:
                return self.lines[path[:length]]
        return 1

    def problem(self, path: Place, message: str, hint: str = "") -> Problem:
        """A problem at `path`, with its line and step filled in."""
        step = str(path[1]) if len(path) > 1 and path[0] == "steps" else ""
        return Problem(self.file, self.line(*path), step, message, hint)


@dataclass(frozen=True, slots=True)
class Reading:
    """What a set of folders holds: the readable definitions by id, and the problems of the rest.

    `replaced` are those of earlier folders that later ones have others for.
    """

    raws: Mapping[str, RawDefinition]
    problems: Sequence[Problem]
    replaced: Mapping[str, RawDefinition]


def read_folders(folders: Sequence[Path]) -> Reading:
    """Read every `*.yaml` of the folders; a later folder's file replaces an earlier one's."""
    raws: dict[str, RawDefinition] = {}
    replaced: dict[str, RawDefinition] = {}
    problems: list[Problem] = []
    groups: dict[str, Json] = {}
    for folder in folders:
        if not folder.is_dir():
            problems.append(Problem(str(folder), 1, "", "This is not a folder", "Create it."))
            continue
        groups |= _read_shared(folder / f"{SHARED_NAME}.yaml", problems)
        for file in sorted(folder.glob("*.yaml")):
            if file.stem == SHARED_NAME:
                continue
            raw, faults = _read_file(file, groups)
            problems += faults
            if raw is None:
                continue
            if file.stem in raws:
                replaced[file.stem] = raws[file.stem]
            raws[file.stem] = raw
    return Reading(raws, problems, replaced)


def _read_file(
    file: Path, groups: Mapping[str, Json]
) -> tuple[RawDefinition | None, list[Problem]]:
    try:
        text = _text_of(file)
    except OSError as error:
        return None, [_unreadable(file, error)]
    return read_definition(text, str(file), groups)


def _unreadable(file: Path, error: OSError) -> Problem:
    message = f"This file cannot be read: {error.strerror}"
    return Problem(str(file), 1, "", message, "Make it readable, or take it away.")


def read_definition(
    text: str, file: str, groups: Mapping[str, Json] | None = None
) -> tuple[RawDefinition | None, list[Problem]]:
    """One file's definition with its groups of fields filled in, or None beside its problems."""
    value, lines, problems = _parse(text, file)
    if problems:
        return None, problems
    source = mapping_or_empty(value)
    if not source:
        return None, [Problem(file, 1, "", "This is not a workflow", "Write id, title and steps.")]
    stem = Path(file).stem
    raw = RawDefinition(stem, source, file, lines)
    if source.get("id") != stem:
        hint = f"Name the file {source.get('id')}.yaml or write id: {stem}."
        return None, [raw.problem(("id",), "The id differs from the file's name", hint)]
    problems = list(_fill_groups(raw, groups or {}))
    return (None, problems) if problems else (raw, [])


def _text_of(file: Path) -> str:
    return file.read_bytes()[: MAX_FILE_BYTES + 1].decode("utf-8", errors="replace")


def _read_shared(file: Path, problems: list[Problem]) -> dict[str, Json]:
    if not file.is_file():
        return {}
    try:
        text = _text_of(file)
    except OSError as error:
        problems.append(_unreadable(file, error))
        return {}
    value, _, faults = _parse(text, str(file))
    problems += faults
    groups = mapping_or_empty(mapping_or_empty(value).get("fields"))
    if not groups and not faults:
        hint = "Write fields: and below it one group of fields each."
        problems.append(Problem(str(file), 1, "", "There are no groups of fields here", hint))
    return groups


def mapping_or_empty(value: Json) -> dict[str, Json]:
    """The value if it is a mapping, else an empty one: for reading what is not checked yet."""
    return cast("dict[str, Json]", value) if isinstance(value, dict) else {}


def _fill_groups(raw: RawDefinition, groups: Mapping[str, Json]) -> Iterator[Problem]:
    """Replace each `$use: group` in a step's fields by the group's fields, in place."""
    for step_id, step in mapping_or_empty(raw.source.get("steps")).items():
        fields = mapping_or_empty(mapping_or_empty(step).get("fields"))
        if USE not in fields:
            continue
        used: Json = fields.pop(USE)
        names = cast("list[Json]", used) if isinstance(used, list) else [used]
        filled: dict[str, Json] = {}
        for name in map(str, names):
            if name not in groups:
                place = ("steps", step_id, "fields", USE)
                hint = f"Write it in {SHARED_NAME}.yaml, under fields."
                yield raw.problem(place, f"There is no group of fields {name!r}", hint)
            filled |= mapping_or_empty(groups.get(name))
        step["fields"] = filled | fields


def _parse(text: str, file: str) -> tuple[Json, dict[Place, int], list[Problem]]:
    if len(text) > MAX_FILE_BYTES:
        return None, {}, [Problem(file, 1, "", "The file is too large", "Split the workflow.")]
    try:
        yaml: Any = YAML(typ="safe", pure=True)
        node: Node = yaml.compose(text)
    except YAMLError as error:
        return None, {}, [_syntax_problem(error, text, file)]
    reader = _Reader(file)
    if "%YAML" in text:
        reader.refuse_line(1, "A %YAML directive changes how words are read", "Remove it.")
    if node is None:
        return None, {}, [Problem(file, 1, "", "The file is empty", "Write id, title and steps.")]
    value = reader.read(node, ())
    return value, reader.lines, reader.problems


def _syntax_problem(error: Any, text: str, file: str) -> Problem:
    """Where the YAML itself is wrong; ruamel's errors carry no types."""
    if not isinstance(error, MarkedYAMLError):
        line = text[: getattr(error, "position", 0)].count("\n") + 1
        return Problem(file, line, "", "A character is not allowed", "Remove it.")
    fault: Any = error
    mark = fault.problem_mark or fault.context_mark
    hint = "Indent with blanks, not with tabs." if "\t" in text else "Mend the YAML there."
    line = mark.line + 1 if mark is not None else 1
    return Problem(file, line, "", f"This is not YAML: {fault.problem}", hint)


class _Reader:
    """Turns YAML nodes into JSON values, keeps their lines, and refuses what JSON cannot say."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.lines: dict[Place, int] = {}
        self.problems: list[Problem] = []
        self._seen: set[int] = set()
        self._scalars: Any = YAML(typ="safe", pure=True).constructor

    def refuse_line(self, line: int, message: str, hint: str) -> None:
        self.problems.append(Problem(self.file, line, "", message, hint))

    def refuse(self, node: Node, message: str, hint: str) -> None:
        self.refuse_line(_line(node), message, hint)

    def read(self, node: Node, path: Place) -> Json:
        """The value of a node; everything in it gets its line."""
        self.lines.setdefault(path, _line(node))
        if id(node) in self._seen:
            hint = f"Put fields that several screens share into {SHARED_NAME}.yaml."
            self.refuse(node, "Anchors and aliases are not used in definitions", hint)
            return None
        self._seen.add(id(node))
        if node.tag == "tag:yaml.org,2002:map":
            return self._read_mapping(node, path)
        if node.tag == "tag:yaml.org,2002:seq":
            return [self.read(item, (*path, at)) for at, item in enumerate(node.value)]
        return self._read_scalar(node)

    def _read_mapping(self, node: Node, path: Place) -> dict[str, Json]:
        mapping: dict[str, Json] = {}
        for key_node, value_node in node.value:
            key = self._read_scalar(key_node)
            if not isinstance(key, str):
                self.refuse(key_node, f"The key {key!r} is not a word", "Put it in quotes.")
                continue
            if key in mapping:
                first = self.lines[*path, key]
                self.refuse(key_node, f"{key!r} is already there in line {first}", "Keep one.")
                continue
            self.lines[*path, key] = _line(key_node)
            mapping[key] = self.read(value_node, (*path, key))
        return mapping

    def _read_scalar(self, node: Node) -> Json:
        if node.tag not in _JSON_TAGS:
            hint = "Put it in quotes to make it a text."
            self.refuse(node, "This value is neither text, number, true, false nor null", hint)
            return None
        value: Json = self._scalars.construct_object(node)
        if isinstance(value, float) and not math.isfinite(value):
            self.refuse(node, "This is not a number that can be counted with", "Write digits.")
            return None
        return value


def _line(node: Node) -> int:
    return node.start_mark.line + 1
