"""Made-up people who walk journeys: to try a definition, and to test every edge the same way."""

from trex_app.services.simulation.crowd import Site, simulate
from trex_app.services.simulation.person import Choices, Person
from trex_app.services.simulation.report import Report
from trex_app.services.simulation.visit import DeadEnd, Edge, ServiceEdge, visit
from trex_app.services.simulation.ways import Way, walks

__all__ = [
    "Choices",
    "DeadEnd",
    "Edge",
    "Person",
    "Report",
    "ServiceEdge",
    "Site",
    "Way",
    "simulate",
    "visit",
    "walks",
]
