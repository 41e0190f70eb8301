"""Fresh databases, and whole installations spoken to over HTTP without a socket."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
import pytest_asyncio
from fastapi import FastAPI

from tests.installation import TestSettings
from tests.integration.post import Post
from tests.integration.walker import Walker
from tests.integration.world import World
from trex_app.api.application import create_api
from trex_app.container import Container
from trex_app.db import migrate
from trex_app.db.transaction import Database
from trex_app.sagas import jobs

ORIGIN = "http://localhost:3000"


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def container(tmp_path_factory) -> AsyncIterator[Container]:
    settings = TestSettings(
        data_dir=tmp_path_factory.mktemp("installation"),
        requests_per_minute=1_000_000,
        starts_per_minute=1_000_000,
    )
    container = Container(settings)
    await container.open()
    yield container
    await container.close()


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def api(container: Container) -> FastAPI:
    return create_api(container)


def client_of(api: FastAPI) -> httpx.AsyncClient:
    """A client as it arrives: it has no credential yet."""
    return httpx.AsyncClient(transport=httpx.ASGITransport(api), base_url=ORIGIN)


@pytest_asyncio.fixture(loop_scope="module")
async def client(api: FastAPI) -> AsyncIterator[httpx.AsyncClient]:
    async with client_of(api) as client:
        yield client


@pytest_asyncio.fixture(loop_scope="module")
async def walker(api: FastAPI) -> AsyncIterator[Walker]:
    """Someone who has just started the entry journey."""
    async with client_of(api) as client:
        yield await Walker.start(client)


@pytest_asyncio.fixture(loop_scope="module")
async def stranger(api: FastAPI) -> AsyncIterator[Walker]:
    """Someone else, with a journey of their own."""
    async with client_of(api) as client:
        yield await Walker.start(client)


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """A database of one test alone, on each of the servers."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/trex.db"
    return request.getfixturevalue("own_postgres_url")


@pytest.fixture
def database(url: str) -> Iterator[Database]:
    """The same, with its tables and those of jobs."""
    migrate.upgrade(url)
    database = Database(url)
    jobs.prepare(database.url)
    yield database
    database.close()


@pytest_asyncio.fixture(params=["sqlite", "postgresql"], scope="module", loop_scope="module")
async def world(request: pytest.FixtureRequest, tmp_path_factory: Any) -> AsyncIterator[World]:
    data_dir: Path = tmp_path_factory.mktemp("installation")
    is_sqlite = request.param == "sqlite"
    url = f"sqlite:///{data_dir}/trex.db" if is_sqlite else request.getfixturevalue("postgres_url")
    world = World(url, data_dir)
    await world.container.open(with_jobs=False)
    yield world
    await world.container.close()


@pytest_asyncio.fixture(params=["sqlite", "postgresql"], scope="module", loop_scope="module")
async def post(request: pytest.FixtureRequest, tmp_path_factory: Any) -> AsyncIterator[Post]:
    data_dir: Path = tmp_path_factory.mktemp("installation")
    is_sqlite = request.param == "sqlite"
    url = f"sqlite:///{data_dir}/trex.db" if is_sqlite else request.getfixturevalue("postgres_url")
    post = Post(url, data_dir)
    await post.container.open(with_jobs=False)
    yield post
    await post.container.close()
