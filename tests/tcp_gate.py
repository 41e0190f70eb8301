"""A gate before a server: closed, whoever is behind it finds the server gone, or hears nothing."""

import contextlib
import socket
import threading

CHUNK = 65536


class TcpGate:
    """Forwards connections to a server, until it is closed and after it is opened again."""

    def __init__(self, host: str, port: int) -> None:
        self._target = (host, port)
        self._lock = threading.Lock()
        self._pairs: list[socket.socket] = []
        self._listener: socket.socket | None = None
        self._lets_through = threading.Event()
        self._lets_through.set()
        self.port = 0
        self.open()

    def open(self) -> None:
        """Let connections through, always at the same port."""
        listener = socket.socket()
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(("127.0.0.1", self.port))
        listener.listen()
        self.port = listener.getsockname()[1]
        self._listener = listener
        threading.Thread(target=self._accept, args=(listener,), daemon=True).start()

    def close(self) -> None:
        """Refuse new connections and end those that are open."""
        listener, self._listener = self._listener, None
        if listener is not None:
            _end(listener)
        with self._lock:
            pairs, self._pairs = self._pairs, []
        for end in pairs:
            _end(end)

    def fall_silent(self) -> None:
        """Keep connections open, and let nothing through them."""
        self._lets_through.clear()

    def speak(self) -> None:
        """Let through what was kept back, and what follows."""
        self._lets_through.set()

    def _accept(self, listener: socket.socket) -> None:
        while True:
            try:
                near, _ = listener.accept()
            except OSError:
                return
            try:
                far = socket.create_connection(self._target, timeout=10)
            except OSError:
                _end(near)
                continue
            far.settimeout(None)
            with self._lock:
                is_open = self._listener is listener
                if is_open:
                    self._pairs += [near, far]
            if not is_open:
                _end(near)
                _end(far)
                return
            for source, sink in ((near, far), (far, near)):
                threading.Thread(target=self._forward, args=(source, sink), daemon=True).start()

    def _forward(self, source: socket.socket, sink: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while chunk := source.recv(CHUNK):
                self._lets_through.wait()
                sink.sendall(chunk)
        _end(source)
        _end(sink)


def _end(end: socket.socket) -> None:
    with contextlib.suppress(OSError):
        end.shutdown(socket.SHUT_RDWR)
    end.close()
