"""A message on its way: one try a round; a further round is a job of its own, after a delay.

There is nothing to compensate: what was sent cannot be taken back, and what was not is withdrawn
by whoever wrote it. A crash between sending and noting sends again under the same Message-ID.
"""

from dbos import DBOS

from trex_app.sagas.jobs import Job, patient
from trex_app.services.delivery import MessageDelivery


def send_message(delivery: MessageDelivery) -> Job:
    """The job that tries once to send a message, by its id."""

    def run(key: str, round: int) -> None:
        DBOS.run_step(patient("attempt"), delivery.attempt, key, round)

    return run
