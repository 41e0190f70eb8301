"""Who sits at a page: in a frame, the widget of a tenant's page, and nobody without a ticket."""

from typing import Any

import pytest
from reflex.istate.data import RouterData

from trex_app.core.embedding import HEADER, Embedding
from trex_app.core.errors import Forbidden
from trex_app.core.visitor import new_visitor
from trex_app.services.sessions import owner_of
from trex_app.services.views import Caller
from trex_app.ui.state.visitor import caller_of

ACME = Embedding("acme", "https://www.acme.example", "left")


def router(path: str, **headers: str) -> RouterData:
    data: dict[str, Any] = {
        "pathname": path,
        "asPath": path,
        "headers": {"origin": "http://localhost:3000", **headers},
        "token": "tab",
    }
    return RouterData.from_router_data(data)


def test_a_page_of_its_own_has_the_visitor_of_the_cookie() -> None:
    visitor = new_visitor()
    caller = caller_of(router("/de/j/selling", cookie=f"trex_visitor={visitor}"))
    assert caller == Caller(visitor=visitor, locale="de")


def test_a_frame_has_the_visitor_of_its_own_cookie() -> None:
    visitor, elsewhere = new_visitor(), new_visitor()
    cookie = f"trex_visitor={elsewhere}; trex_framed_visitor={visitor}"
    asked = router("/embed/frame/selling", cookie=cookie, **{HEADER: ACME.as_header()})
    expected = Caller(visitor=visitor, locale="en", tenant="acme", session_key="left")
    assert caller_of(asked) == expected


def test_a_frame_without_cookies_has_the_tab() -> None:
    asked = router("/embed/frame/selling", **{HEADER: ACME.as_header()})
    assert caller_of(asked).visitor == "tab"


@pytest.mark.parametrize("path", ["/embed/frame/selling", "/de/embed/frame/selling/vehicle"])
def test_a_frame_without_a_ticket_gets_no_journey(path: str) -> None:
    with pytest.raises(Forbidden):
        caller_of(router(path, cookie=f"trex_framed_visitor={new_visitor()}"))


def test_widgets_own_journeys_apart() -> None:
    visitor = new_visitor()
    callers = [
        Caller(visitor=visitor),
        *(
            Caller(visitor=visitor, tenant=tenant, session_key=key)
            for tenant in ("acme", "other")
            for key in ("", "left", "right")
        ),
    ]
    assert len({owner_of(caller) for caller in callers}) == len(callers)


def test_a_plain_page_of_a_tenant_is_the_visitors_own() -> None:
    visitor = new_visitor()
    assert owner_of(Caller(visitor=visitor, tenant="acme")) == owner_of(Caller(visitor=visitor))
