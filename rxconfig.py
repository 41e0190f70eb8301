"""How Reflex builds and serves T-Rex: settings and build plugins, nothing that defines a State."""

import os
import sysconfig

# The JavaScript runtime comes with requirements.txt, so the environment's own scripts folder goes
# first, and npm is chosen before Reflex is imported: it decides on import.
os.environ["PATH"] = sysconfig.get_path("scripts") + os.pathsep + os.environ.get("PATH", "")
os.environ.setdefault("REFLEX_USE_NPM", "1")
# In bytes, of one message over the websocket: what a request's body may have. With the default, 15
# times as much, anybody could fill the memory that holds what people typed.
os.environ.setdefault("REFLEX_SOCKET_MAX_HTTP_BUFFER_SIZE", str(64 * 1024))

import reflex as rx
from reflex.plugins import SitemapPlugin, TailwindV4Plugin

from trex_app.core.settings import get_settings
from trex_app.embed.early_answers import EarlyAnswersPlugin
from trex_app.embed.framed_pages import FramedPagesPlugin
from trex_app.embed.framed_socket import FramedSocketPlugin
from trex_app.embed.languages import LanguagePlugin
from trex_app.embed.loader import LoaderPlugin
from trex_app.embed.loading import LoadingPlugin
from trex_app.embed.manifest import ManifestPlugin
from trex_app.embed.preact import PreactPlugin
from trex_app.embed.prerender import PrerenderPlugin
from trex_app.embed.same_origin import SameOriginPlugin

settings = get_settings()

config = rx.Config(
    app_name="trex_app",
    frontend_port=settings.port,
    backend_port=settings.port,
    backend_host=settings.host,
    cors_allowed_origins=settings.origins,
    # Never the default (disk): its pickles would hold the visitor's cookie in plain text.
    state_manager_mode=rx.constants.StateManagerMode.REDIS
    if settings.redis_url
    else rx.constants.StateManagerMode.MEMORY,
    redis_url=settings.redis_url,
    # Browsers take the first that both sides know.
    frontend_compression_formats=["brotli", "gzip"],
    telemetry_enabled=False,
    show_built_with_reflex=False,
    plugins=[
        TailwindV4Plugin(),
        PreactPlugin(),
        PrerenderPlugin(),
        LoadingPlugin(),
        LanguagePlugin(),
        SameOriginPlugin(),
        FramedSocketPlugin(),
        FramedPagesPlugin(),
        EarlyAnswersPlugin(),
        LoaderPlugin(),
        # Last: it names what the others have made.
        ManifestPlugin(),
    ],
    disable_plugins=[SitemapPlugin],
)
