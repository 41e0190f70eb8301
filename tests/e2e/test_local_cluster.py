"""The topology of deploy/: people get through while a web process and a worker are killed.

What is promised: whoever only looks never sees an error, for nginx asks the other process. A write
that the killed process had already been sent is not sent again by nginx; it may answer 502, and the
same request with the same Idempotency-Key then counts once.
"""

import shutil
import threading
import time
import uuid
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import psycopg
import pytest
from playwright.sync_api import Browser, Page

from tests.conftest import a_postgres_database, missing
from tests.e2e.conftest import GENEROUS
from tests.e2e.local_cluster import LocalCluster
from tests.e2e.walks import WALKS, answer, begin, shows, step_of
from tests.sandbox_process import SandboxProcess, running_sandbox

PEOPLE = 4
TRIES = 20
PATIENCE_SECONDS = 120
IN_FLIGHT = 502
CONTACT = {
    "first_name": "Robin",
    "last_name": "Vale",
    "email": "robin@example.com",
    "postal_code": "73301",
    "contact_channels": ["email"],
    "consent_contact": True,
}


@pytest.fixture(scope="module")
def sandbox() -> Iterator[SandboxProcess]:
    with running_sandbox() as sandbox:
        yield sandbox


@dataclass
class Town:
    """A cluster, and the database it works on."""

    cluster: LocalCluster
    database_url: str

    def leads(self) -> dict[str, str]:
        """Every lead's status, by reference."""
        with psycopg.connect(self.database_url.replace("+psycopg", "")) as connection:
            return dict(connection.execute("SELECT reference, status FROM lead").fetchall())


