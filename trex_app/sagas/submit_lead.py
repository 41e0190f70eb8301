"""The travels of a lead: to the bureau, its dealers, the CRM and back to the person.

Each step is a step of the durable job as well as a row of ours. The row decides what is still to
do; the job's own record only keeps a job that is taken over on the same way as before.
"""

from dbos import DBOS

from trex_app.sagas.jobs import Job, patient
from trex_app.sagas.lead_travels import LeadTravels
from trex_app.services.lead_progress import STEPS, Turn

UNDONE = ("send_confirmations", "deliver_to_dealers", "record_in_crm")
"""What is undone, the last first. A credit check leaves no trace at the bureau, routing none
outside our database, and that the lead was sent stays true."""


def submit_lead(travels: LeadTravels) -> Job:
    """The job that takes a lead further, by the key of the effect that sent it.

    A partner that is away ends the job: the lead is parked, and a further round goes on later.
    """

    def run(key: str, round: int) -> None:
        turn = _forward(travels, key, round)
        if turn == Turn.TURN_BACK:
            _back(travels, key, round)

    return run


def _forward(travels: LeadTravels, key: str, round: int) -> str:
    for name in STEPS:
        turn = DBOS.run_step(patient(name), travels.take, key, round, name)
        if turn != Turn.GO_ON:
            return turn
    return DBOS.run_step(patient("arrive"), travels.arrive, key, round)


def _back(travels: LeadTravels, key: str, round: int) -> None:
    for name in UNDONE:
        if DBOS.run_step(patient(f"undo_{name}"), travels.undo, key, round, name) != Turn.GO_ON:
            return
    DBOS.run_step(patient("end_undone"), travels.end_undone, key, round)
