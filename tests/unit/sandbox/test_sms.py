"""Short messages in Twilio's shape."""

import httpx
import pytest

from tests.unit.sandbox.examples import ACCOUNT, Received, send_sms

MESSAGES = f"/2010-04-01/Accounts/{ACCOUNT}/Messages.json"
AUTH = (ACCOUNT, "token")


def test_a_message_is_queued(partners: httpx.Client, received: Received) -> None:
    answer = send_sms(partners, Body="Hällo")
    assert answer.status_code == 201
    message = answer.json()
    assert message["sid"].startswith("SM")
    assert len(message["sid"]) == 34
    assert message["uri"] == f"/2010-04-01/Accounts/{ACCOUNT}/Messages/{message['sid']}.json"
    told = {name: message[name] for name in ("to", "from", "body", "status", "date_created")}
    assert told == {
        "to": "+13125550123",
        "from": "+13125550100",
        "body": "Hällo",
        "status": "queued",
        "date_created": "Mon, 03 Nov 2025 09:30:00 +0000",
    }
    [entry] = received("sms")
    assert entry["body"] == {"To": "+13125550123", "From": "+13125550100", "Body": "Hällo"}
    assert partners.get(message["uri"], auth=AUTH).json() == message


def test_messages_are_listed_newest_first_by_page(partners: httpx.Client) -> None:
    for number in range(3):
        send_sms(partners, Body=str(number))
    first = partners.get(MESSAGES, params={"PageSize": 2}, auth=AUTH).json()
    assert [message["body"] for message in first["messages"]] == ["2", "1"]
    second = partners.get(first["next_page_uri"], auth=AUTH).json()
    assert [message["body"] for message in second["messages"]] == ["0"]
    assert second["next_page_uri"] is None


def test_another_account_sees_nothing(partners: httpx.Client) -> None:
    sid = send_sms(partners).json()["sid"]
    other = "AC" + "1" * 32
    address = f"/2010-04-01/Accounts/{other}"
    assert partners.get(f"{address}/Messages.json", auth=(other, "x")).json()["messages"] == []
    assert partners.get(f"{address}/Messages/{sid}.json", auth=(other, "x")).status_code == 404


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"To": ""}, 21604),
        ({"To": "312 555 0123"}, 21211),
        ({"From": ""}, 21603),
        ({"From": "A name that is too long"}, 21212),
        ({"Body": ""}, 21602),
        ({"Body": "x" * 1_601}, 21617),
    ],
)
def test_a_wrong_message_is_refused_with_twilios_code(
    partners: httpx.Client, changes: dict[str, str], code: int
) -> None:
    answer = send_sms(partners, **changes)
    assert answer.status_code == 400
    assert (answer.json()["code"], answer.json()["status"]) == (code, 400)
    assert answer.json()["more_info"].endswith(f"/errors/{code}")


def test_a_name_may_send(partners: httpx.Client) -> None:
    assert send_sms(partners, From="T Rex 1").status_code == 201


@pytest.mark.parametrize(
    "authorization",
    [
        "",
        f"Bearer {ACCOUNT}",
        "Basic %%%",
        "Basic \u00e9",
        httpx.BasicAuth(ACCOUNT, "")._auth_header,
        httpx.BasicAuth("AC" + "1" * 32, "token")._auth_header,
    ],
)
def test_nobody_sends_for_another(partners: httpx.Client, authorization: str) -> None:
    headers = [(b"Authorization", authorization.encode("latin-1"))]
    answer = partners.post(MESSAGES, data={"To": "+13125550123"}, headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (401, 20003)
