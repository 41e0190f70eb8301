"""People who answer over HTTP: so many connections, kept open, each one request at a time.

Run as `python -m benchmarks.http_client <port> <connections> <sessions>`. Prints a line once the
sessions have been started, waits for a line, answers everything and prints what it saw as JSON:
{"count", "seconds", "p50_ms", "p99_ms"}.
"""

import asyncio
import json
import sys
import time
import uuid
from dataclasses import dataclass, field
from typing import Any

from benchmarks.journey import ANSWERED, SHORT, answers, step_id, workflow_id

HEAD = "POST /api/workflow/{path} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"


@dataclass(slots=True)
class Person:
    """A started session and its credential."""

    session_id: str
    token: str
    revision: int


@dataclass(slots=True)
class Connection:
    """One open connection and the times its requests took."""

    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter
    seconds: list[float] = field(default_factory=list[float])

    async def post(self, path: str, body: dict[str, Any], token: str = "") -> dict[str, Any]:
        """Send a request and read its answer. Raises RuntimeError for any status but 200."""
        content = json.dumps(body).encode()
        head = HEAD.format(path=path) + f"Content-Length: {len(content)}\r\n"
        if token:
            head += f"Authorization: Bearer {token}\r\n"
        self.writer.write(f"{head}\r\n".encode() + content)
        status, *headers = (await self.reader.readuntil(b"\r\n\r\n")).lower().split(b"\r\n")
        length = next(h for h in headers if h.startswith(b"content-length:")).split(b":")[1]
        answer = json.loads(await self.reader.readexactly(int(length)))
        if b" 200" not in status:
            raise RuntimeError(f"{status!r}: {answer}")
        return answer

    async def start(self) -> Person:
        """Begin a session."""
        body = {"sessionId": str(uuid.uuid4()), "workflowType": workflow_id(SHORT)}
        answer = await self.post("start", body)
        return Person(answer["sessionId"], answer["sessionToken"], answer["revision"])

    async def answer(self, people: list[Person]) -> None:
        """Every person's answers, one screen after the other."""
        given = answers()
        for number in range(ANSWERED):
            for person in people:
                body = {
                    "sessionId": person.session_id,
                    "currentStep": step_id(number),
                    "data": next(given),
                    "revision": person.revision,
                }
                begin = time.perf_counter()
                answer = await self.post("transition", body, person.token)
                self.seconds.append(time.perf_counter() - begin)
                person.revision = answer["revision"]


async def run(port: int, connection_count: int, session_count: int) -> dict[str, float]:
    """Start sessions, wait for the word, answer; the times that it took."""
    opened = [await asyncio.open_connection("127.0.0.1", port) for _ in range(connection_count)]
    connections = [Connection(*pair) for pair in opened]
    share = max(1, session_count // connection_count)
    people = [[await one.start() for _ in range(share)] for one in connections]
    print("started", flush=True)
    sys.stdin.readline()
    begin = time.perf_counter()
    pairs = zip(connections, people, strict=True)
    await asyncio.gather(*[connection.answer(own) for connection, own in pairs])
    elapsed = time.perf_counter() - begin
    seconds = sorted(second for connection in connections for second in connection.seconds)
    return {
        "count": len(seconds),
        "seconds": elapsed,
        "p50_ms": 1000 * seconds[len(seconds) // 2],
        "p99_ms": 1000 * seconds[len(seconds) * 99 // 100],
    }


if __name__ == "__main__":
    print(json.dumps(asyncio.run(run(*map(int, sys.argv[1:])))), flush=True)
