"""Ranking the inventory for a person: what fits their limits, scored, the best first."""

from collections.abc import Mapping, Sequence
from dataclasses import fields, replace
from datetime import datetime
from itertools import combinations
from typing import Any, Final, NamedTuple, TypedDict

from sqlalchemy import ColumnElement, Connection, func, select

from trex_app.core.market import MARKET
from trex_app.core.texts import DEFAULT_LOCALE
from trex_app.core.values import minor_units
from trex_app.services.carin.answers import Answers
from trex_app.services.carin.reasons import reasons_for
from trex_app.services.carin.scores import Candidate, scores_of, weighted, weights_of
from trex_app.services.vehicles.criteria import Criteria
from trex_app.services.vehicles.facets import count_with_facets
from trex_app.services.vehicles.listings import summary_of
from trex_app.services.vehicles.matches import (
    DEFAULT_PAGE_SIZE,
    check_paging,
    last_refreshed_at,
)
from trex_app.services.vehicles.shapes import Facets, RecommendedVehicle
from trex_app.services.vehicles.statements import V, listing

CANDIDATE_LIMIT: Final = 3_000
"""Of more vehicles that fit, the newest are scored: a score needs the facts in memory."""
_SEATS_WHERE_UNSAID: Final = 4
_LITTLE_DEARER_PERCENT: Final = 120
_WITHOUT: Final[Mapping[str, Any]] = {"fuel_preference": (), "passengers": 1, "budget_max": None}
"""The answers that limit, with what stands for no limit; the least valued comes first."""


class Recommendation(TypedDict):
    """One page of a ranking; each vehicle has `score`, `scores` and `reasons`.

    `relaxed` names the answers that nothing fitted and that were set aside. `total` and `facets`
    count everything that fits, `pages` what was ranked.
    """

    vehicles: list[RecommendedVehicle]
    total: int
    page: int
    page_size: int
    pages: int
    sort: str
    facets: Facets
    relaxed: list[str]
    source: str
    as_of: str | None


class _Ranked(NamedTuple):
    """Sorts by what comes first: the better match, then the cheaper, then the id."""

    match_lost: int
    price_minor: int
    vehicle_id: str
    scores: dict[str, int]
    candidate: Candidate


