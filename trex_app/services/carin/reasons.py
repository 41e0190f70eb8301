"""Why CarIn suggests a vehicle: sentences made of its facts and the person's answers."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from trex_app.core.texts import DEFAULT_LOCALE, translate
from trex_app.core.values import Money, format_number
from trex_app.services.carin.answers import Answers
from trex_app.services.carin.scores import (
    COMFORT_FEATURES,
    CONDITION,
    SAFETY_FEATURES,
    Candidate,
    energy_cents_per_100_km,
    features_among,
)

KW_TO_HP: Final = 1.34102
SPOKEN_RESPECTS: Final = 3
"""How many of the most weighty respects are spoken of."""

FUEL_NAMES: Final[Mapping[str, str]] = {
    "petrol": "petrol",
    "diesel": "diesel",
    "hybrid": "hybrid",
    "plug_in_hybrid": "plug-in hybrid",
    "electric": "electric",
}


def reasons_for(
    candidate: Candidate,
    answers: Answers,
    weights: Mapping[str, int],
    locale: str = DEFAULT_LOCALE,
) -> list[str]:
    """The reasons, the person's own limits first, then what weighs most for them."""
    say = _Speaker(candidate, answers, locale)
    respects = sorted(
        (respect for respect in weights if respect != CONDITION),
        key=lambda respect: -weights[respect],
    )
    by_respect: dict[str, Callable[[], str | None]] = {
        "economy": say.economy,
        "comfort": say.comfort,
        "safety": say.safety,
        "performance": say.performance,
        "space": say.space,
    }
    spoken = (by_respect[respect]() for respect in respects[:SPOKEN_RESPECTS])
    sentences = (say.budget(), say.fuel(), *spoken, say.condition())
    return [sentence for sentence in sentences if sentence]


class _Speaker:
    """Says one thing at a time about a vehicle; None where there is nothing to say."""

    def __init__(self, candidate: Candidate, answers: Answers, locale: str) -> None:
        self._vehicle = candidate
        self._answers = answers
        self._locale = locale

    def budget(self) -> str | None:
        budget = self._answers.budget_max
        if budget is None:
            return None
        price = Money(self._vehicle.price_minor, self._vehicle.currency)
        left = Money.of_whole(budget, price.currency).amount_minor - price.amount_minor
        difference = Money(abs(left), price.currency)
        if left == 0:
            return self._say("It costs {price}, exactly your budget.", price=self._money(price))
        text = (
            "It costs {price}, which leaves {difference} of your budget."
            if left > 0
            else "It costs {price}, {difference} over your budget: nothing within it fits."
        )
        return self._say(text, price=self._money(price), difference=self._money(difference))

    def fuel(self) -> str | None:
        preferred = self._answers.fuel_preference
        if not preferred:
            return None
        fuel = self._translate(FUEL_NAMES[self._vehicle.fuel_type])
        if self._vehicle.fuel_type in preferred:
            return self._say("Its drive is {fuel}, as you prefer.", fuel=fuel)
        return self._say(
            "Its drive is {fuel}: nothing with the one you prefer fits your other answers.",
            fuel=fuel,
        )

    def economy(self) -> str | None:
        cents = energy_cents_per_100_km(self._vehicle)
        consumption = self._vehicle.consumption_per_100_km
        if cents is None or consumption is None:
            return None
        yearly_minor = cents * self._answers.annual_distance_km // 100
        text = (
            "It uses {consumption} kWh per 100 km: about {cost} of electricity a year for your "
            "{distance} km."
            if self._vehicle.fuel_type == "electric"
            else "It uses {consumption} l per 100 km: about {cost} of fuel a year for your "
            "{distance} km."
        )
        return self._say(
            text,
            consumption=self._decimal(consumption),
            cost=self._money(Money(yearly_minor // 100 * 100, self._vehicle.currency)),
            distance=format_number(self._answers.annual_distance_km, self._locale),
        )

    def comfort(self) -> str | None:
        features = features_among(self._vehicle, COMFORT_FEATURES)
        if not features:
            return None
        return self._say("For comfort it has {features}.", features=self._listed(features))

    def safety(self) -> str | None:
        stars = self._vehicle.safety_stars
        features = features_among(self._vehicle, SAFETY_FEATURES)
        if stars is None and not features:
            return None
        if stars is None:
            return self._say("For safety it has {features}.", features=self._listed(features))
        if not features:
            return self._say("It is rated {stars} of 5 stars for safety.", stars=stars)
        return self._say(
            "It is rated {stars} of 5 stars for safety and has {features}.",
            stars=stars,
            features=self._listed(features),
        )

    def performance(self) -> str | None:
        kilowatts = self._vehicle.power_kw
        if kilowatts is None:
            return None
        horsepower = round(kilowatts * KW_TO_HP)
        return self._say("It has {kw} kW ({hp} hp).", kw=kilowatts, hp=horsepower)

    def space(self) -> str | None:
        seats = self._vehicle.seats
        if seats is None:
            return None
        if self._vehicle.body_type == "pickup":
            return self._say("It has {seats} seats and an open load bed.", seats=seats)
        if self._vehicle.boot_litres is None:
            return self._say("It has {seats} seats.", seats=seats)
        return self._say(
            "It has {seats} seats and {litres} litres of room for luggage.",
            seats=seats,
            litres=format_number(self._vehicle.boot_litres, self._locale),
        )

    def condition(self) -> str:
        return self._say(
            "It is from {year} and has done {distance} km.",
            year=self._vehicle.year,
            distance=format_number(self._vehicle.mileage_km, self._locale),
        )

    def _say(self, text: str, **params: Any) -> str:
        return self._translate(text).format(**params)

    def _translate(self, text: str) -> str:
        return translate(text, self._locale)

    def _money(self, money: Money) -> str:
        return money.formatted(self._locale)

    def _decimal(self, value: float) -> str:
        text = f"{value:.1f}"
        return text.replace(".", ",") if self._locale.startswith("de") else text

    def _listed(self, features: list[str]) -> str:
        """`a, b and c`; at most three, because a sentence is not a brochure."""
        names = [self._translate(feature) for feature in features[:3]]
        names = [name if self._locale.startswith("de") else _lowered(name) for name in names]
        if len(names) == 1:
            return names[0]
        return f"{', '.join(names[:-1])} {self._translate('and')} {names[-1]}"


def _lowered(name: str) -> str:
    """A feature inside a sentence; names of products keep their capitals."""
    return name if name.startswith("Apple") else name[0].lower() + name[1:]
