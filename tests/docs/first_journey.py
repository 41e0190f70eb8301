"""The journey that the README shows, put where its reader would put it, and answers to it."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tests.docs.examples import ROOT, write_files

README = ROOT / "README.md"

ANSWERS: Mapping[str, Mapping[str, Any]] = {
    "car": {"kind": "estate", "has_license": False},
    "driver": {"name": "Kim Lo"},
    "appointment": {"date": "2031-05-02", "minutes": 45},
    "contact": {
        "first_name": "Robin",
        "last_name": "Vale",
        "email": "robin.vale@example.com",
        "phone": "+1 512 555 0142",
        "postal_code": "73301",
        "contact_channels": ["email"],
        "consent_contact": True,
    },
}
"""An answer for each step, in the order in which somebody without a licence comes by."""

END = "booked"


def first_journey(folder: Path) -> Path:
    """Write the README's one file into `folder`; the folder of journeys it is in."""
    (file,) = write_files(README, folder)
    return file.parent
