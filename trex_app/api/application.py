"""The API as one application: alone on a port, or with Reflex's pages mounted into it."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from functools import partial

from fastapi import FastAPI, Request
from starlette.exceptions import HTTPException
from starlette.routing import BaseRoute, Match

from trex_app import __version__
from trex_app.api import (
    browser_errors,
    documentation,
    embed,
    leads,
    probes,
    problems,
    webhooks,
    workflow,
)
from trex_app.api.body_limit import BodyLimit
from trex_app.api.client_address import TrustedProxies
from trex_app.api.cross_origin import CrossOrigin
from trex_app.api.error_boundary import ErrorBoundary
from trex_app.api.framing import Framing, frame_ancestors
from trex_app.api.layers import ApiLayers, Layer, is_api_path
from trex_app.api.plain import routes as plain
from trex_app.api.plain.policy import content_policy
from trex_app.api.plain.troubles import trouble_of
from trex_app.api.rate_limit import RateLimit, RateLimits
from trex_app.api.request_log import METHODS, RequestLog
from trex_app.api.security_headers import SecurityHeaders, content_security_policy
from trex_app.container import Container
from trex_app.display.addresses import is_plain_html

ROUTERS = (
    workflow.router,
    leads.router,
    embed.router,
    browser_errors.router,
    webhooks.router,
    probes.router,
    documentation.router,
    *plain.ROUTERS,
)
"""Whoever adds addresses adds a router here."""


def create_api(container: Container) -> FastAPI:
    """The whole API over one container.

    Served alone, it opens and closes the container. Mounted, its lifespan is never run, so the
    outer application does that.
    """

    @asynccontextmanager
    async def lifespan(_api: FastAPI) -> AsyncGenerator[None]:
        await container.open()
        try:
            yield
        finally:
            await container.close()

    api = FastAPI(
        title="T-Rex workflow API",
        version=__version__,
        openapi_url=None,
        docs_url=None,
        redoc_url=None,
        lifespan=lifespan,
    )
    api.state.container = container
    api.state.limits = RateLimits(container.settings)
    api.state.proxies = TrustedProxies(container.settings.trusted_proxies)
    api.state.frame_ancestors = lambda request: frame_ancestors(request.scope)
    problems.install(api)
    for router in ROUTERS:
        api.include_router(router)
    _close_namespace(api)
    api.add_middleware(ApiLayers, layers=_layers(api, container), is_inside=is_api_path)
    api.add_middleware(ApiLayers, layers=_page_layers(api, container), is_inside=is_plain_html)
    document = documentation.openapi_of(api)
    api.openapi = lambda: document
    return api


def _layers(api: FastAPI, container: Container) -> tuple[Layer, ...]:
    """Outermost first."""
    return (
        RequestLog,
        partial(SecurityHeaders, page_policy=content_security_policy(())),
        partial(
            CrossOrigin,
            own_origins=container.settings.origins,
            directory=container.tenant_directory,
        ),
        ErrorBoundary,
        partial(RateLimit, limits=api.state.limits, proxies=api.state.proxies),
        BodyLimit,
    )


def _page_layers(api: FastAPI, container: Container) -> tuple[Layer, ...]:
    """The same around the plain pages, which other sites may not read and people must."""
    is_secure = container.settings.has_secure_cookies
    return (
        RequestLog,
        partial(Framing, directory=container.tenant_directory, is_secure=is_secure),
        partial(SecurityHeaders, page_policy=content_policy()),
        partial(ErrorBoundary, answer=trouble_of),
        partial(RateLimit, limits=api.state.limits, proxies=api.state.proxies),
        BodyLimit,
    )


def _close_namespace(api: FastAPI) -> None:
    """Answer for every other address under /api/, which a mounted frontend would answer else."""
    known = tuple(api.router.routes)

    @api.api_route("/api/{path:path}", methods=sorted(METHODS), include_in_schema=False)
    def refuse(request: Request, path: str) -> None:  # noqa: ARG001
        methods = _methods_at(known, request)
        if methods:
            raise HTTPException(405, headers={"Allow": ", ".join(methods)})
        raise HTTPException(404)


def _methods_at(routes: tuple[BaseRoute, ...], request: Request) -> list[str]:
    return [
        method
        for method in sorted(METHODS)
        if any(
            route.matches({**request.scope, "method": method})[0] is Match.FULL for route in routes
        )
    ]
