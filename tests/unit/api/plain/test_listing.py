"""What the address of a listing asks for stays in the addresses of its pages."""

from urllib.parse import parse_qs

from trex_app.api.plain.listing import Offer


def test_turning_a_page_keeps_order_and_parts() -> None:
    offer = Offer(query={"page": "2", "sort": "price_asc", "fuel_type": "a&b"})
    assert parse_qs(offer.page(3)) == {
        "page": ["3"],
        "sort": ["price_asc"],
        "fuel_type": ["a&b"],
    }


def test_a_listing_as_it_comes_has_only_its_page() -> None:
    assert Offer().page(2) == "page=2"
