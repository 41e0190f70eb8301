"""Mail as it leaves: no text becomes a header, and SMTP's words are understood."""

from email import message_from_bytes, policy
from typing import Any

import aiosmtplib
import pytest

from tests.contract.partners.installations import NOW, a_mail
from trex_app.core.errors import PartnerRefused, PartnerUnavailable, SettingsInvalid
from trex_app.integrations.gateway import Gateway, PartnerPolicy
from trex_app.integrations.mail import MailServer, SmtpMailer

SERVER = MailServer("127.0.0.1", 25, "smtp")


@pytest.fixture
def gateway() -> Gateway:
    return Gateway({"email": PartnerPolicy(retries=0)})


@pytest.fixture
def handed_over(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """What is given to a mail server that takes everything."""
    messages: list[Any] = []

    async def take(*_: Any, **__: Any) -> None:
        return None

    async def send(_client: Any, message: Any, **_: Any) -> None:
        messages.append(message_from_bytes(message.as_bytes(), policy=policy.default))

    monkeypatch.setattr(aiosmtplib.SMTP, "connect", take)
    monkeypatch.setattr(aiosmtplib.SMTP, "quit", take)
    monkeypatch.setattr(aiosmtplib.SMTP, "send_message", send)
    return messages


def mailer(gateway: Gateway, sender: str = "T-Rex <mail@journeys.example>") -> SmtpMailer:
    return SmtpMailer(gateway, SERVER, sender, lambda: NOW)


async def test_a_mail_has_both_forms_and_keeps_its_id(
    gateway: Gateway, handed_over: list[Any]
) -> None:
    await mailer(gateway).send(a_mail())
    [message] = handed_over
    assert message.get_content_type() == "multipart/alternative"
    assert [part.get_content_type() for part in message.iter_parts()] == ["text/plain", "text/html"]
    assert message["Message-ID"] == "<confirmation-1@journeys.example>"
    assert message["From"] == "T-Rex <mail@journeys.example>"
    assert message["Date"] == "Sun, 01 Mar 2026 12:00:00 +0000"
    assert (message["Content-Language"], message["Auto-Submitted"]) == ("de", "auto-generated")


@pytest.mark.parametrize(
    "subject", ["Hi\r\nBcc: eve@example.com", "Hi\nBcc: e@e.e", "Hi\x85Bcc: e"]
)
async def test_a_subject_adds_no_header(
    gateway: Gateway, handed_over: list[Any], subject: str
) -> None:
    await mailer(gateway).send(a_mail(subject=subject, locale="de\r\nBcc: eve@example.com"))
    [message] = handed_over
    assert message["Bcc"] is None
    assert message["Subject"].startswith("Hi Bcc: e")


@pytest.mark.parametrize(
    "to",
    [
        "",
        "ada",
        "ada@example.com\r\nBcc: eve@example.com",
        "ada@example.com, eve@example.com",
        "Ada <ada@example.com>",
        "ada@example.com\x00",
    ],
)
async def test_what_is_not_one_address_is_refused(gateway: Gateway, to: str) -> None:
    with pytest.raises(PartnerRefused):
        await mailer(gateway).send(a_mail(to=to))


async def test_a_bare_id_becomes_one_of_the_senders_host(
    gateway: Gateway, handed_over: list[Any]
) -> None:
    await mailer(gateway).send(a_mail(message_id="confirmation-1"))
    assert handed_over[0]["Message-ID"] == "<confirmation-1@journeys.example>"


async def test_an_id_that_is_none_is_refused(gateway: Gateway) -> None:
    with pytest.raises(PartnerRefused):
        await mailer(gateway).send(a_mail(message_id="<a@b>\r\nBcc: eve@example.com"))


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        (aiosmtplib.SMTPDataError(554, "no"), PartnerRefused),
        (
            aiosmtplib.SMTPRecipientsRefused(
                [aiosmtplib.SMTPRecipientRefused(550, "no such user", "ada@example.com")]
            ),
            PartnerRefused,
        ),
        (aiosmtplib.SMTPDataError(451, "later"), PartnerUnavailable),
        (
            aiosmtplib.SMTPRecipientsRefused(
                [aiosmtplib.SMTPRecipientRefused(450, "busy", "ada@example.com")]
            ),
            PartnerUnavailable,
        ),
        (aiosmtplib.SMTPAuthenticationError(535, "wrong password"), PartnerUnavailable),
        (aiosmtplib.SMTPServerDisconnected("gone"), PartnerUnavailable),
        (aiosmtplib.SMTPReadTimeoutError("slow"), PartnerUnavailable),
        (aiosmtplib.SMTPNotSupported("SMTPUTF8"), PartnerRefused),
        (ConnectionResetError(), PartnerUnavailable),
    ],
    ids=lambda value: str(value)[:40],
)
async def test_what_a_server_says_is_for_good_or_for_now(
    gateway: Gateway,
    handed_over: list[Any],
    monkeypatch: pytest.MonkeyPatch,
    said: Exception,
    expected: type[Exception],
) -> None:
    async def refuse(*_: Any, **__: Any) -> None:
        raise said

    monkeypatch.setattr(aiosmtplib.SMTP, "send_message", refuse)
    with pytest.raises(expected):
        await mailer(gateway).send(a_mail())


async def test_a_password_that_is_not_taken_opens_no_breaker(
    gateway: Gateway, handed_over: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    async def refuse(*_: Any, **__: Any) -> None:
        raise aiosmtplib.SMTPAuthenticationError(535, "wrong password")

    monkeypatch.setattr(aiosmtplib.SMTP, "connect", refuse)
    for _ in range(10):
        with pytest.raises(PartnerUnavailable) as failed:
            await mailer(gateway).send(a_mail())
        assert failed.value.reason == "unauthorised"


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("smtp://mail.example", MailServer("mail.example", 25, "smtp")),
        ("smtps://mail.example", MailServer("mail.example", 465, "smtps")),
        (
            "smtp+starttls://ada:p%40ss@mail.example:2525",
            MailServer("mail.example", 2525, "smtp+starttls", "ada", "p@ss"),
        ),
    ],
)
def test_a_url_says_how_mail_is_handed_over(url: str, expected: MailServer) -> None:
    assert MailServer.parse(url) == expected


@pytest.mark.parametrize("url", ["", "mail.example", "http://mail.example", "smtp://:x@:99999"])
def test_a_url_of_no_mail_server_is_refused_without_repeating_it(url: str) -> None:
    with pytest.raises(SettingsInvalid) as refused:
        MailServer.parse(url)
    assert "TREX_SMTP_URL" in refused.value.message


def test_a_password_is_in_no_representation() -> None:
    assert "secret" not in repr(MailServer.parse("smtp://ada:secret@mail.example"))


@pytest.mark.parametrize("sender", ["nobody", "a@b\r\nBcc: c@d", "<>"])
def test_a_sender_that_is_no_address_is_refused(gateway: Gateway, sender: str) -> None:
    with pytest.raises(SettingsInvalid):
        mailer(gateway, sender)
