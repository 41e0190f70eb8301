"""What a VIN tells, from NHTSA's vPIC or a service of its shape."""

from typing import Final

from pydantic import BaseModel, ConfigDict, Field

from trex_app.core.errors import PartnerUnavailable
from trex_app.core.values import Vin
from trex_app.integrations.gateway import Gateway
from trex_app.integrations.questions import ask, reading
from trex_app.ports import Data, VinDecoder
from trex_app.services.vehicles.vocabulary import canonical_make

PARTNER: Final = "vin"
_BODIES: Final = {
    "sedan": "sedan",
    "hatchback": "hatchback",
    "wagon": "wagon",
    "sport utility": "suv",
    "crossover": "suv",
    "coupe": "coupe",
    "convertible": "convertible",
    "minivan": "minivan",
    "pickup": "pickup",
}
"""How the body classes begin that we know."""
_COUNTRIES: Final = {
    "UNITED STATES": "US",
    "CANADA": "CA",
    "MEXICO": "MX",
    "JAPAN": "JP",
    "SOUTH KOREA": "KR",
    "CHINA": "CN",
    "GERMANY": "DE",
    "UNITED KINGDOM": "GB",
    "FRANCE": "FR",
    "ITALY": "IT",
    "SWEDEN": "SE",
    "SPAIN": "ES",
}
_FUELS: Final = {"gasoline": "petrol", "diesel": "diesel", "electric": "electric"}
_ELECTRIFIED: Final = {"BEV": "electric", "PHEV": "plug_in_hybrid"}


class DecodedValues(BaseModel):
    """One decoded VIN: every value is a text, empty where it is not known."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    make: str = Field(default="", alias="Make")
    model: str = Field(default="", alias="Model")
    year: str = Field(default="", alias="ModelYear")
    body_class: str = Field(default="", alias="BodyClass")
    fuel: str = Field(default="", alias="FuelTypePrimary")
    electrification: str = Field(default="", alias="ElectrificationLevel")
    country: str = Field(default="", alias="PlantCountry")

    def ours(self) -> dict[str, str | int | None]:
        """What it tells in our words; None where it does not tell."""
        return {
            "make": canonical_make(self.make) or None,
            "model": self.model.strip() or None,
            "year": int(self.year) if self.year.isdecimal() else None,
            "country": _beginning(_COUNTRIES, self.country.upper()),
            "body_type": _beginning(_BODIES, self.body_class.lower()),
            "fuel_type": self._fuel_type(),
        }

    def _fuel_type(self) -> str | None:
        """A hybrid's first fuel is petrol; how far it is electrified says what it is."""
        kind = self.electrification.partition(" ")[0]
        if kind in _ELECTRIFIED:
            return _ELECTRIFIED[kind]
        return "hybrid" if "HEV" in self.electrification else _FUELS.get(self.fuel.lower())


class DecodedAnswer(BaseModel):
    """The answer to a request for one VIN."""

    results: list[DecodedValues] = Field(alias="Results", min_length=1, max_length=1)


class VpicDecoder:
    """vPIC as a `VinDecoder`; `local` fills its gaps, and stands in for it while it is away."""

    def __init__(self, gateway: Gateway, local: VinDecoder) -> None:
        self._gateway = gateway
        self._local = local

    async def decode(self, vin: str) -> Data:
        """Check and decode. Raises ValidationFailed naming the fault.

        While vPIC is away the answer is our own, `is_basic` where the number alone told it.
        """
        checked = Vin.parse(vin)
        basic = await self._local.decode(checked.value)
        path = f"/vehicles/DecodeVinValues/{checked.value}"
        try:
            answer = await ask(
                self._gateway, PARTNER, path, reading(DecodedAnswer), {"format": "json"}
            )
        except PartnerUnavailable:
            return {**basic, "is_saved": True, "is_basic": basic["source"] == "vin"}
        told = {name: value for name, value in answer.value.results[0].ours().items() if value}
        decoded = {**basic, **told, "source": "vpic"}
        return {**decoded, "is_saved": True} if answer.is_stale else decoded


def _beginning(known: dict[str, str], text: str) -> str | None:
    """What the text stands for, by how it begins."""
    return next((ours for start, ours in known.items() if text.startswith(start)), None)
