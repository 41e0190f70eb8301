"""What the answer about a lead holds."""

from typing import Literal, Self

from pydantic import Field

from trex_app.api.schemas.responses import ResponseBody
from trex_app.services.lead_status import LeadStatusView, Moment


class TimelineMoment(ResponseBody):
    """One line of the timeline; `at` is null while it has not happened."""

    name: str = Field(examples=["received"])
    title: str
    state: Literal["done", "current", "waiting", "stopped"]
    at: str | None

    @classmethod
    def of(cls, moment: Moment) -> Self:
        """The wire form of a moment."""
        at = moment.at.isoformat() if moment.at else None
        return cls(name=moment.name, title=moment.title, state=moment.state, at=at)


class LeadStatusResponse(ResponseBody):
    """Where a lead stands, as data and in words for its person."""

    reference: str
    status: str = Field(
        description="received, processing, delivered, parked, compensated or cancelled."
    )
    headline: str
    meaning: str
    updated_at: str
    timeline: list[TimelineMoment]

    @classmethod
    def of(cls, view: LeadStatusView) -> Self:
        """The wire form of a lead's status."""
        return cls(
            reference=view.reference,
            status=view.status,
            headline=view.headline,
            meaning=view.meaning,
            updated_at=view.updated_at.isoformat(),
            timeline=[TimelineMoment.of(moment) for moment in view.timeline],
        )
