"""Who sits at a page, as the services want to know it."""

from reflex.istate.data import RouterData

from trex_app.core.embedding import HEADER, Embedding, embedding_from
from trex_app.core.errors import Forbidden
from trex_app.core.settings import get_settings
from trex_app.core.visitor import framed_visitor_of, visitor_of
from trex_app.display.addresses import is_embedded_page, locale_of
from trex_app.services.views import Caller


def caller_of(router: RouterData) -> Caller:
    """The visitor of the httpOnly cookie that came with the socket's handshake.

    Where no cookie can be (blocked, or the development server's own pages), the tab's random
    token stands in: it lives as long as the tab. Raises Forbidden for a page made to be framed
    whose socket was opened without a ticket.
    """
    is_secure = get_settings().has_secure_cookies
    cookies, locale = router.headers.cookie, locale_of(router.url.path)
    embedding = embedding_of(router)
    if embedding is None:
        if is_embedded_page(router.url.path):
            raise Forbidden
        visitor = visitor_of(cookies, is_secure=is_secure) or router.session.client_token
        return Caller(visitor=visitor, locale=locale)
    visitor = framed_visitor_of(cookies, is_secure=is_secure) or router.session.client_token
    return Caller(
        visitor=visitor,
        locale=locale,
        tenant=embedding.tenant_id,
        session_key=embedding.session_key,
    )


def embedding_of(router: RouterData) -> Embedding | None:
    """Whose frame the page stands in; None for a page of its own."""
    return embedding_from(router.headers.raw_headers.get(HEADER))
