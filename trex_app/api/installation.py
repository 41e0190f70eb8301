"""How a request finds the installation it is for."""

from typing import cast

from fastapi import Request

from trex_app.container import Container
from trex_app.services.journeys import Journeys


def container_of(request: Request) -> Container:
    """What the application was made with."""
    return cast("Container", request.app.state.container)


def journeys_of(request: Request) -> Journeys:
    """The service behind the workflow's addresses."""
    return container_of(request).journeys