@pytest.fixture(scope="module")
def town(
    redis_url: str,
    rabbitmq_url: str,
    sandbox: SandboxProcess,
    built: Path,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Town]:
    """One for both tests: it takes longer to start than to walk through."""
    if not (shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin")):
        missing("nginx", "apt-get install nginx-light")
    with a_postgres_database() as database_url:
        cluster = LocalCluster(
            tmp_path_factory.mktemp("cluster"),
            {**GENEROUS, "TREX_SMTP_URL": sandbox.smtp_url},
            database_url=database_url,
            redis_url=redis_url,
            broker_url=rabbitmq_url,
            sandbox_url=sandbox.url,
        )
        with cluster:
            yield Town(cluster, database_url)


@dataclass
class Person(threading.Thread):
    """Buys one vehicle after the other over REST, until told to stop."""

    address: str
    enough: threading.Event
    bought: int = 0
    repeated: int = 0
    seen: Counter[int] = field(default_factory=Counter)
    fault: Exception | None = None

    def __post_init__(self) -> None:
        super().__init__(daemon=True)

    def __hash__(self) -> int:
        return id(self)

    def run(self) -> None:
        try:
            with httpx.Client(base_url=self.address, timeout=60) as self._client:
                while not self.enough.is_set():
                    self._buy()
                    self.bought += 1
        except Exception as error:  # noqa: BLE001 - told by the test
            self.fault = error

    def _buy(self) -> None:
        step = self._post("start", {"workflowType": "buying"})
        token = {"authorization": f"Bearer {step['sessionToken']}"}
        answers = iter(({"knows_vehicle": True}, {"price_max": 60000}, None, {"confirmed": True}))
        while step["status"] != "completed":
            given: Any = next(answers, CONTACT)
            if given is None:
                given = {"vehicle_id": step["data"]["vehicles"][0]["vehicle_id"]}
            body = {
                "sessionId": step["sessionId"],
                "currentStep": step["stepId"],
                "revision": step["revision"],
                "data": given,
            }
            step = self._post("transition", body, token)
            looked = self._client.get(f"/api/workflow/{step['sessionId']}", headers=token)
            assert looked.status_code == httpx.codes.OK, looked.text
            assert looked.json()["stepId"] == step["stepId"]

    def _post(self, what: str, body: Any, headers: dict[str, str] | None = None) -> Any:
        """Send it until it is answered, as the same request each time."""
        key = {"idempotency-key": uuid.uuid4().hex}
        for _ in range(TRIES):
            sent = {**(headers or {}), **key}
            given = self._client.post(f"/api/workflow/{what}", json=body, headers=sent)
            self.seen[given.status_code] += 1
            if given.status_code == httpx.codes.OK:
                return given.json()
            assert given.status_code == IN_FLIGHT, given.text
            self.repeated += 1
        raise AssertionError(f"{TRIES} times no answer")


def test_people_get_through_while_a_web_process_and_a_worker_are_killed(
    town: Town, sandbox: SandboxProcess, browser: Browser
) -> None:
    cluster, enough = town.cluster, threading.Event()
    before = len(town.leads())
    people = [Person(cluster.address, enough) for _ in range(PEOPLE)]
    page = browser.new_context(base_url=cluster.address).new_page()
    page.set_default_timeout(PATIENCE_SECONDS * 1000)
    for person in people:
        person.start()
    try:
        walk_while_they_are_killed(page, cluster)
    finally:
        enough.set()
        for person in people:
            person.join(PATIENCE_SECONDS)
        page.context.close()
    assert [person.fault for person in people if person.fault] == []
    assert not any(person.is_alive() for person in people)
    # One request of a person was under way in the process that was killed; another may have been
    # sent on a connection to it whose end nginx had not yet noticed.
    assert all(person.repeated <= 2 for person in people), [person.seen for person in people]

    eventually_delivered(town, sum(person.bought for person in people) + 1 + before)
    eventually_in_the_crm(town, sandbox)


def walk_while_they_are_killed(page: Page, cluster: LocalCluster) -> None:
    """Buy something in the browser; the killing comes between two steps, with a reload after."""
    walk = WALKS["buying by a search"]
    begin(page, walk.journey)
    kills = {"vehicle_search": "web-1", "vehicle_selection": "worker-1"}
    while (step := step_of(page)) != walk.end:
        if step in kills:
            cluster.kill(kills[step])
            page.reload()
            shows(page, step)
        answer(page, walk.answers[step])
        page.locator(f'[data-step]:not([data-step="{step}"])').wait_for()


def eventually_delivered(town: Town, count: int) -> None:
    """Wait until every lead there should be has arrived."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < deadline:
        standing = Counter(town.leads().values())
        if standing == {"delivered": count}:
            return
        time.sleep(0.2)
    pytest.fail(f"{count} were sent: {Counter(town.leads().values())}\n{town.cluster.logs()}")


def eventually_in_the_crm(town: Town, sandbox: SandboxProcess) -> None:
    """Wait until each lead is there once; a lead that is delivered waits for nothing of the CRM."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    wanted, recorded = dict.fromkeys(town.leads(), 1), Counter[str]()
    while recorded != wanted and time.monotonic() < deadline:
        time.sleep(0.2)
        received = [each for each in sandbox.received("crm") if not each["repeat"]]
        recorded = Counter(each["body"]["externalId"] for each in received)
    assert recorded == wanted


def test_the_proxy_caches_what_never_changes_and_hides_what_is_for_operators(town: Town) -> None:
    with httpx.Client(base_url=town.cluster.address) as client:
        page = client.get("/")
        script = next(part for part in page.text.split('"') if part.startswith("/assets/"))
        chunk = client.get(script, headers={"accept-encoding": "gzip"})
        assert chunk.headers["cache-control"] == "public, max-age=31536000, immutable"
        assert chunk.headers["server"] == "nginx"
        assert chunk.headers["content-encoding"] == "gzip"
        assert "immutable" not in page.headers.get("cache-control", "")
        assert client.get("/metrics").status_code == httpx.codes.NOT_FOUND
    worker = f"http://127.0.0.1:{town.cluster.port + 3}/metrics"
    assert "trex_jobs_unfinished" in httpx.get(worker).text
