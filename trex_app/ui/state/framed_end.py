"""What the end of a journey holds in a frame, beside its step."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field

from trex_app.container import Container
from trex_app.services import views as shown


@dataclass(frozen=True, slots=True)
class FramedEnd:
    """What the page around may be told of the answers, as JSON; and links by reference."""

    shared_answers: str = ""
    status_links: Mapping[str, str] = field(default_factory=dict[str, str])


NO_END = FramedEnd()


async def framed_end(container: Container, caller: shown.Caller, step: shown.StepView) -> FramedEnd:
    """What a step holds that ends a journey in a frame; nothing for any other.

    A link opens a tab of its own, where the cookie of the frame does not go along: it is signed.
    """
    if step.status != "completed" or caller.tenant is None:
        return NO_END
    answers = await container.journeys.shared_answers(caller, step.session_id)
    references = [row["reference"] for row in step.data.get("references", [])]
    return FramedEnd(
        "" if answers is None else json.dumps(answers),
        await container.lead_statuses.links_for(caller, references),
    )
