"""Conditions: CEL expressions over what a journey knows so far.

The language is the Common Expression Language (https://cel.dev), without the macros that loop, so
that an expression's cost is bounded by its length.
"""

import ast
import contextlib
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple, TypeAlias

import cel

from trex_app.core.errors import TrexError

Json: TypeAlias = Any
MAX_LENGTH = 500
ROOTS = frozenset({"answers", "results", "inputs", "context"})
"""The names every expression may read; any other name is a field of the step itself."""

STEP_ROOTS = frozenset({"answers", "results"})
FUNCTIONS = frozenset(
    {"has", "size", "int", "double", "string", "contains", "startsWith", "endsWith", "matches"}
)
LOOPS = frozenset({"map", "filter", "all", "exists", "exists_one"})
RESERVED_NAMES = frozenset({"true", "false", "null", "in"})

_TOKEN = re.compile(
    r"""(?P<space>\s+|//[^\n]*)
      | (?P<string>[rRbB]{0,2}(?:'{3}.*?'{3}|"{3}.*?"{3}|'(?:\\.|[^'\\\n])*'|"(?:\\.|[^"\\\n])*"))
      | (?P<number>0[xX][0-9a-fA-F]+[uU]?|\d+(?:\.\d+)?(?:[eE][+-]?\d+)?[uU]?)
      | (?P<name>[A-Za-z_][A-Za-z0-9_]*)
      | (?P<mark>.)""",
    re.VERBOSE | re.DOTALL,
)
_PLAIN_PATH = re.compile(r"[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*")

# What the CEL library raises while evaluating; ArithmeticError covers overflow and division.
_EVALUATION_ERRORS = (
    ArithmeticError,
    LookupError,
    TypeError,
    ValueError,
    RuntimeError,
    AttributeError,
)


class ExpressionInvalid(TrexError):
    """An expression outside the language: wrong syntax, too long, unknown or looping functions."""

    code = "expression_invalid"
    status = 422
    default_message = "The expression is not valid."


class EvaluationFailed(TrexError):
    """An expression met values it was not written for. Names the expression, never a value."""

    code = "evaluation_failed"
    default_message = (
        "A rule of this journey could not be decided. The people who run it can mend it."
    )

    def __init__(self, expression: str, reason: str) -> None:
        super().__init__()
        self.expression = expression
        self.reason = reason

    def __str__(self) -> str:
        return f"The expression {self.expression!r} could not be evaluated: {self.reason}."

    @property
    def message(self) -> str:
        """The sentence for a person; the expression belongs in the log."""
        return self.template


@dataclass(frozen=True, slots=True)
class Reference:
    """Something an expression reads: `answers.vehicle_search.make` or a field's bare name.

    `is_guarded` says that the same expression asks `has(<root>.<step>)` of that step first.
    `is_presence` says that this is such a question itself and not a read.
    """

    root: str
    path: tuple[str, ...] = ()
    is_guarded: bool = False
    is_presence: bool = False

    def __str__(self) -> str:
        return ".".join((self.root, *self.path))


class _Token(NamedTuple):
    kind: str
    text: str
    start: int


class _Read(NamedTuple):
    """A path as it stands in a text, from `start` to `end`; `has(…)` around it is part of it."""

    path: tuple[str, ...]
    is_presence: bool
    start: int
    end: int


class Expression:
    """One compiled expression. Immutable; equal to another one with the same text.

    Raises ExpressionInvalid.
    """

    __slots__ = ("_inputs", "_path", "_program", "references", "text")

    text: str
    references: tuple[Reference, ...]

    def __init__(self, text: str) -> None:
        text = text.strip()
        if not text:
            raise ExpressionInvalid("The expression is empty")
        if len(text) > MAX_LENGTH:
            raise ExpressionInvalid(f"The expression is longer than {MAX_LENGTH} characters")
        self.text = text
        _compile(text)
        reads = tuple(_reads(text))
        self.references = tuple(_references(reads))
        # CEL gets one plain value for each path: a map within a map would cost it far more.
        different = dict.fromkeys((read.path, read.is_presence) for read in reads)
        self._inputs = {f"v{number}": what for number, what in enumerate(different)}
        names = {what: name for name, what in self._inputs.items()}
        self._program = _compile(_with_names(text, reads, names))
        # A plain path is walked here: nothing to compute, and large lists need no conversion.
        is_path = _PLAIN_PATH.fullmatch(text) and text not in RESERVED_NAMES
        self._path = tuple(text.split(".")) if is_path else None

    def evaluate(self, env: Mapping[str, Any]) -> Json:
        """The value, given `answers`, `results`, `inputs`, `context` and the step's own fields.

        Reads only what the text names, so the cost does not grow with the session. Raises
        EvaluationFailed.
        """
        if self._path is not None:
            return self._walk(env, self._path)
        values = self._values(env)
        try:
            return self._program.execute(values)
        except _EVALUATION_ERRORS as error:
            is_complete = len(values) == len(self._inputs)
            raise EvaluationFailed(self.text, _reason(error, is_complete)) from None

    def holds(self, env: Mapping[str, Any]) -> bool:
        """Whether the condition is true; null counts as false. Raises EvaluationFailed."""
        value = self.evaluate(env)
        if value is None:
            return False
        if not isinstance(value, bool):
            raise EvaluationFailed(self.text, "a condition must be true or false")
        return value

    @property
    def literals(self) -> tuple[str | int | float, ...]:
        """The texts and numbers that stand in the expression, each once."""
        return tuple(dict.fromkeys(_literals(self.text)))

    def _values(self, env: Mapping[str, Any]) -> dict[str, Json]:
        """What the expression reads, by the names it has in the compiled text."""
        values: dict[str, Json] = {}
        for name, (path, is_presence) in self._inputs.items():
            value: Any = env
            try:
                for member in path[:-1] if is_presence else path:
                    value = value[member]
                values[name] = path[-1] in value if is_presence else value
            except (LookupError, TypeError):
                if is_presence:
                    values[name] = False  # nothing is in what is not there
                # Otherwise it is absent, which is a mistake only if the value is really needed.
        return values

    def _walk(self, env: Mapping[str, Any], path: tuple[str, ...]) -> Json:
        value: Any = env
        for name in path:
            try:
                value = value[name]
            except (LookupError, TypeError):
                raise EvaluationFailed(self.text, f"there is no {name!r}") from None
        return value

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Expression) and other.text == self.text

    def __hash__(self) -> int:
        return hash(self.text)

    def __repr__(self) -> str:
        return f"Expression({self.text!r})"

    def __reduce__(self) -> tuple[type["Expression"], tuple[str]]:
        return (Expression, (self.text,))


