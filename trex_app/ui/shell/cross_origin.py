"""Takes away Reflex's own CORS headers, which know origins of the settings only."""

from typing import Any

import reflex as rx


def leave_cors_to_the_api() -> None:
    """Have Reflex add no CORS middleware. To be called before the app is made.

    It puts one around everything, with cookies allowed: tenants' preflights would be refused
    there, and an answer that another site may read without cookies would allow them after all.
    Its own addresses are for pages of our own origin, which needs no CORS.
    """
    rx.App._add_cors = _add_nothing  # noqa: SLF001 - there is no setting for it


def _add_nothing(api: Any) -> None:
    """In place of a middleware."""
