"""What the parts of an installation stand on."""

from trex_app.container.alerted import count_all_from_zero
from trex_app.container.partners import StandIns
from trex_app.core.clock import Clock
from trex_app.core.crypto import Keyring
from trex_app.core.settings import Settings
from trex_app.db.session_store import SessionStore
from trex_app.db.statements import POSTGRESQL
from trex_app.db.transaction import THREADS, Database
from trex_app.integrations.chosen import INSIDE, SandboxAddresses, choose
from trex_app.sagas.jobs import MOST_CONNECTIONS, Jobs
from trex_app.sagas.workers import own_name
from trex_app.sandbox.kept_ports import PlannedSandbox
from trex_app.services.sessions import Sessions

WORKER_CONNECTIONS = 3
"""Of each kind, in a process that answers nobody: its jobs may wait a moment for one another."""


class Foundation:
    """Settings, time, keys, the database with its sessions and jobs, and who is asked outside."""

    def __init__(self, settings: Settings, clock: Clock, instead: StandIns) -> None:
        count_all_from_zero()
        self.settings = settings
        self.clock = clock
        self.process = settings.executor_id or own_name()
        self.keyring = Keyring(settings.master_secret, settings.previous_secrets)
        self.database = Database(settings.resolved_database_url, _most_of_each_kind(settings))
        self.store = SessionStore(self.keyring)
        self.sessions = Sessions(self.database, self.store, self.keyring)
        self.sandbox = PlannedSandbox() if settings.sandbox_url == INSIDE else None
        chosen = choose(settings, self.database, clock, _addresses(self.sandbox))
        self.partners = instead.applied(chosen, self.database, clock)
        self.jobs = Jobs(self.database, executor_id=self.process)


def most_connections(settings: Settings) -> int:
    """How many connections to PostgreSQL a process in this role opens at most."""
    limits = (THREADS[POSTGRESQL, "read"], THREADS[POSTGRESQL, "write"])
    of_jobs = 0 if settings.role == "web" else MOST_CONNECTIONS
    return sum(min(limit, _most_of_each_kind(settings)) for limit in limits) + of_jobs


def _most_of_each_kind(settings: Settings) -> int:
    return WORKER_CONNECTIONS if settings.role == "worker" else max(THREADS.values())


def _addresses(sandbox: PlannedSandbox | None) -> SandboxAddresses | None:
    return SandboxAddresses(sandbox.address, sandbox.smtp_address) if sandbox else None