def _compile(text: str) -> cel.Program:
    try:
        return cel.compile(text)
    except (ValueError, RuntimeError) as error:
        first_line = str(error).split("ERROR: <input>:", 1)[-1].splitlines()[0]
        raise ExpressionInvalid(f"The expression {text!r} has a mistake at {first_line}") from None


def _reason(error: Exception, is_complete: bool) -> str:
    """Why an evaluation failed, without the values it met."""
    if isinstance(error, KeyError) or not is_complete:
        return "something it names is absent"
    if isinstance(error, ArithmeticError):
        return "a number left the range that can be computed"
    return "the kinds of its values do not fit together, or one of them was not given"


def _tokens(text: str) -> list[_Token]:
    found = (_Token(m.lastgroup or "", m.group(), m.start()) for m in _TOKEN.finditer(text))
    return [token for token in found if token.kind != "space"]


def _literals(text: str) -> Iterator[str | int | float]:
    for token in _tokens(text):
        with contextlib.suppress(SyntaxError, ValueError):
            value = ast.literal_eval(token.text) if token.kind in {"string", "number"} else None
            if isinstance(value, str | int | float):
                yield value


def _references(reads: Sequence[_Read]) -> Iterator[Reference]:
    """Every name an expression reads, each once, in order of appearance."""
    found = list(dict.fromkeys((read.path, read.is_presence) for read in reads))
    asked = {path for path, is_presence in found if is_presence and len(path) == 2}
    for path, is_presence in found:
        yield Reference(path[0], path[1:], path[:2] in asked, is_presence)


def _reads(text: str) -> Iterator[_Read]:
    """Each dotted path with whether it stands in `has(…)`."""
    tokens = _tokens(text)
    at = 0
    while at < len(tokens):
        token = tokens[at]
        is_member = at > 0 and tokens[at - 1].text == "."
        if token.kind != "name" or token.text in RESERVED_NAMES:
            at += 1
            continue
        if _is(tokens, at + 1, "("):
            _allow_function(token.text)
            at += 1
            continue
        if is_member:  # a member of something computed, such as `{"a": 1}.a`
            at += 1
            continue
        path, end = _path_from(tokens, at)
        _allow_path(path, tokens, end)
        is_presence = _is(tokens, at - 2, "has") and _is(tokens, end, ")")
        first, last = (at - 2, end) if is_presence else (at, end - 1)
        yield _Read(path, is_presence, tokens[first].start, _end_of(tokens[last]))
        at = end


def _with_names(
    text: str, reads: Sequence[_Read], names: Mapping[tuple[tuple[str, ...], bool], str]
) -> str:
    """The text with a name in the place of each path."""
    parts: list[str] = []
    at = 0
    for read in reads:
        parts += (text[at : read.start], names[read.path, read.is_presence])
        at = read.end
    return "".join((*parts, text[at:]))


def _end_of(token: _Token) -> int:
    return token.start + len(token.text)


def _path_from(tokens: list[_Token], start: int) -> tuple[tuple[str, *tuple[str, ...]], int]:
    members: list[str] = []
    at = start + 1
    while _is(tokens, at, ".") and at + 1 < len(tokens) and not _is(tokens, at + 2, "("):
        members.append(tokens[at + 1].text)
        at += 2
    return (tokens[start].text, *members), at


def _is(tokens: list[_Token], at: int, text: str) -> bool:
    return 0 <= at < len(tokens) and tokens[at].kind != "string" and tokens[at].text == text


def _allow_function(name: str) -> None:
    if name in LOOPS:
        raise ExpressionInvalid(f"{name}() loops over a list, which conditions may not do")
    if name not in FUNCTIONS:
        known = ", ".join(sorted(FUNCTIONS))
        raise ExpressionInvalid(f"{name}() is not a known function; there are {known}")


def _allow_path(path: tuple[str, ...], tokens: list[_Token], end: int) -> None:
    if path[0] in ROOTS and len(path) == 1:
        what = "a step" if path[0] in STEP_ROOTS else "a name"
        raise ExpressionInvalid(
            f"{path[0]!r} stands alone; name {what} in it, as in {path[0]}.name"
        )
    if path[0] in STEP_ROOTS and len(path) == 2 and _is(tokens, end, "["):
        raise ExpressionInvalid(f"Read a field of {'.'.join(path)} with a dot, not with brackets")
