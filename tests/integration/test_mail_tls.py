"""Mail over TLS: only to a server whose certificate is trusted, and no mail is lost meanwhile."""

import logging
from collections.abc import Iterator
from datetime import UTC, datetime
from io import StringIO
from pathlib import Path

import orjson
import pytest

from tests.installation import TestSettings
from tests.integration.post import Post
from tests.integration.world import SettableClock
from tests.tls_mail_server import Certificate, a_certificate, a_tls_mail_server
from trex_app.container import Container
from trex_app.core import telemetry

NOON = datetime(2026, 3, 1, 18, 0, tzinfo=UTC)  # in Chicago
TLS_SCHEMES = ("smtps", "smtp+starttls")


class OwnMailServer(Post):
    """One installation that hands its mail to a real server."""

    def __init__(self, folder: Path, smtp_url: str) -> None:
        self.clock = SettableClock()
        self.clock.now = NOON
        given = TestSettings(
            data_dir=folder, database_url=f"sqlite:///{folder}/trex.db", smtp_url=smtp_url
        )
        self.container = Container(given, self.clock, self._partners)
        self.journeys = self.container.journeys

    async def written(self) -> str:
        """Have one confirmation written; its id."""
        await self.container.open(with_jobs=False)
        return await self.confirmed(await self.sell())


@pytest.fixture
def certificate(tmp_path: Path) -> Certificate:
    return a_certificate(tmp_path)


@pytest.fixture
def lines() -> Iterator[StringIO]:
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    stream = StringIO()
    telemetry.configure_logging("json", "INFO", stream)
    yield stream
    root.handlers[:], root.level = handlers, level


def causes(lines: StringIO) -> set[str]:
    said = [orjson.loads(line) for line in lines.getvalue().splitlines()]
    return {line["cause"] for line in said if line["event"] == "partner_attempt_failed"}


@pytest.mark.parametrize("scheme", TLS_SCHEMES)
async def test_mail_goes_encrypted_to_a_server_that_is_trusted(
    scheme: str, certificate: Certificate, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate.path))
    async with a_tls_mail_server(scheme, certificate) as server:
        post = OwnMailServer(tmp_path, f"{scheme}://{server.address}")
        row = await post.deliver(await post.written())
        await post.container.close()
    assert row["status"] == "sent"
    [(envelope, is_encrypted)] = server.received
    assert (envelope.rcpt_tos, is_encrypted) == (["ada@example.org"], True)


@pytest.mark.parametrize("scheme", TLS_SCHEMES)
async def test_a_server_that_is_not_trusted_gets_nothing_and_the_mail_waits(
    scheme: str,
    certificate: Certificate,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    lines: StringIO,
) -> None:
    async with a_tls_mail_server(scheme, certificate) as server:
        post = OwnMailServer(tmp_path, f"{scheme}://{server.address}")
        message_id = await post.written()
        row = await post.deliver(message_id)
        assert (row["status"], row["attempts"], server.received) == ("queued", 1, [])
        assert causes(lines) == {"SSLCertVerificationError"}
        monkeypatch.setenv("SSL_CERT_FILE", str(certificate.path))
        assert (await post.deliver(message_id))["status"] == "sent"
        await post.container.close()
    assert len(server.received) == 1


@pytest.mark.parametrize("scheme", TLS_SCHEMES)
async def test_a_certificate_for_another_host_is_refused_although_it_is_trusted(
    scheme: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, lines: StringIO
) -> None:
    certificate = a_certificate(tmp_path, address="192.0.2.1")
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate.path))
    async with a_tls_mail_server(scheme, certificate) as server:
        post = OwnMailServer(tmp_path, f"{scheme}://{server.address}")
        row = await post.deliver(await post.written())
        await post.container.close()
    assert (row["status"], server.received) == ("queued", [])
    assert causes(lines) == {"SSLCertVerificationError"}


async def test_mail_that_must_be_encrypted_is_not_sent_to_a_server_that_cannot(
    certificate: Certificate, tmp_path: Path
) -> None:
    async with a_tls_mail_server("smtp", certificate) as server:
        post = OwnMailServer(tmp_path, f"smtp+starttls://{server.address}")
        row = await post.deliver(await post.written())
        await post.container.close()
    assert (row["status"], server.received) == ("queued", [])
