"""The Reflex entry: the app with its pages, its API and what runs beside them."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from functools import partial

import reflex as rx
from reflex_otel import ReflexInstrumentor

from trex_app import __version__
from trex_app.api.application import create_api
from trex_app.api.embedded_sockets import EmbeddedSockets
from trex_app.api.framing import Framing
from trex_app.api.origin_guard import OriginGuard
from trex_app.api.security_headers import (
    SecurityHeaders,
    content_security_policy,
    inline_script_hashes,
)
from trex_app.api.visitor import VisitorCookie
from trex_app.container import get_container
from trex_app.core.telemetry import configure_logging
from trex_app.core.texts import locales, translate
from trex_app.core.tracing import configure_tracing
from trex_app.display.addresses import path_in
from trex_app.ui.build import STATIC_DIR
from trex_app.ui.pages.every_page import Page, every_page
from trex_app.ui.pages.journey import tab_title
from trex_app.ui.shell.cross_origin import leave_cors_to_the_api
from trex_app.ui.shell.frontend_files import FrontendFiles
from trex_app.ui.shell.language_choice import LanguageChoice
from trex_app.ui.state.event_limit import EventLimit
from trex_app.ui.state.language import in_language
from trex_app.ui.state.notice import announce_failure, forget_page_error
from trex_app.ui.state.page_connections import PageConnections
from trex_app.ui.studio.gallery import gallery_page

container = get_container()
settings = container.settings
configure_logging(settings.log_format, settings.log_level)
if configure_tracing(settings.otlp_url, settings.role, __version__):
    ReflexInstrumentor().instrument()

PRODUCT = "T-Rex"
DESCRIPTION = "Buy or sell a vehicle, one clear step at a time."


@asynccontextmanager
async def running_container() -> AsyncGenerator[None]:
    """Open the installation's parts before the first request, and close them after the last."""
    await container.open()
    try:
        yield
    finally:
        await container.close()


def is_page(path: str) -> bool:
    """Whether an address of the default language is that of a page."""
    return app.router(path) is not None


api = create_api(container)
leave_cors_to_the_api()
app = rx.App(
    toaster=None,
    app_wraps={},
    html_lang="en",
    stylesheets=["/theme.css", "/kit.css"],
    head_components=[
        rx.el.link(rel="icon", href="/favicon.svg", type="image/svg+xml"),
        rx.el.script(src="/browser-errors.js", defer=True),
    ],
    backend_exception_handler=announce_failure,
    frontend_exception_handler=forget_page_error,
    # From the inside out: the last one sees a request first.
    api_transformer=[
        api,
        partial(FrontendFiles, static_dir=STATIC_DIR, is_page=is_page),
        partial(LanguageChoice, is_secure=settings.has_secure_cookies),
        partial(VisitorCookie, is_secure=settings.has_secure_cookies),
        partial(
            OriginGuard,
            own_origins=settings.origins,
            directory=container.tenant_directory,
            embedded=EmbeddedSockets(
                container.tickets, container.keyring, is_secure=settings.has_secure_cookies
            ),
        ),
        partial(
            SecurityHeaders,
            page_policy=content_security_policy(inline_script_hashes(STATIC_DIR)),
        ),
        partial(
            Framing,
            directory=container.tenant_directory,
            is_secure=settings.has_secure_cookies,
        ),
    ],
)
app.register_lifespan_task(running_container)
if settings.redis_url:
    PageConnections.over(settings.redis_url).watch(app)
app.add_middleware(EventLimit(api.state.limits, api.state.proxies))


def add_page(page: Page, locale: str) -> None:
    """Add a page in one language, at an address of its own."""
    named = f"{translate(page.title, locale)} · {PRODUCT}" if page.title else PRODUCT
    if page.shows_journey:
        named = in_language(locale, tab_title, named, *page.given)()
    app.add_page(
        in_language(locale, page.draw, *page.given),
        route=path_in(locale, page.path),
        title=named,
        description=translate(DESCRIPTION, locale),
        image="",
        on_load=page.on_load,
    )


for language in locales():
    for page in every_page(language):
        add_page(page, language)
if settings.is_development:
    app.add_page(gallery_page, route="/studio/gallery", title=f"UI kit · {PRODUCT}", image="")
