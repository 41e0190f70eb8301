"""What a socket of a frame on another site says of itself, as far as we have checked it."""

import json
from dataclasses import asdict, dataclass
from typing import Any, Final

HEADER: Final = "x-trex-embedding"
"""Written by our own guard at a socket's handshake; what a client sends under it is removed."""


@dataclass(frozen=True, slots=True)
class Embedding:
    """Whose frame a socket is: the tenant, the page around it, and which of its widgets."""

    tenant_id: str
    host_origin: str
    session_key: str

    def as_header(self) -> str:
        """The value of the header."""
        return json.dumps(asdict(self))


def embedding_from(header: str | None) -> Embedding | None:
    """What the guard has written; None for a page that is in no frame."""
    if not header:
        return None
    members: dict[str, Any] = json.loads(header)
    return Embedding(**members)
