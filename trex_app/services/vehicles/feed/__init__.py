"""Dealers' feeds: CSV files of vehicles, read with patience and imported without doubt."""

from trex_app.services.vehicles.feed.importer import import_feed
from trex_app.services.vehicles.feed.report import ImportReport, Rejection
from trex_app.services.vehicles.feed.source import FeedUnreadable

__all__ = ["FeedUnreadable", "ImportReport", "Rejection", "import_feed"]
