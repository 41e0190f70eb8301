"""The inventory: search, counts, suggestions, one vehicle in full, and dealers' feeds."""

from trex_app.services.vehicles.feed import import_feed
from trex_app.services.vehicles.listings import get, get_many
from trex_app.services.vehicles.matches import count, search
from trex_app.services.vehicles.suggestions import suggest

__all__ = ["count", "get", "get_many", "import_feed", "search", "suggest"]
