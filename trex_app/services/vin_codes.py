"""What the characters of a VIN stand for: countries, makers, model years, a few models.

Only codes that are certain stand here. Makers give the middle characters meanings of their own, so
most models cannot be told from a VIN alone.
"""

from collections.abc import Mapping
from typing import Final

COUNTRY_SPANS: Final = (
    # first two characters from, to (in the order A to Z, 1 to 9, 0), ISO 3166 country
    ("AA", "AH", "ZA"),
    ("J", "J", "JP"),
    ("KL", "KR", "KR"),
    ("L", "L", "CN"),
    ("MA", "ME", "IN"),
    ("MF", "MK", "ID"),
    ("ML", "MR", "TH"),
    ("NL", "NR", "TR"),
    ("SA", "SM", "GB"),
    ("SU", "SZ", "PL"),
    ("TA", "TH", "CH"),
    ("TJ", "TP", "CZ"),
    ("TR", "TV", "HU"),
    ("VA", "VE", "AT"),
    ("VF", "VR", "FR"),
    ("VS", "VW", "ES"),
    ("W", "W", "DE"),
    ("XL", "XR", "NL"),
    ("YA", "YE", "BE"),
    ("YF", "YK", "FI"),
    ("YS", "YW", "SE"),
    ("ZA", "ZR", "IT"),
    ("1", "1", "US"),
    ("2", "2", "CA"),
    ("3A", "3W", "MX"),
    ("4", "4", "US"),
    ("5", "5", "US"),
    ("6A", "6W", "AU"),
    ("7A", "7E", "NZ"),
    ("7F", "70", "US"),
    ("8A", "8E", "AR"),
    ("9A", "9E", "BR"),
)
VIN_ORDER: Final = "ABCDEFGHJKLMNPRSTUVWXYZ1234567890"

YEAR_CODES: Final = "ABCDEFGHJKLMNPRSTVWXY123456789"
"""The tenth character: A is 1980 and again 2010; the cycle has thirty years."""
FIRST_YEAR: Final = 1980

_MAKE_PREFIXES: Final[Mapping[str, str]] = {
    "Acura": "19U 5J8 JH4",
    "Alfa Romeo": "ZAR ZAS",
    "Audi": "WAU WA1 WUA WU1 TRU",
    "BMW": "WBA WBS WBX WBY 5UX 5YM 4US 3MW",
    "Buick": "1G4 2G4 KL4 LRB",
    "Cadillac": "1G6 1GY 3GY",
    "Chevrolet": "1G1 2G1 3G1 1GC 3GC 1GN 2GN 3GN KL1 KL7",
    "Chrysler": "1C3 2C3C 2C4RC",
    "Dodge": "2C3CD 1C4RD 1C4SD 2C4RD 3C4P 1B3 2B3",
    "Fiat": "ZFA 3C3",
    "Ford": "1FA 1FB 1FD 1FM 1FT 2FA 2FM 3FA 3FM 3FT MAJ NM0 WF0",
    "GMC": "1GT 2GT 3GT 1GK 2GK 3GK",
    "Genesis": "KMT KMU",
    "Honda": "1HG 2HG 3HG 19X JHM 2HK 3CZ 5FN 5J6 7FA SHH",
    "Hyundai": "KMH KM8 5NP 5NM 5NT",
    "Infiniti": "JNK 5N3",
    "Jaguar": "SAJ",
    "Jeep": "1C4 1J4 1J8 3C4N ZAC",
    "Kia": "KNA KND 3KP 5XX 5XY",
    "Land Rover": "SAL",
    "Lexus": "JTH JTJ 58A 2T2",
    "Lincoln": "5LM 2LM 1LN 3LN",
    "Maserati": "ZAM",
    "Mazda": "JM1 JM3 3MZ 3MV 4F2 7MM",
    "Mercedes-Benz": "WDB WDC WDD W1K W1N 4JG 55S",
    "Mini": "WMW WMZ",
    "Mitsubishi": "JA3 JA4 ML3",
    "Nissan": "1N4 1N6 3N1 3N6 5N1 JN1 JN8",
    "Polestar": "LPS YSM",
    "Porsche": "WP0 WP1",
    "Ram": "1C6 3C6",
    "Rivian": "7FC 7PD",
    "Subaru": "JF1 JF2 4S3 4S4",
    "Tesla": "5YJ 7SA LRW XP7",
    "Toyota": "4T1 4T3 5TB 5TD 5TF 5YF 2T1 2T3 3TM 3TY 7MU JTD JTE JTM JTN",
    "Volkswagen": "WVW WVG 3VW 3VV 1VW 1V2",
    "Volvo": "YV1 YV4 7JR LYV",
}
MAKE_BY_PREFIX: Final[Mapping[str, str]] = {
    prefix: make for make, prefixes in _MAKE_PREFIXES.items() for prefix in prefixes.split()
}
"""World manufacturer identifier (with more characters where makes share one) → make."""

MODEL_BY_PREFIX: Final[Mapping[str, str]] = {
    "1C6R": "1500",
    "1FA6P8": "Mustang",
    "1FATP8": "Mustang Convertible",
    "1FTE": "F-150",
    "1FTF": "F-150",
    "1G1Y": "Corvette",
    "1G1Z": "Malibu",
    "1HGCM": "Accord",
    "1HGCP": "Accord",
    "1HGCR": "Accord",
    "1HGCV": "Accord",
    "1HGCY": "Accord",
    "2C3CDZ": "Challenger",
    "2C4RC1": "Pacifica",
    "2HGFC": "Civic",
    "2HGFE": "Civic",
    "3FA6P0": "Fusion",
    "5YJ3": "Model 3",
    "5YJS": "Model S",
    "5YJX": "Model X",
    "5YJY": "Model Y",
    "7SAX": "Model X",
    "7SAY": "Model Y",
    "JM1N": "MX-5 Miata",
}
"""Beginnings that name one model for certain."""
