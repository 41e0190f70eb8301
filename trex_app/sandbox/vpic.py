"""Decoding a VIN in the shape of NHTSA's vPIC."""

from typing import Any, Final

from trex_app.core.values import vin_check_digit
from trex_app.sandbox.stock import listings_by_vin
from trex_app.services.demo_data.facts import models

_BODY_CLASSES: Final = {
    "sedan": "Sedan/Saloon",
    "hatchback": "Hatchback/Liftback/Notchback",
    "wagon": "Wagon",
    "suv": "Sport Utility Vehicle (SUV)/Multi-Purpose Vehicle (MPV)",
    "coupe": "Coupe",
    "convertible": "Convertible/Cabriolet",
    "minivan": "Minivan",
    "pickup": "Pickup",
}
_FUELS: Final = {
    # primary, secondary, electrification
    "petrol": ("Gasoline", "", ""),
    "diesel": ("Diesel", "", ""),
    "hybrid": ("Gasoline", "", "Strong HEV (Hybrid Electric Vehicle)"),
    "plug_in_hybrid": ("Gasoline", "Electric", "PHEV (Plug-in Hybrid Electric Vehicle)"),
    "electric": ("Electric", "", "BEV (Battery Electric Vehicle)"),
}
_COUNTRIES: Final = {
    **dict.fromkeys("145", "UNITED STATES (USA)"),
    "2": "CANADA",
    "3": "MEXICO",
    "J": "JAPAN",
    **dict.fromkeys(("KL", "KM", "KN", "KP", "KR"), "SOUTH KOREA"),
    "L": "CHINA",
    **dict.fromkeys(("SA", "SB", "SC", "SD", "SF", "SJ", "SM"), "UNITED KINGDOM (UK)"),
    **dict.fromkeys(("VF", "VN", "VR"), "FRANCE"),
    **dict.fromkeys(("VS", "VV", "VW"), "SPAIN"),
    "W": "GERMANY",
    **dict.fromkeys(("YS", "YV"), "SWEDEN"),
    **dict.fromkeys(("ZA", "ZD", "ZF", "ZH", "ZL", "ZN"), "ITALY"),
}
_YEARS: Final = "ABCDEFGHJKLMNPRSTVWXY123456789"  # 1980 to 2009, and again from 2010
_VIN_LETTERS: Final = frozenset("ABCDEFGHJKLMNPRSTUVWXYZ0123456789")
_VIN_LENGTH: Final = 17
_ERRORS: Final = {
    0: "0 - VIN decoded clean. Check Digit (9th position) is correct",
    1: "1 - Check Digit (9th position) does not calculate properly",
    6: "6 - Incomplete VIN",
    7: (
        "7 - Manufacturer is not registered with NHTSA for sale or importation in the U.S. for "
        "use on U.S roads; Please contact the manufacturer directly for more information"
    ),
    400: "400 - Invalid Characters Present",
}
_MESSAGE: Final = (
    "Results returned successfully. NOTE: Any missing decoded values should be interpreted as "
    "NHTSA does not have data on the specific variable. Missing value should NOT be interpreted "
    "as an indication that a feature or technology is unavailable for a vehicle."
)
_NOTHING: Final = dict.fromkeys(
    (
        *("Make", "Manufacturer", "Model", "ModelYear", "Trim", "BodyClass", "VehicleType"),
        *("Doors", "Seats", "FuelTypePrimary", "FuelTypeSecondary", "ElectrificationLevel"),
        *("EngineKW", "TransmissionStyle", "PlantCountry"),
    ),
    "",
)


def decode(text: str) -> dict[str, Any]:
    """What vPIC answers to a VIN, however wrong it is."""
    vin = text.strip().upper()
    faults = _faults(vin)
    listed = listings_by_vin().get(vin)
    told = _of_listing(listed.row) if listed else _of_characters(vin)
    if not (told.get("Make") or 6 in faults or 400 in faults):
        faults.append(7)
    faults = faults or [0]
    result = {
        "VIN": vin,
        **_NOTHING,
        **told,
        "ModelYear": _model_year(vin),
        "PlantCountry": _country(vin),
        "ErrorCode": ",".join(str(fault) for fault in faults),
        "ErrorText": "; ".join(_ERRORS[fault] for fault in faults),
    }
    return {"Count": 1, "Message": _MESSAGE, "SearchCriteria": f"VIN:{vin}", "Results": [result]}


def _faults(vin: str) -> list[int]:
    faults = [400] if not _VIN_LETTERS.issuperset(vin) else []
    if len(vin) != _VIN_LENGTH:
        return [6, *faults]
    if not faults and vin_check_digit(vin) != vin[8]:
        return [1]
    return faults


def _of_listing(row: dict[str, Any]) -> dict[str, str]:
    fuel, second_fuel, electrification = _FUELS[row["fuel_type"]]
    is_truck = row["body_type"] == "pickup"
    return {
        "Make": row["make"].upper(),
        "Manufacturer": row["make"].upper(),
        "Model": row["model"],
        "Trim": row["trim"],
        "BodyClass": _BODY_CLASSES[row["body_type"]],
        "VehicleType": "TRUCK" if is_truck else "PASSENGER CAR",
        "Seats": str(row["seats"]),
        "FuelTypePrimary": fuel,
        "FuelTypeSecondary": second_fuel,
        "ElectrificationLevel": electrification,
        "EngineKW": str(row["power_kw"]),
        "TransmissionStyle": row["transmission"].capitalize(),
    }


def _of_characters(vin: str) -> dict[str, str]:
    """The maker that the prefix belongs to, and the model where it belongs to one alone."""
    longest = max(
        (facts.vin_prefix for facts in models() if vin.startswith(facts.vin_prefix)),
        key=len,
        default=None,
    )
    if longest is None:
        makes = {facts.make for facts in models() if facts.vin_prefix[:3] == vin[:3]}
        found = {"Make": makes.pop().upper()} if len(makes) == 1 else {}
    else:
        fitting = [facts for facts in models() if facts.vin_prefix == longest]
        found = {"Make": fitting[0].make.upper()}
        if len(fitting) == 1 and len(longest) > 3:
            found["Model"] = fitting[0].model
    return found | {"Manufacturer": found.get("Make", "")}


def _model_year(vin: str) -> str:
    code = vin[9:10]
    if not code or code not in _YEARS:
        return ""
    year = 1980 + _YEARS.index(code)
    return str(year + 30 if vin[6:7].isalpha() else year)


def _country(vin: str) -> str:
    return _COUNTRIES.get(vin[:2]) or _COUNTRIES.get(vin[:1], "")
