"""Suggestions of makes and models while a person types, forgiving a slip of the finger."""

from collections import Counter
from collections.abc import Mapping
from typing import Any, Final, TypedDict

from sqlalchemy import Connection, func, select

from trex_app.core.errors import FieldError, ValidationFailed
from trex_app.services.vehicles.criteria import TEXT_LIMIT
from trex_app.services.vehicles.spelling import closeness
from trex_app.services.vehicles.statements import V
from trex_app.services.vehicles.vocabulary import canonical_make, comparison_key

SUGGESTION_LIMIT: Final = 8
SUGGEST_INPUTS: Final = ("make", "model", "text")

_Stock = Mapping[tuple[str, str], int]
"""(make, model) → how many there are."""


class MakeSuggestion(TypedDict):
    """A make that is in the inventory, with how many vehicles it has."""

    make: str
    count: int


class ModelSuggestion(TypedDict):
    """A model that is in the inventory, with its make."""

    make: str
    model: str
    count: int


class Suggestions(TypedDict):
    """What fits the typed text, the best first."""

    makes: list[MakeSuggestion]
    models: list[ModelSuggestion]


def suggest(connection: Connection, typed: Mapping[str, Any]) -> Suggestions:
    """Makes and models for what was typed: `{make?, model?}`, or `{text}` for both at once.

    Beginnings come first, then beginnings of later words, then near misses ("Toyta"). With a make,
    models are sought within it. Raises ValidationFailed for anything but short texts.
    """
    make, model, text = typed_texts(typed)
    stock = _stock(connection)
    if text:
        return {"makes": _makes(stock, text), "models": _models(stock, text)}
    if make:
        makes = _makes(stock, make)
        nearest_make = makes[0]["make"] if makes else make
        return {"makes": makes, "models": _models(_within(stock, nearest_make), model)}
    return {"makes": _makes(stock, ""), "models": _models(stock, model) if model else []}


def corrected_spelling(
    connection: Connection, make: str | None, model: str | None
) -> dict[str, str]:
    """The spellings in the inventory nearest to a make and a model that are not in it."""
    stock = _stock(connection)
    corrections: dict[str, str] = {}
    if make is not None and not _within(stock, make):
        if not (makes := _makes(stock, make)):
            return {}
        make = corrections["make"] = makes[0]["make"]
    within = _within(stock, make) if make is not None else stock
    known = {comparison_key(name) for _, name in within}
    is_unknown = model is not None and comparison_key(model) not in known
    if is_unknown and (models := _models(within, model or "")):
        corrections["model"] = models[0]["model"]
    return corrections


def typed_texts(typed: Mapping[str, Any]) -> tuple[str, str, str]:
    """Make, model and free text as typed, "" for none. Raises ValidationFailed."""
    errors: list[FieldError] = []
    for name, value in typed.items():
        if name not in SUGGEST_INPUTS:
            known = {"known": ", ".join(SUGGEST_INPUTS)}
            message = "There is no input of this name. Known are: {known}."
            errors.append(FieldError(name, "unknown_field", message, known))
        elif value is not None and not (isinstance(value, str) and len(value) <= TEXT_LIMIT):
            message = "This must be a text of at most {limit} characters."
            errors.append(FieldError(name, "type", message, {"limit": TEXT_LIMIT}))
    if errors:
        raise ValidationFailed(errors)
    make, model, text = (typed.get(name) or "" for name in SUGGEST_INPUTS)
    return make.strip(), model.strip(), text.strip()


def _stock(connection: Connection) -> dict[tuple[str, str], int]:
    statement = select(V.make, V.model, func.count()).group_by(V.make, V.model)
    return {(make, model): vehicles for make, model, vehicles in connection.execute(statement)}


def _within(stock: _Stock, make: str) -> dict[tuple[str, str], int]:
    key = comparison_key(canonical_make(make))
    return {pair: count for pair, count in stock.items() if comparison_key(pair[0]) == key}


def _makes(stock: _Stock, typed: str) -> list[MakeSuggestion]:
    counts: Counter[str] = Counter()
    for (make, _), vehicles in stock.items():
        counts[make] += vehicles
    wanted = canonical_make(typed)
    ranked = [(closeness(wanted, make), -counts[make], make) for make in counts]
    best = sorted((rank, count, make) for rank, count, make in ranked if rank is not None)
    return [{"make": make, "count": counts[make]} for _, _, make in best[:SUGGESTION_LIMIT]]


def _models(stock: _Stock, typed: str) -> list[ModelSuggestion]:
    """Models whose name, or make and name, come close to the text."""
    found: list[tuple[int, int, str, str]] = []
    for (make, model), vehicles in stock.items():
        ranks = (closeness(typed, model), closeness(typed, f"{make} {model}"))
        rank = min((rank for rank in ranks if rank is not None), default=None)
        if rank is not None:
            found.append((rank, -vehicles, make, model))
    return [
        {"make": make, "model": model, "count": -count}
        for _, count, make, model in sorted(found)[:SUGGESTION_LIMIT]
    ]
