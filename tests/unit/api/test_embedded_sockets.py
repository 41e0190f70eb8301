"""What a handshake offers, read where every server leaves it."""

from trex_app.api.embedded_sockets import Handshake, unframed

# As the server of the product hands it on: it takes the header out once it has read it.
HOST = "https://www.acme.example:8443"
OFFERED = ["trex-ticket.t", "trex-host.https%3A%2F%2Fwww.acme.example%3A8443", "0.10.1"]
SCOPE = {"type": "websocket", "headers": [], "subprotocols": OFFERED}


def test_a_handshake_is_read_where_its_header_is_already_gone() -> None:
    assert Handshake.of(SCOPE) == Handshake(
        tickets=("t",), visitors=(), hosts=(HOST,), others=("0.10.1",)
    )


def test_what_really_is_a_subprotocol_is_left_to_be_accepted() -> None:
    assert unframed(SCOPE, Handshake.of(SCOPE))["subprotocols"] == ["0.10.1"]