def recommend(
    connection: Connection,
    answers: Mapping[str, Any],
    *,
    page: int = 1,
    page_size: int = DEFAULT_PAGE_SIZE,
    locale: str = DEFAULT_LOCALE,
    as_of: datetime | None = None,
) -> Recommendation:
    """The vehicles that suit a person's answers (see `Answers`), the best first, with reasons.

    Same answers and same inventory give the same ranking. Raises ValidationFailed for unknown or
    unfitting answers and a page out of range.
    """
    wanted = Answers.parse(answers)
    check_paging(page, page_size)
    clauses, relaxed = _fitting(connection, wanted)
    counted = count_with_facets(connection, clauses)
    weights = weights_of(wanted)
    ranking = _rank(_candidates(connection, clauses), weights)
    shown = ranking[(page - 1) * page_size : page * page_size]
    moment = as_of or last_refreshed_at(connection)
    return {
        "vehicles": _explained(connection, shown, wanted, weights, locale),
        "total": counted["total"],
        "page": page,
        "page_size": page_size,
        "pages": -(-len(ranking) // page_size),
        "sort": "score",
        "facets": counted["facets"],
        "relaxed": relaxed,
        "source": "live",
        "as_of": moment.isoformat() if moment else None,
    }


def explain(
    connection: Connection,
    answers: Mapping[str, Any],
    vehicles: Sequence[RecommendedVehicle],
    locale: str = DEFAULT_LOCALE,
) -> list[RecommendedVehicle]:
    """Vehicles that were recommended, with their reasons in a language; else as they are.

    Raises ValidationFailed for unknown or unfitting answers.
    """
    wanted = Answers.parse(answers)
    weights = weights_of(wanted)
    ids = [vehicle["vehicle_id"] for vehicle in vehicles]
    known = {
        candidate.vehicle_id: candidate
        for candidate in _candidates(connection, [V.vehicle_id.in_(ids)])
    }
    return [
        {**vehicle, "reasons": reasons_for(known[vehicle["vehicle_id"]], wanted, weights, locale)}
        if vehicle["vehicle_id"] in known
        else vehicle
        for vehicle in vehicles
    ]


def _fitting(
    connection: Connection, answers: Answers
) -> tuple[list[ColumnElement[bool]], list[str]]:
    """The limits that some vehicle fits, and which answers had to be set aside for it.

    Without the budget only the vehicles that exceed it least remain.
    """
    for relaxed in _choices(answers):
        unlimited = {name: _WITHOUT[name] for name in relaxed}
        clauses = _clauses(replace(answers, **unlimited))
        cheapest = connection.scalar(select(func.min(V.price_minor)).where(*clauses))
        if cheapest is not None and "budget_max" in relaxed:
            clauses.append(V.price_minor <= cheapest * _LITTLE_DEARER_PERCENT // 100)
        if cheapest is not None:
            return clauses, list(relaxed)
    return [], []


def _choices(answers: Answers) -> list[tuple[str, ...]]:
    """Which answers to set aside, from none to all, the least valued first."""
    given = [name for name, nothing in _WITHOUT.items() if getattr(answers, name) != nothing]
    choices = [choice for size in range(len(given) + 1) for choice in combinations(given, size)]
    worth = {name: 2**place for place, name in enumerate(_WITHOUT)}
    return sorted(choices, key=lambda choice: sum(worth[name] for name in choice))


def _clauses(answers: Answers) -> list[ColumnElement[bool]]:
    clauses = [func.coalesce(V.seats, _SEATS_WHERE_UNSAID) >= answers.passengers]
    if answers.budget_max is not None:
        budget_minor = answers.budget_max * minor_units(MARKET.currency)
        clauses.append(V.price_minor <= budget_minor)
    if answers.fuel_preference:
        clauses.append(V.fuel_type.in_(answers.fuel_preference))
    return clauses


def _candidates(connection: Connection, clauses: list[ColumnElement[bool]]) -> list[Candidate]:
    names = [field.name for field in fields(Candidate)]
    statement = (
        select(*(V[name] for name in names))
        .where(*clauses)
        .order_by(V.year.desc(), V.mileage_km, V.vehicle_id)
        .limit(CANDIDATE_LIMIT)
    )
    return [Candidate(*row) for row in connection.execute(statement)]


def _rank(candidates: list[Candidate], weights: Mapping[str, int]) -> list[_Ranked]:
    latest_year = max((candidate.year for candidate in candidates), default=0)
    ranked: list[_Ranked] = []
    for candidate in candidates:
        scores = scores_of(candidate, latest_year)
        match = weighted(scores, weights)
        ranked.append(
            _Ranked(-match, candidate.price_minor, candidate.vehicle_id, scores, candidate)
        )
    return sorted(ranked, key=lambda entry: entry[:3])


def _explained(
    connection: Connection,
    shown: list[_Ranked],
    answers: Answers,
    weights: Mapping[str, int],
    locale: str,
) -> list[RecommendedVehicle]:
    """The shown vehicles as data, in their order, with score and reasons."""
    ids = [entry.vehicle_id for entry in shown]
    rows = connection.execute(listing(Criteria()).where(V.vehicle_id.in_(ids)))
    summaries = {row.vehicle_id: summary_of(row) for row in rows}
    return [
        {
            **summaries[entry.vehicle_id],
            "score": round(-entry.match_lost / 1_000),
            "scores": entry.scores,
            "reasons": reasons_for(entry.candidate, answers, weights, locale),
        }
        for entry in shown
    ]
