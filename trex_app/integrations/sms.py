"""Text messages, through Twilio's REST interface or a service of its shape."""

import re
from typing import Final
from urllib.parse import quote

from trex_app.core.errors import PartnerRefused
from trex_app.integrations.gateway import Gateway

PARTNER: Final = "sms"
LONGEST: Final = 1600
NO_SUCH_NUMBER: Final = 400
E164: Final = re.compile(r"\+[1-9][0-9]{6,14}")


class TwilioMessages:
    """Sends texts as `TextMessages`, from one number or sender name of an account."""

    def __init__(self, gateway: Gateway, account: str, token: str, sender: str) -> None:
        self._gateway = gateway
        self._account = account
        self._token = token
        self._sender = sender

    async def send(self, to: str, body: str, idempotency_key: str) -> None:
        """Hand the text over to a number in E.164.

        A service may know the key or not: Twilio does not, so that a text is never sent again at
        once, and is taken for sent by a 2xx, whatever else the answer says. Raises
        PartnerUnavailable; PartnerRefused also for what can be no phone number.
        """
        if not E164.fullmatch(to):
            raise PartnerRefused(PARTNER, NO_SUCH_NUMBER)
        await self._gateway.call(
            PARTNER,
            "POST",
            f"/2010-04-01/Accounts/{quote(self._account, safe='')}/Messages.json",
            form={"To": to, "From": self._sender, "Body": body[:LONGEST]},
            auth=(self._account, self._token),
            headers={"Idempotency-Key": idempotency_key},
            read=lambda _reply: None,
        )
