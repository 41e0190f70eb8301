"""Periodic work: begun at once, repeated, and not ended by an error."""

import threading

from trex_app.core.errors import Unavailable
from trex_app.messaging.periodic import Periodic

PATIENCE_SECONDS = 30


def test_work_goes_on_after_an_error_and_ends_when_asked() -> None:
    faults: list[Exception] = [RuntimeError(), Unavailable()]
    done = threading.Event()

    def work() -> None:
        if faults:
            raise faults.pop()
        done.set()

    periodic = Periodic("work", work, seconds=0.01)
    periodic.start()
    assert done.wait(PATIENCE_SECONDS)
    periodic.stop()
    done.clear()
    assert not done.wait(0.05)


def test_work_that_was_never_started_can_be_stopped() -> None:
    Periodic("work", lambda: None, seconds=1).stop()
