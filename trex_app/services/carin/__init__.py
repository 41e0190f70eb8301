"""CarIn: which vehicles of the inventory suit a person's answers, and why."""

from trex_app.services.carin.ranking import explain, recommend

__all__ = ["explain", "recommend"]
