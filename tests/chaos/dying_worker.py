"""A worker that kills itself, as by kill -9, the first time that it comes to a certain point.

The processes are forked from one that has imported everything, so that dozens may die in a test.
"""

import asyncio
import multiprocessing
import os
import signal
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from multiprocessing.process import BaseProcess
from typing import Any, Literal

from pydantic import SecretStr

from tests.chaos.site import PARTNERS, SECRET, SOON
from tests.installation import TestSettings
from trex_app.container import Container
from trex_app.sagas.submit_lead import UNDONE
from trex_app.services.lead_progress import STEPS

When = Literal["before", "after"]
WHENS: Sequence[When] = ("before", "after")


@dataclass(frozen=True, slots=True)
class Point:
    """Where a process dies: before or after something that it calls, of a step of this name.

    After a step means: its transaction is committed, and the job has not recorded it.
    """

    what: str
    when: When
    step: str | None = None

    def __str__(self) -> str:
        return " ".join(filter(None, (self.when, self.what, self.step)))


FORWARD: Sequence[Point] = (
    Point("take", "before", STEPS[0]),
    *(Point("take", "after", step) for step in STEPS),
    *(Point("arrive", when) for when in WHENS),
    *(Point("crm", when) for when in WHENS),
    *(Point("dealer", when) for when in WHENS),
    *(Point("bureau", when) for when in WHENS),
    *(Point("mail", when) for when in WHENS),
    *(Point("text", when) for when in WHENS),
)
"""Every step of a lead that is on its way, and every request to a partner within one."""
BACK: Sequence[Point] = (
    Point("undo", "before", UNDONE[0]),
    *(Point("undo", "after", step) for step in UNDONE),
    *(Point("end_undone", when) for when in WHENS),
    *(Point("crm_withdrawal", when) for when in WHENS),
    *(Point("dealer_cancellation", when) for when in WHENS),
)
"""The same for one that is being undone."""

_processes = multiprocessing.get_context("forkserver")
_processes.set_forkserver_preload([__name__])


def settings_of(url: str, folder: str, addresses: tuple[str, str], role: str) -> TestSettings:
    """An installation whose partners are in a sandbox at these addresses, HTTP and mail."""
    given: dict[str, Any] = {
        "database_url": url,
        "data_dir": folder,
        "secret_key": SecretStr(SECRET),
        "role": role,
        "sandbox_url": addresses[0],
        "smtp_url": addresses[1],
        "quiet_hours": "00:00-00:00",
        "partner_policies": dict.fromkeys(PARTNERS, SOON),
        "requests_per_minute": 1_000_000,
        "starts_per_minute": 1_000_000,
    }
    return TestSettings(**given)


def start(settings: TestSettings, point: Point | None) -> BaseProcess:
    """A worker process; without a point it lives until it is killed."""
    process = _processes.Process(target=_work, args=(settings, point), daemon=True)
    process.start()
    return process


def _work(settings: TestSettings, point: Point | None) -> None:
    container = Container(settings)
    if point is not None:
        _prepare_end(container, point)
    asyncio.run(_live(container))


async def _live(container: Container) -> None:
    await container.open()
    await asyncio.Event().wait()


def _prepare_end(container: Container, point: Point) -> None:
    travels, partners = container.travels, container.partners
    owner, name = {
        "take": (travels, "take"),
        "arrive": (travels, "arrive"),
        "undo": (travels, "undo"),
        "end_undone": (travels, "end_undone"),
        "crm": (partners.records, "record"),
        "crm_withdrawal": (partners.records, "withdraw"),
        "dealer": (partners.delivery, "deliver"),
        "dealer_cancellation": (partners.delivery, "cancel"),
        "bureau": (partners.bureau, "request"),
        "mail": (partners.mailer, "send"),
        "text": (partners.text_messages, "send"),
    }[point.what]
    setattr(owner, name, _deadly(getattr(owner, name), point))


def _deadly(call: Callable[..., Awaitable[Any]], point: Point) -> Callable[..., Awaitable[Any]]:
    async def run(*given: Any) -> Any:
        is_there = point.step is None or point.step == given[-1]
        if is_there and point.when == "before":
            os.kill(os.getpid(), signal.SIGKILL)
        result = await call(*given)
        if is_there:
            os.kill(os.getpid(), signal.SIGKILL)
        return result

    return run
