"""Foreign pages can neither open a socket nor write with a person's cookie."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route, WebSocketRoute
from starlette.testclient import TestClient
from starlette.websockets import WebSocket, WebSocketDisconnect

from tests.tenant_world import BUNDLE, EVIL, HOST, OWN, TenantWorld
from trex_app.api.embedded_sockets import EmbeddedSockets
from trex_app.api.origin_guard import POLICY_VIOLATION, TRY_AGAIN_LATER, OriginGuard
from trex_app.core.crypto import TokenKind
from trex_app.core.embedding import HEADER, Embedding, embedding_from
from trex_app.core.errors import OriginNotAllowed
from trex_app.core.visitor import framed_visitor_of, new_visitor

VERSION = "0.10.1"
VISITORS = "/api/embed/visitors"


async def greet(socket: WebSocket) -> None:
    """Tell what of the handshake has come through."""
    offered = socket.scope["subprotocols"]
    await socket.accept(offered[0] if offered else None)
    await socket.send_json(
        {
            "origin": socket.headers.get("origin"),
            "cookie": socket.headers.get("cookie", ""),
            "protocols": socket.headers.get("sec-websocket-protocol"),
            "offered": offered,
            "embedding": socket.headers.get(HEADER),
            "scope": socket.scope.get("trex.embed"),
        }
    )
    await socket.close()


def answer(_request: Request) -> Response:
    return PlainTextResponse("done")


@pytest.fixture
def world(tmp_path: Path) -> Iterator[TenantWorld]:
    with TenantWorld.on_sqlite(tmp_path) as world:
        yield world


@pytest.fixture
def client(world: TenantWorld) -> TestClient:
    methods = ["GET", "POST", "PUT", "DELETE", "PATCH"]
    routes = [
        Route("/", answer, methods=methods),
        Route(VISITORS, answer, methods=["POST"]),
        WebSocketRoute("/socket", greet),
    ]
    embedded = EmbeddedSockets(world.tickets, world.keyring, is_secure=True)
    guard = OriginGuard(
        Starlette(routes=routes),
        own_origins=[OWN],
        directory=world.directory,
        embedded=embedded,
    )
    return TestClient(guard)


def refusal_of(client: TestClient, origin: str, *protocols: str) -> int:
    """How a handshake is refused."""
    with (
        pytest.raises(WebSocketDisconnect) as refusal,
        client.websocket_connect("/socket", [VERSION, *protocols], headers={"origin": origin}),
    ):
        pass
    return refusal.value.code


def told_by(client: TestClient, origin: str, *protocols: str, **headers: str) -> dict[str, object]:
    """What a server behind the guard sees of a handshake."""
    given = {"origin": origin, **headers}
    with client.websocket_connect("/socket", [VERSION, *protocols], headers=given) as socket:
        assert socket.accepted_subprotocol == VERSION
        return socket.receive_json()


class TestSockets:
    def test_our_own_page_may_open_one(self, client: TestClient) -> None:
        with client.websocket_connect("/socket", headers={"origin": OWN}) as socket:
            assert socket.receive_json()["embedding"] is None

    @pytest.mark.parametrize("headers", [{}, {"origin": EVIL}, {"origin": "null"}, {"origin": ""}])
    def test_any_other_page_is_refused(self, client: TestClient, headers: dict[str, str]) -> None:
        with (
            pytest.raises(WebSocketDisconnect) as refusal,
            client.websocket_connect("/socket", headers=headers),
        ):
            pass
        assert refusal.value.code == POLICY_VIOLATION

    @pytest.mark.parametrize("origin", [HOST, BUNDLE])
    def test_a_tenants_page_needs_a_ticket(self, client: TestClient, origin: str) -> None:
        assert refusal_of(client, origin) == POLICY_VIOLATION

    def test_our_own_page_cannot_say_that_it_is_a_frame(self, client: TestClient) -> None:
        forged = Embedding("acme", HOST, "main").as_header()
        visitor = f"trex-visitor.{new_visitor()}.x"
        told = told_by(client, OWN, visitor, **{HEADER: forged})
        assert told["embedding"] is None
        assert told["protocols"] == VERSION
        assert told["cookie"] == ""


class TestTickets:
    @pytest.mark.parametrize("origin", [OWN, BUNDLE])
    def test_one_opens_a_socket_and_says_whose_it_is(
        self, client: TestClient, world: TenantWorld, origin: str
    ) -> None:
        ticket = world.ticket(session_key="left")
        told = told_by(client, origin, f"trex-ticket.{ticket}")
        assert told["scope"] == {"tenant": "acme", "host_origin": HOST, "session_key": "left"}
        assert embedding_from(str(told["embedding"])) == Embedding("acme", HOST, "left")
        assert told["origin"] == OWN

    def test_none_is_seen_behind_the_guard(self, client: TestClient, world: TenantWorld) -> None:
        told = told_by(client, OWN, f"trex-ticket.{world.ticket()}", "trex-visitor.x.y")
        assert told["offered"] == [VERSION]
        assert told["protocols"] == VERSION

    def test_one_works_once(self, client: TestClient, world: TenantWorld) -> None:
        ticket = f"trex-ticket.{world.ticket()}"
        told_by(client, OWN, ticket)
        assert refusal_of(client, OWN, ticket) == POLICY_VIOLATION

    def test_a_forged_one_is_refused_on_our_own_page_too(self, client: TestClient) -> None:
        for forged in (new_visitor(), "", "short", "x" * 5000):
            assert refusal_of(client, OWN, f"trex-ticket.{forged}") == POLICY_VIOLATION

    def test_two_at_once_are_refused(self, client: TestClient, world: TenantWorld) -> None:
        both = [f"trex-ticket.{world.ticket()}", f"trex-ticket.{world.ticket()}"]
        assert refusal_of(client, OWN, *both) == POLICY_VIOLATION

    @pytest.mark.parametrize("origin", [EVIL, HOST, "null", ""])
    def test_a_stolen_one_opens_nothing_elsewhere(
        self, client: TestClient, world: TenantWorld, origin: str
    ) -> None:
        ticket = f"trex-ticket.{world.ticket()}"
        assert refusal_of(client, origin, ticket) == POLICY_VIOLATION
        assert refusal_of(client, OWN, ticket) == POLICY_VIOLATION

    def test_without_a_database_a_frame_is_told_to_try_later(
        self, client: TestClient, world: TenantWorld
    ) -> None:
        ticket = f"trex-ticket.{world.ticket()}"
        world.take_database_away()
        assert refusal_of(client, OWN, ticket) == TRY_AGAIN_LATER


class TestVisitorsOfFrames:
    def test_a_signed_one_counts_before_any_cookie(
        self, client: TestClient, world: TenantWorld
    ) -> None:
        kept, brought = new_visitor(), new_visitor()
        token = world.keyring.sign(TokenKind.VISITOR, brought)
        cookie = f"__Host-trex_framed_visitor={kept}"
        ticket = f"trex-ticket.{world.ticket()}"
        told = told_by(client, BUNDLE, ticket, f"trex-visitor.{token}", cookie=cookie)
        assert framed_visitor_of(str(told["cookie"]), is_secure=True) == brought

    def test_one_that_we_did_not_sign_does_not_count(
        self, client: TestClient, world: TenantWorld
    ) -> None:
        kept, brought = new_visitor(), new_visitor()
        as_session = world.keyring.sign(TokenKind.SESSION, brought)
        cookie = f"__Host-trex_framed_visitor={kept}"
        for token in (brought, as_session, f"{brought}.{brought}"):
            ticket = f"trex-ticket.{world.ticket()}"
            told = told_by(client, BUNDLE, ticket, f"trex-visitor.{token}", cookie=cookie)
            assert framed_visitor_of(str(told["cookie"]), is_secure=True) == kept


class TestWrites:
    @pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH"])
    @pytest.mark.parametrize("origin", [EVIL, HOST, BUNDLE, "null", f"{OWN}.evil.example"])
    def test_a_foreign_one_with_a_cookie_is_refused(
        self, client: TestClient, method: str, origin: str
    ) -> None:
        headers = {"origin": origin, "cookie": "trex_visitor=1"}
        refusal = client.request(method, "/", headers=headers)
        assert refusal.status_code == 403
        assert refusal.headers["content-type"] == "application/problem+json"
        assert refusal.json()["code"] == "origin_not_allowed"
        assert refusal.json()["detail"] == OriginNotAllowed.default_message

    @pytest.mark.parametrize(
        "headers",
        [
            {"origin": OWN, "cookie": "trex_visitor=1"},
            {"cookie": "trex_visitor=1"},
            {"origin": EVIL, "authorization": "Bearer 1"},
            {},
        ],
        ids=["own page", "no browser", "no cookie", "nothing at all"],
    )
    def test_any_other_passes(self, client: TestClient, headers: dict[str, str]) -> None:
        assert client.post("/", headers=headers).text == "done"

    def test_the_frames_of_a_bundle_may_say_who_sits_there(self, client: TestClient) -> None:
        headers = {"origin": BUNDLE, "cookie": "trex_visitor=1"}
        assert client.post(VISITORS, headers=headers).text == "done"
        assert client.post(VISITORS, headers={**headers, "origin": HOST}).status_code == 403

    def test_reading_is_left_to_cors(self, client: TestClient) -> None:
        headers = {"origin": EVIL, "cookie": "trex_visitor=1"}
        assert client.get("/", headers=headers).text == "done"
