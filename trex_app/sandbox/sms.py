"""Short messages in the shape of Twilio's REST API."""

import base64
import re
from collections.abc import Mapping
from datetime import datetime
from email.utils import format_datetime
from typing import Any, Final
from urllib.parse import parse_qsl
from uuid import uuid4

from trex_app.sandbox.ledger import Entry
from trex_app.sandbox.wire import Answer, Call, Door, Refused, whole_number

BODY_LIMIT: Final = 1_600
PAGE_SIZE: Final = 50
PAGE_SIZE_LIMIT: Final = 1_000
_E164: Final = re.compile(r"\+[1-9][0-9]{6,14}", re.ASCII)
_SENDER_NAME: Final = re.compile(r"[A-Za-z0-9 ]{1,11}", re.ASCII)
_ACCOUNT: Final = re.compile(r"AC[0-9a-fA-F]{32}", re.ASCII)
_API: Final = "/2010-04-01/Accounts/{sid}"
_SEGMENT: Final = 160
_FORM: Final = "application/x-www-form-urlencoded"


class Sms:
    """Takes short messages, and lists them."""

    name = "sms"

    def __init__(self) -> None:
        self._messages: list[dict[str, Any]] = []
        self.doors = (
            Door("POST", f"{_API}/Messages.json", self._send, body_of=_form),
            Door("GET", f"{_API}/Messages.json", self._list),
            Door("GET", f"{_API}/Messages/{{message_sid}}.json", self._show),
        )

    def absorb(self, entry: Entry) -> None:
        """Keep the message."""
        if entry.method == "POST":
            self._messages.append(entry.first_answer().data())

    def forget(self) -> None:
        """Forget every message."""
        self._messages.clear()

    def _send(self, call: Call) -> Answer:
        account = _account(call)
        form = _form(call)
        _check(form)
        return Answer.of(201, _message(account, form, call.at))

    def _list(self, call: Call) -> Answer:
        account = _account(call)
        size = whole_number(call.query, "PageSize", 1, PAGE_SIZE_LIMIT, PAGE_SIZE) or PAGE_SIZE
        page = whole_number(call.query, "Page", 0, 1_000_000, 0) or 0
        own = [m for m in reversed(self._messages) if m["account_sid"] == account]
        has_more = len(own) > (page + 1) * size

        def at(number: int) -> str:
            return f"{call.path}?PageSize={size}&Page={number}"

        return Answer.of(
            200,
            {
                "messages": own[page * size : (page + 1) * size],
                "page": page,
                "page_size": size,
                "start": page * size,
                "end": min(len(own), (page + 1) * size) - 1,
                "uri": at(page),
                "first_page_uri": at(0),
                "next_page_uri": at(page + 1) if has_more else None,
                "previous_page_uri": at(page - 1) if page else None,
            },
        )

    def _show(self, call: Call) -> Answer:
        account = _account(call)
        wanted = (call.params["message_sid"], account)
        for message in self._messages:
            if (message["sid"], message["account_sid"]) == wanted:
                return Answer.of(200, message)
        raise _refused(404, 20404, f"The requested resource {call.path} was not found")


def _refused(status: int, code: int, message: str) -> Refused:
    """A refusal as Twilio writes it."""
    more = f"https://www.twilio.com/docs/errors/{code}"
    data = {"code": code, "message": message, "more_info": more, "status": status}
    return Refused(Answer.of(status, data))


def _account(call: Call) -> str:
    """The account that the call is allowed for. Raises Refused."""
    account = call.params["sid"]
    scheme, _, coded = call.headers.get("authorization", "").partition(" ")
    try:
        user, _, token = base64.b64decode(coded, validate=True).decode().partition(":")
    except ValueError:
        user = token = ""
    is_let_in = scheme.lower() == "basic" and user == account and bool(token)
    if not is_let_in or not _ACCOUNT.fullmatch(account):
        raise _refused(401, 20003, "Authenticate")
    return account


def _form(call: Call) -> dict[str, str]:
    media_type = call.headers.get("content-type", "").partition(";")[0].strip().lower()
    text = call.body.decode("utf-8", "replace") if media_type == _FORM else ""
    return dict(parse_qsl(text, keep_blank_values=True, max_num_fields=100))


def _check(form: Mapping[str, str]) -> None:
    to, sender, body = (form.get(name, "") for name in ("To", "From", "Body"))
    if not to:
        raise _refused(400, 21604, "A 'To' phone number is required.")
    if not _E164.fullmatch(to):
        raise _refused(400, 21211, f"The 'To' number {to} is not a valid phone number.")
    if not sender:
        raise _refused(400, 21603, "A 'From' phone number is required.")
    if not (_E164.fullmatch(sender) or _SENDER_NAME.fullmatch(sender)):
        raise _refused(400, 21212, f"The 'From' number {sender} is not a valid phone number.")
    if not body:
        raise _refused(400, 21602, "Message body is required.")
    if len(body) > BODY_LIMIT:
        limit = f"{BODY_LIMIT} character limit"
        raise _refused(400, 21617, f"The concatenated message body exceeds the {limit}.")


def _message(account: str, form: Mapping[str, str], at: datetime) -> dict[str, Any]:
    sid = f"SM{uuid4().hex}"
    address = f"/2010-04-01/Accounts/{account}/Messages/{sid}"
    date = format_datetime(at)
    return {
        "sid": sid,
        "account_sid": account,
        "api_version": "2010-04-01",
        "to": form["To"],
        "from": form["From"],
        "body": form["Body"],
        "status": "queued",
        "direction": "outbound-api",
        "num_segments": str(-(-len(form["Body"]) // _SEGMENT)),
        "num_media": "0",
        "price": None,
        "price_unit": "USD",
        "error_code": None,
        "error_message": None,
        "messaging_service_sid": None,
        "date_created": date,
        "date_updated": date,
        "date_sent": None,
        "uri": f"{address}.json",
        "subresource_uris": {"media": f"{address}/Media.json"},
    }
