"""A credit request: the bureau is asked, and its decision given to the session."""

from dbos import DBOS

from trex_app.sagas.credit_checks import CreditChecks
from trex_app.sagas.jobs import Job, patient


def request_credit(checks: CreditChecks) -> Job:
    """The job behind a credit request, by the key of the effect that made it.

    Each round asks once; a bureau that is away or still deciding is asked again by a further one.
    There is nothing to compensate: a soft check leaves no trace, and asking again with the same
    key is the same request.
    """

    def run(key: str, round: int) -> None:
        DBOS.run_step(patient("ask_bureau"), checks.ask_bureau, key, round)
        DBOS.run_step(patient("fill_result"), checks.fill_result, key)

    return run
