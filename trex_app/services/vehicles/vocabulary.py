"""The words of the inventory: body types, fuels, transmissions and makes, with their spellings."""

import re
import unicodedata
from collections.abc import Mapping
from functools import lru_cache
from typing import Final

BODY_TYPES: Final = (
    "sedan",
    "hatchback",
    "wagon",
    "suv",
    "coupe",
    "convertible",
    "minivan",
    "pickup",
)
FUEL_TYPES: Final = ("petrol", "diesel", "hybrid", "plug_in_hybrid", "electric")
TRANSMISSIONS: Final = ("automatic", "manual")

BODY_TYPE_ALIASES: Final[Mapping[str, str]] = {
    **{name: name for name in BODY_TYPES},
    **dict.fromkeys(("saloon", "limousine", "4dr", "4doorsedan"), "sedan"),
    **dict.fromkeys(("hatch", "liftback", "schraegheck", "schragheck", "kleinwagen"), "hatchback"),
    **dict.fromkeys(("estate", "kombi", "stationwagon", "touring", "avant"), "wagon"),
    **dict.fromkeys(("crossover", "4x4", "sportutility", "gelaendewagen", "gelandewagen"), "suv"),
    **dict.fromkeys(("2doorcoupe", "sportscar"), "coupe"),
    **dict.fromkeys(("cabrio", "cabriolet", "roadster", "spyder"), "convertible"),
    **dict.fromkeys(("van", "mpv", "passengervan", "peoplecarrier"), "minivan"),
    **dict.fromkeys(("truck", "pickuptruck", "crewcab"), "pickup"),
}
FUEL_TYPE_ALIASES: Final[Mapping[str, str]] = {
    **{name.replace("_", ""): name for name in FUEL_TYPES},
    **dict.fromkeys(("gas", "gasoline", "unleaded", "flexfuel", "benzin", "super"), "petrol"),
    **dict.fromkeys(("tdi", "biodiesel"), "diesel"),
    **dict.fromkeys(("hev", "fullhybrid", "mildhybrid", "gaselectrichybrid"), "hybrid"),
    **dict.fromkeys(("phev", "pluginhybridelectric", "pluginhybridvehicle"), "plug_in_hybrid"),
    **dict.fromkeys(("ev", "bev", "batteryelectric", "elektro"), "electric"),
}
TRANSMISSION_ALIASES: Final[Mapping[str, str]] = {
    **{name: name for name in TRANSMISSIONS},
    **dict.fromkeys(("auto", "a", "at", "cvt", "dct", "dsg", "automatik"), "automatic"),
    **dict.fromkeys(("m", "mt", "stick", "schaltgetriebe", "schaltung"), "manual"),
}

KNOWN_MAKES: Final = (
    "Acura",
    "Alfa Romeo",
    "Audi",
    "BMW",
    "Buick",
    "Cadillac",
    "Chevrolet",
    "Chrysler",
    "Dodge",
    "Fiat",
    "Ford",
    "Genesis",
    "GMC",
    "Honda",
    "Hyundai",
    "Infiniti",
    "Jaguar",
    "Jeep",
    "Kia",
    "Land Rover",
    "Lexus",
    "Lincoln",
    "Lucid",
    "Maserati",
    "Mazda",
    "Mercedes-Benz",
    "Mini",
    "Mitsubishi",
    "Nissan",
    "Opel",
    "Peugeot",
    "Polestar",
    "Porsche",
    "Ram",
    "Renault",
    "Rivian",
    "Seat",
    "Skoda",
    "Subaru",
    "Suzuki",
    "Tesla",
    "Toyota",
    "Volkswagen",
    "Volvo",
)
_MAKE_ALIASES: Final[Mapping[str, str]] = {
    "vw": "Volkswagen",
    "mercedes": "Mercedes-Benz",
    "benz": "Mercedes-Benz",
    "mb": "Mercedes-Benz",
    "chevy": "Chevrolet",
    "alfa": "Alfa Romeo",
    "landrover": "Land Rover",
    "rangerover": "Land Rover",
    "ramtrucks": "Ram",
    "minicooper": "Mini",
}


@lru_cache(maxsize=4096)
def comparison_key(text: str) -> str:
    """The text as searches compare it: no case, accents, spaces or punctuation ("f150")."""
    # Folding may compose and decomposing may yield capitals, so letters are taken apart twice.
    plain = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold())
    return re.sub(r"[\W_]", "", "".join(c for c in plain if not unicodedata.combining(c)))


_MAKES_BY_KEY: Final[Mapping[str, str]] = {
    **{comparison_key(make): make for make in KNOWN_MAKES},
    **_MAKE_ALIASES,
}


def canonical_make(text: str) -> str:
    """The make as its maker writes it: "vw" → "Volkswagen"; an unknown make stays as it is."""
    return _MAKES_BY_KEY.get(comparison_key(text), text.strip())


def body_type_of(text: str) -> str | None:
    """The body type a word stands for, or None where it is not one of ours."""
    return BODY_TYPE_ALIASES.get(comparison_key(text))


def fuel_type_of(text: str) -> str | None:
    """The fuel a word stands for, or None where it is not one of ours."""
    return FUEL_TYPE_ALIASES.get(comparison_key(text))


def transmission_of(text: str) -> str | None:
    """The transmission a word stands for, or None where it is not one of ours."""
    return TRANSMISSION_ALIASES.get(comparison_key(text))
