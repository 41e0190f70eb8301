"""Sending the link that was saved to oneself."""

from typing import Final

import reflex as rx

from trex_app.container import get_container
from trex_app.core.errors import Forbidden, RateLimited, Unavailable, ValidationFailed
from trex_app.display.addresses import locale_of
from trex_app.display.faults import sentence
from trex_app.services.mailed_links import check_address
from trex_app.ui.state.event_limit import admit_mail
from trex_app.ui.state.journey import JourneyState
from trex_app.ui.state.visitor import caller_of

LINK_EMAIL: Final = "link_email"


class MailedLinkState(rx.State):
    """What the form beside the saved link binds to."""

    sent_link: str = ""
    """The link that was sent last: while another one is on display, nothing was."""
    fault: str = ""

    @rx.var
    def is_offered(self) -> bool:
        """Whether mail can be sent at all."""
        return get_container().mailed_links.is_offered

    @rx.event
    async def send(self, address: str) -> None:
        """Send the link that is on display to an address, which is not kept."""
        self.fault, self.sent_link = "", ""
        journey = await self.get_state(JourneyState)
        token = journey.resume_address.rpartition("/")[2]
        locale = locale_of(self.router.url.path)
        links = get_container().mailed_links
        try:
            check_address(address)
            await admit_mail(await links.limits_of(token, address))
            await links.send(caller_of(self.router), token, address, locale)
        except ValidationFailed as error:
            self.fault = sentence(error.errors[0], locale)
        except (Forbidden, RateLimited, Unavailable) as error:
            self.fault = sentence(error, locale)
        else:
            self.sent_link = journey.resume_address
