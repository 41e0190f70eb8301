"""The steps of leads as people see them: that in the CRM by how its own job stands."""

from collections.abc import Collection
from typing import Any

from sqlalchemy import Select, and_, case, select

from trex_app.db.tables import METADATA
from trex_app.services import crm_progress

_step = METADATA.tables["lead_step"]
_record = METADATA.tables["crm_record"]


def steps_of(lead_keys: Collection[str]) -> Select[Any]:
    """lead_key, name, status, attempts and error of each step, in order for each lead."""
    is_in_crm = and_(_record.c.lead_key == _step.c.lead_key, _step.c.name == crm_progress.JOB)
    shown = (
        case((_record.c.lead_key.is_not(None), _record.c[name]), else_=_step.c[name]).label(name)
        for name in ("status", "attempts", "error")
    )
    return (
        select(_step.c.lead_key, _step.c.name, *shown)
        .select_from(_step.join(_record, is_in_crm, isouter=True))
        .where(_step.c.lead_key.in_(lead_keys))
        .order_by(_step.c.number)
    )
