"""Sends messages: one try over one channel at a time, then notes how it went."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Final

import structlog

from trex_app.core.clock import Clock
from trex_app.core.errors import PartnerRefused, Unavailable
from trex_app.core.telemetry import MESSAGES
from trex_app.db.transaction import Database, Transaction
from trex_app.messaging import events
from trex_app.ports import Mailer, TextMessages
from trex_app.services.contacts import Channel
from trex_app.services.letters import Facts, compose, mail_of, text_message_of
from trex_app.services.messages import NOT_CONFIGURED, WAITING, Message, Messages
from trex_app.services.personal_links import PersonalLinks
from trex_app.services.quiet_hours import QuietHours

FIRST_DELAY: Final = timedelta(seconds=30)
LONGEST_DELAY: Final = timedelta(hours=1)
DOUBLINGS_MAX: Final = 8
TRIES_MAX: Final = 72
"""About three days; what has not gone out by then has failed for good."""
TRIES_BEFORE_ANOTHER_CHANNEL: Final = 6
"""About a quarter of an hour: nobody waits longer for mail who may be sent a text as well."""
AT_ONCE: Final = timedelta(0)

log = structlog.get_logger(__name__)


class MessageDelivery:
    """Hands messages to the partners that carry them. A channel without one is not configured."""

    def __init__(
        self,
        database: Database,
        messages: Messages,
        links: PersonalLinks,
        clock: Clock,
        quiet_hours: QuietHours,
        mailer: Mailer | None = None,
        text_messages: TextMessages | None = None,
    ) -> None:
        self._database = database
        self._messages = messages
        self._links = links
        self._clock = clock
        self._quiet_hours = quiet_hours
        self._mailer = mailer
        self._text_messages = text_messages

    @property
    def channels(self) -> frozenset[Channel]:
        """The channels that are configured."""
        partners: Mapping[Channel, object] = {
            Channel.EMAIL: self._mailer,
            Channel.SMS: self._text_messages,
        }
        return frozenset(channel for channel, partner in partners.items() if partner is not None)

    async def attempt(self, message_id: str, round: int) -> None:
        """Try to send a message over its present channel, and note the outcome.

        A repeat of a round that was noted does nothing. One that fell between sending and noting
        sends again, under the same id.
        """
        message = await self._database.read(lambda tx: self._messages.open(tx, message_id, round))
        if message is None:
            return
        if message.channel not in self.channels:
            reason = NOT_CONFIGURED.format(channel=message.channel)
            await self._database.write(lambda tx: self._give_up_channel(tx, message, reason))
        elif (wait := self._quiet_time(message.channel)) is not None:
            await self._database.write(
                lambda tx: self._messages.go_on(tx, message, wait, status=WAITING)
            )
        else:
            await self._send(message)

    def resume(self) -> int:
        """Go on with messages whose channel there is by now; how many those were.

        Each transaction takes a few, so that others are not kept waiting.
        """
        total, since = 0, self._clock()
        while some := self._database.write_sync(
            lambda tx: self._messages.resume(tx, self.channels, since)
        ):
            total += some
        return total

    def _quiet_time(self, channel: Channel) -> timedelta | None:
        """How long a text message has to wait for the end of the quiet hours."""
        now = self._clock()
        end = self._quiet_hours.end_of(now) if channel is Channel.SMS else None
        return end - now if end is not None else None

    async def _send(self, message: Message) -> None:
        try:
            await self._hand_over(message)
        except Unavailable as error:
            delay = _delay_after(message.attempts, getattr(error, "retry_after_seconds", None))
            await self._database.write(lambda tx: self._try_later(tx, message, delay))
        except PartnerRefused as error:
            reason = f"{message.channel}_refused_{error.partner_status}"
            await self._database.write(lambda tx: self._give_up_channel(tx, message, reason))
        else:
            await self._database.write(lambda tx: self._note_sent(tx, message))

    def _note_sent(self, tx: Transaction, message: Message) -> None:
        if not self._messages.note_sent(tx, message):
            return
        sent = events.MessageSent(
            message.message_id,
            message.purpose.value,
            message.channel.value,
            message.lead_key,
            message.session_id,
        )
        events.record(tx, sent, now=self._clock())
        _count(message, "sent")

    async def _hand_over(self, message: Message) -> None:
        letter = compose(self._facts(message))
        to = message.addresses[message.channel]
        if message.channel is Channel.EMAIL and self._mailer is not None:
            message_id = f"<{message.message_id}@{self._links.host}>"
            await self._mailer.send(mail_of(letter, message_id, to))
        elif self._text_messages is not None:
            await self._text_messages.send(to, text_message_of(letter), message.message_id)

    def _facts(self, message: Message) -> Facts:
        reference = str(message.values.get("reference") or "")
        if message.lead_key is None:
            return Facts(message.purpose, message.locale, message.name, message.values)
        of_lead = (reference, message.lead_key)
        return Facts(
            message.purpose,
            message.locale,
            message.name,
            message.values,
            reference=reference,
            status_url=self._links.to_status(*of_lead, message.locale, message.created_at),
            data_url=self._links.to_data(
                *of_lead, message.channel, message.locale, message.created_at
            ),
        )

    def _try_later(self, tx: Transaction, message: Message, delay: timedelta) -> None:
        tries = message.attempts + 1
        reason = f"{message.channel}_unavailable"
        is_over = tries >= TRIES_MAX
        if is_over or (tries >= TRIES_BEFORE_ANOTHER_CHANNEL and self._has_another(message)):
            self._give_up_channel(tx, message, reason)
            return
        self._messages.go_on(tx, message, delay, attempts=tries, error=reason)
        _count(message, "delayed")

    def _has_another(self, message: Message) -> bool:
        """Whether the next channel that the person agreed to would take the message now."""
        return any(
            channel in self.channels and self._quiet_time(channel) is None
            for channel in _later_channels(message)[:1]
        )

    def _give_up_channel(self, tx: Transaction, message: Message, reason: str) -> None:
        """Go on with the next channel that the person agreed to; without one, park."""
        later = _later_channels(message)
        if later:
            self._messages.go_on(
                tx, message, AT_ONCE, channel=later[0].value, attempts=0, error=reason
            )
            _count(message, "other_channel")
            return
        self._messages.park(tx, message, reason)
        _count(message, "parked")
        log.warning("message_parked", message_id=message.message_id, reason=reason)


def _later_channels(message: Message) -> tuple[Channel, ...]:
    """The channels that the person agreed to and that were not tried yet."""
    return message.channels[message.channels.index(message.channel) + 1 :]


def _delay_after(tries: int, asked_seconds: float | None) -> timedelta:
    """Half a minute, doubled with each try; longer where the partner asked for it."""
    own = min(FIRST_DELAY * 2 ** min(tries, DOUBLINGS_MAX), LONGEST_DELAY)
    return max(own, timedelta(seconds=asked_seconds or 0))


def _count(message: Message, outcome: str) -> None:
    MESSAGES.labels(message.purpose.value, message.channel.value, outcome).inc()
