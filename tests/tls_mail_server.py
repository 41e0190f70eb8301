"""A mail server that speaks TLS, with a certificate that nobody trusts unless a test says so."""

import asyncio
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from ipaddress import ip_address
from pathlib import Path
from urllib.parse import quote

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, Session
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from trex_app.core.clock import utc_now

HOST = "127.0.0.1"
USER, PASSWORD = "trex", "correct horse"


@dataclass(frozen=True, slots=True)
class Certificate:
    """A certificate that signs itself; who trusts `path` trusts whoever shows it."""

    path: Path
    key_path: Path


def a_certificate(folder: Path, *, address: str = HOST) -> Certificate:
    """A certificate for an address."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "mail.example")])
    alternative = x509.SubjectAlternativeName([x509.IPAddress(ip_address(address))])
    now = utc_now()
    signed = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(alternative, critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    path, key_path = folder / f"{address}.crt", folder / f"{address}.key"
    path.write_bytes(signed.public_bytes(serialization.Encoding.PEM))
    key_path.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    return Certificate(path, key_path)


@dataclass
class TlsMailServer:
    """Takes mail over TLS from whoever knows the password, and keeps it."""

    address: str
    """User, password, host and port, as they stand in a URL."""
    received: list[tuple[Envelope, bool]] = field(default_factory=list)
    """What came, and whether it came over TLS."""

    async def handle_DATA(  # noqa: N802 - aiosmtpd calls it by this name
        self, server: SMTP, _session: Session, envelope: Envelope
    ) -> str:
        assert server.transport is not None
        is_encrypted = server.transport.get_extra_info("ssl_object") is not None
        self.received.append((envelope, is_encrypted))
        return "250 Taken"


@asynccontextmanager
async def a_tls_mail_server(scheme: str, certificate: Certificate) -> AsyncIterator[TlsMailServer]:
    """Listen for smtps (TLS from the first byte), smtp+starttls, or smtp (never any TLS)."""
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificate.path, certificate.key_path)
    loop = asyncio.get_running_loop()
    handler = TlsMailServer(address="")
    offered = context if scheme == "smtp+starttls" else None

    def connection() -> SMTP:
        return SMTP(
            handler,
            hostname="mail.example",
            tls_context=offered,
            require_starttls=offered is not None,
            auth_require_tls=offered is not None,
            authenticator=_knows_the_password,
            loop=loop,
        )

    implicit = context if scheme == "smtps" else None
    server = await loop.create_server(connection, HOST, 0, ssl=implicit)
    port = server.sockets[0].getsockname()[1]
    handler.address = f"{USER}:{quote(PASSWORD)}@{HOST}:{port}"
    async with server:
        yield handler


def _knows_the_password(
    _server: SMTP, _session: Session, _envelope: Envelope, _mechanism: str, given: object
) -> AuthResult:
    said = (getattr(given, "login", b""), getattr(given, "password", b""))
    return AuthResult(success=said == (USER.encode(), PASSWORD.encode()))
