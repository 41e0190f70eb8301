"""TLS before a server of this machine, with a certificate made for the occasion."""

import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path
from threading import Thread

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

CHUNK_BYTES = 64 * 1024
NAMES = ("localhost", "*.localhost")


def certificate(folder: Path) -> Path:
    """A certificate of its own making for this machine, with its key, in one file."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = datetime.now(UTC)
    names = [*map(x509.DNSName, NAMES), x509.IPAddress(ip_address("127.0.0.1"))]
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
        .sign(key, hashes.SHA256())
    )
    written = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    file = folder / "localhost.pem"
    file.write_bytes(written + made.public_bytes(serialization.Encoding.PEM))
    return file


class Front:
    """Takes TLS on one port, and passes what is in it on to another. It knows no HTTP."""

    def __init__(self, file: Path) -> None:
        self._context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self._context.load_cert_chain(file)
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]

    def pass_on_to(self, port: int) -> None:
        """Serve every connection in threads of its own, until the listener is closed."""
        Thread(target=self._accept, args=[port], daemon=True).start()

    def close(self) -> None:
        """Take no more connections."""
        with suppress(OSError):  # wakes the thread that waits for the next one
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()

    def _accept(self, port: int) -> None:
        while True:
            try:
                taken, _ = self._listener.accept()
            except OSError:  # closed
                return
            Thread(target=self._serve, args=[taken, port], daemon=True).start()

    def _serve(self, taken: socket.socket, port: int) -> None:
        # A browser may give up at any moment, and the server behind may close first.
        with (
            suppress(OSError),
            taken,
            self._context.wrap_socket(taken, server_side=True) as outer,
            socket.create_connection(("127.0.0.1", port)) as inner,
        ):
            back = Thread(target=_pump, args=[inner, outer], daemon=True)
            back.start()
            _pump(outer, inner)
            back.join()


def _pump(source: socket.socket, target: socket.socket) -> None:
    """Copy until one side ends, and then end the other."""
    with suppress(OSError):
        while data := source.recv(CHUNK_BYTES):
            target.sendall(data)
    for each in (source, target):
        with suppress(OSError):
            each.shutdown(socket.SHUT_RDWR)


@contextmanager
def tls_front(file: Path) -> Iterator[Front]:
    """A port that takes TLS from now on, also before there is anything behind it."""
    front = Front(file)
    try:
        yield front
    finally:
        front.close()
