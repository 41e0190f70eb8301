"""The API's layers stand around the API alone, in their order."""

import pytest
from starlette.testclient import TestClient
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from trex_app.api.layers import ApiLayers, is_api_path, is_limited_path


class Mark:
    """A layer that adds its name to the answer's header on the way out."""

    def __init__(self, app: ASGIApp, name: str) -> None:
        self.app = app
        self.name = name

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def marked(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message["headers"], (b"layer", self.name.encode())]
            await send(message)

        await self.app(scope, receive, marked)


async def page(scope: Scope, receive: Receive, send: Send) -> None:
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": b"page"})


@pytest.fixture
def client() -> TestClient:
    layers = [lambda app: Mark(app, "outer"), lambda app: Mark(app, "inner")]
    return TestClient(ApiLayers(page, layers=layers, is_inside=is_api_path))


@pytest.mark.parametrize("path", ["/api/workflow/start", "/api/", "/healthz", "/metrics"])
def test_the_first_layer_is_the_outermost(client: TestClient, path: str) -> None:
    assert client.get(path).headers.get_list("layer") == ["inner", "outer"]


@pytest.mark.parametrize("path", ["/", "/j/buying/intent", "/apiary", "/healthzz", "/_event"])
def test_pages_and_sockets_pass_by(client: TestClient, path: str) -> None:
    assert "layer" not in client.get(path).headers


@pytest.mark.parametrize(
    ("path", "is_limited"),
    [
        ("/api/workflow/start", True),
        ("/h", True),
        ("/h/buying/vehicle_search", True),
        ("/de/h/buying", True),
        ("/h/-/files/0123456789ab/plain.css", False),
        ("/healthz", False),
        ("/hello", False),
        ("/", False),
    ],
)
def test_people_and_programs_are_counted_files_and_probes_are_not(
    path: str, is_limited: bool
) -> None:
    assert is_limited_path(path) == is_limited
