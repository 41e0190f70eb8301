"""The dealer network: dealers by distance, and leads as ADF documents."""

from typing import Any, Final
from uuid import uuid4

from trex_app.core.market import MARKET
from trex_app.core.values import GeoPoint
from trex_app.sandbox.adf import read_adf
from trex_app.sandbox.ledger import Entry
from trex_app.sandbox.stock import plain_make
from trex_app.sandbox.wire import Answer, Call, Door, Refused, ids_of, whole_number
from trex_app.services.demo_data.facts import DealerFacts, dealers
from trex_app.services.places import locate

LIMIT: Final = 10
LIMIT_MAX: Final = 100
_XML_TYPES: Final = ("application/xml", "text/xml")


class Dealers:
    """Answers where dealers are, and takes leads for them."""

    name = "dealers"

    def __init__(self) -> None:
        self._leads: set[tuple[str, str]] = set()
        self.doors = (
            Door("GET", "/v1/dealers", self._dealers),
            Door(
                "POST",
                "/v1/dealers/{dealer_id}/leads",
                self._take_lead,
                needs_key=True,
                body_of=lambda call: call.body.decode("utf-8", "replace"),
            ),
        )

    def absorb(self, entry: Entry) -> None:
        """Remember which dealer has which lead."""
        if entry.method == "POST":
            answer = entry.first_answer().data()
            self._leads.add((answer["dealerId"], answer["reference"]))

    def forget(self) -> None:
        """Forget every lead."""
        self._leads.clear()

    def _dealers(self, call: Call) -> Answer:
        if "ids" in call.query:
            by_id = {dealer.dealer_id: dealer for dealer in dealers()}
            found = [by_id[name] for name in ids_of(call.query) if name in by_id]
            return Answer.of(200, {"dealers": [_shown(d, None) for d in found], "origin": None})
        limit = whole_number(call.query, "limit", 1, LIMIT_MAX, LIMIT)
        makes = {plain_make(text) for text in call.query.get("makes", "").split(",") if text}
        place = locate(call.query.get("postal_code", ""))
        origin = place.point if place else None
        carrying = [d for d in dealers() if not makes or makes & set(map(plain_make, d.makes))]
        nearest = sorted(carrying, key=lambda d: (_km(d, origin) or 0.0, d.dealer_id))[:limit]
        shown_origin = place and {
            "place": f"{place.name}, {place.region}",
            "latitude": place.point.latitude,
            "longitude": place.point.longitude,
            "precisionKm": place.precision_km,
        }
        shown = [_shown(dealer, origin) for dealer in nearest]
        return Answer.of(200, {"dealers": shown, "origin": shown_origin})

    def _take_lead(self, call: Call) -> Answer:
        dealer_id = call.params["dealer_id"]
        if dealer_id not in {dealer.dealer_id for dealer in dealers()}:
            raise Refused.of(404, "DEALER_UNKNOWN", f"There is no dealer {dealer_id!r}.")
        media_type = call.headers.get("content-type", "").partition(";")[0].strip().lower()
        if media_type not in _XML_TYPES:
            raise Refused.of(415, "XML_NEEDED", "Send the lead as application/xml.")
        lead = read_adf(call.body, dealer_id)
        if lead.is_cancellation and (dealer_id, lead.reference) not in self._leads:
            message = f"This dealer has no lead {lead.reference!r}, so there is nothing to cancel."
            raise Refused.of(404, "LEAD_UNKNOWN", message)
        return Answer.of(
            201,
            {
                "leadId": f"dl_{uuid4().hex[:16]}",
                "dealerId": dealer_id,
                "reference": lead.reference,
                "status": "cancelled" if lead.is_cancellation else "received",
            },
        )


def _km(dealer: DealerFacts, origin: GeoPoint | None) -> float | None:
    return None if origin is None else round(origin.distance_km(dealer.point), 1)


def _shown(dealer: DealerFacts, origin: GeoPoint | None) -> dict[str, Any]:
    return {
        "id": dealer.dealer_id,
        "name": dealer.name,
        "address": {
            "street": dealer.street,
            "city": dealer.city,
            "region": dealer.region,
            "postalCode": dealer.postal_code,
            "country": MARKET.country,
        },
        "location": {"latitude": dealer.point.latitude, "longitude": dealer.point.longitude},
        "phone": dealer.phone,
        "email": f"sales@{dealer.dealer_id}.example",
        "makes": sorted(dealer.makes),
        "distanceKm": _km(dealer, origin),
    }
