"""Mail over real SMTP, and what can go wrong with it."""

import logging
import smtplib
from collections.abc import Callable, Iterator
from email.message import EmailMessage
from urllib.parse import urlsplit

import pytest

from tests.unit.sandbox.conftest import Time
from tests.unit.sandbox.examples import Received
from trex_app.sandbox.inside import InsideSandbox

SetFault = Callable[..., None]


def letter(key: str | None = "<1@trex.example>") -> EmailMessage:
    message = EmailMessage()
    message["From"] = "T-Rex <trex@example.com>"
    message["To"] = "ada@example.com"
    message["Subject"] = "Ihre Anfrage für morgen"
    if key:
        message["Message-ID"] = key
    message.set_content("Guten Tag, schön, dass Sie da sind.\n")
    message.add_alternative("<p>Guten Tag, <b>schön</b>.</p>\n", subtype="html")
    return message


@pytest.fixture
def smtp(sandbox: InsideSandbox) -> Iterator[smtplib.SMTP]:
    address = urlsplit(sandbox.smtp_address)
    client = smtplib.SMTP(address.hostname or "", address.port or 0, timeout=60)
    yield client
    client.close()


def test_text_and_html_are_read(smtp: smtplib.SMTP, received: Received) -> None:
    assert smtp.send_message(letter()) == {}
    [entry] = received("email")
    assert (entry["method"], entry["path"]) == ("DATA", "ada@example.com")
    assert (entry["idempotency_key"], entry["repeat"]) == ("<1@trex.example>", False)
    body = entry["body"]
    assert (body["from"], body["to"]) == ("trex@example.com", ["ada@example.com"])
    assert body["subject"] == "Ihre Anfrage für morgen"
    assert body["text"] == "Guten Tag, schön, dass Sie da sind.\n"
    assert body["html"] == "<p>Guten Tag, <b>schön</b>.</p>\n"
    assert body["headers"]["To"] == "ada@example.com"


def test_a_known_message_id_is_taken_and_marked(smtp: smtplib.SMTP, received: Received) -> None:
    for key in ("<1@trex.example>", "<1@trex.example>", None, None):
        smtp.send_message(letter(key))
    repeats = [entry["repeat"] for entry in received("email")]
    assert repeats == [False, True, False, False]


def test_anybody_may_log_in(smtp: smtplib.SMTP, received: Received) -> None:
    assert smtp.login("somebody", "something")[0] == 235
    smtp.send_message(letter())
    assert len(received("email")) == 1


def test_a_character_set_that_nobody_knows_loses_no_mail(
    smtp: smtplib.SMTP, received: Received
) -> None:
    raw = b"Subject: \xff\r\nContent-Type: text/plain; charset=klingon\r\n\r\nHello\r\n"
    smtp.sendmail("a@example.com", ["b@example.com"], raw)
    assert "Hello" in received("email")[0]["body"]["text"]


def test_an_error_is_an_smtp_status_and_the_connection_lives_on(
    smtp: smtplib.SMTP, received: Received, set_fault: SetFault
) -> None:
    set_fault("email", kind="error", count=1)
    with pytest.raises(smtplib.SMTPDataError) as caught:
        smtp.send_message(letter())
    assert caught.value.smtp_code == 451
    assert received("email") == []
    smtp.send_message(letter())
    assert [entry["repeat"] for entry in received("email")] == [False]


def test_another_status_can_be_asked_for(smtp: smtplib.SMTP, set_fault: SetFault) -> None:
    set_fault("email", kind="error", status=554)
    with pytest.raises(smtplib.SMTPDataError) as caught:
        smtp.send_message(letter())
    assert caught.value.smtp_code == 554


def test_latency_takes_the_mail_later(
    smtp: smtplib.SMTP, received: Received, set_fault: SetFault, time: Time
) -> None:
    set_fault("email", kind="latency", latency_ms=1_500)
    smtp.send_message(letter())
    assert time.pauses == [1.5]
    assert len(received("email")) == 1


@pytest.mark.parametrize(("when", "arrived"), [("before", 0), ("after", 1)])
def test_drop_closes_the_connection(
    smtp: smtplib.SMTP, received: Received, set_fault: SetFault, when: str, arrived: int
) -> None:
    set_fault("email", kind="drop", when=when)
    with pytest.raises(smtplib.SMTPServerDisconnected):
        smtp.send_message(letter())
    assert len(received("email")) == arrived


@pytest.mark.parametrize(("when", "arrived"), [("before", 0), ("after", 1)])
def test_hang_says_nothing_any_more(
    smtp: smtplib.SMTP,
    received: Received,
    set_fault: SetFault,
    wait_for_hit: Callable[[str], None],
    when: str,
    arrived: int,
) -> None:
    set_fault("email", kind="hang", when=when)
    assert smtp.sock is not None
    smtp.ehlo()
    smtp.mail("trex@example.com")
    smtp.rcpt("ada@example.com")
    smtp.docmd("DATA")
    smtp.send(letter().as_bytes() + b"\r\n.\r\n")
    wait_for_hit("email")
    assert len(received("email")) == arrived
    smtp.sock.settimeout(0.2)
    with pytest.raises(smtplib.SMTPServerDisconnected, match="timed out"):
        smtp.getreply()


def test_no_address_gets_into_the_log(smtp: smtplib.SMTP, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    smtp.send_message(letter())
    smtp.quit()
    assert "ada@" not in caplog.text


def test_malformed_is_no_reply_but_the_mail_is_there(
    smtp: smtplib.SMTP, received: Received, set_fault: SetFault
) -> None:
    set_fault("email", kind="malformed", count=1)
    with pytest.raises(smtplib.SMTPException):
        smtp.send_message(letter())
    assert len(received("email")) == 1
