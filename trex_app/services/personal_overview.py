"""What is held of a person, in plain words, for a page. Credit data is named and not shown."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from trex_app.core.market import MARKET
from trex_app.core.texts import translate
from trex_app.core.values import format_date
from trex_app.db.session_store import SessionStore, StoredSession
from trex_app.db.transaction import Database, Transaction
from trex_app.engine.definition import Json
from trex_app.services.messages import Purpose
from trex_app.services.personal_records import PersonalRecords
from trex_app.services.privacy import Privacy, Who
from trex_app.services.programs import Programs
from trex_app.services.summary import summary

ZONE: Final = ZoneInfo(MARKET.time_zone)


@dataclass(frozen=True, slots=True)
class Line:
    """One thing that is held: what it is called, and what it says."""

    label: str
    value: str


@dataclass(frozen=True, slots=True)
class Section:
    """What is held of one journey, or of one kind of thing."""

    title: str
    lines: tuple[Line, ...]


def spoken_time(moment: datetime | str, locale: str) -> str:
    """A day and an hour, by the clock of the market."""
    at = datetime.fromisoformat(moment) if isinstance(moment, str) else moment
    local = at.astimezone(ZONE)
    return f"{format_date(local.date(), locale)}, {local:%H:%M %Z}"


class PersonalOverview:
    """Says what is held of the person behind a link."""

    def __init__(
        self,
        database: Database,
        store: SessionStore,
        programs: Programs,
        privacy: Privacy,
        records: PersonalRecords,
    ) -> None:
        self._database = database
        self._store = store
        self._programs = programs
        self._privacy = privacy
        self._records = records

    async def behind_link(self, token: str, locale: str) -> list[Section]:
        """Section by section, in a language. Raises LinkRefused."""
        sections: list[Section] = []
        for session_id in await self._privacy.sessions_of(Who(link=token)):
            sections += await self._of_session(session_id, locale)
        return sections

    async def _of_session(self, session_id: str, locale: str) -> list[Section]:
        def work(tx: Transaction) -> tuple[StoredSession | None, dict[str, Json]]:
            return self._store.load(tx, session_id), self._records.of_session(tx, session_id)

        stored, held = await self._database.read(work)
        say = _Speaker(locale)
        sections = [] if stored is None else [await self._journey(stored, say)]
        sections += [
            say.section("leads", [say.lead(lead) for lead in held["leads"]]),
            say.section("credit", [say.check(check) for check in held["credit_checks"]]),
            say.section("messages", [say.message(message) for message in held["messages"]]),
        ]
        return [section for section in sections if section.lines]

    async def _journey(self, stored: StoredSession, say: "_Speaker") -> Section:
        session = stored.session
        program = await self._programs.pinned(session.workflow_hash)
        # From the far end of the path all of it is before, wherever the person looks right now.
        whole = replace(session, cursor=session.path[-1])
        begun = Line(say.begun(), spoken_time(session.created_at, say.locale))
        answers = [Line(row["label"], row["value"]) for row in summary(program, whole, say.locale)]
        return Section(translate(program.workflow.title, say.locale), (begun, *answers))


class _Speaker:
    """Says things in one language."""

    def __init__(self, locale: str) -> None:
        self.locale = locale

    def _say(self, text: str, **params: object) -> str:
        said = translate(text, self.locale)
        return said.format(**params) if params else said

    def section(self, kind: str, lines: list[Line]) -> Section:
        """A section under its title."""
        titles = {
            "leads": self._say("What you sent"),
            "credit": self._say("What the credit bureau was asked"),
            "messages": self._say("Messages to you"),
        }
        return Section(titles[kind], tuple(lines))

    def begun(self) -> str:
        """The label of when a journey began."""
        return self._say("Begun")

    def lead(self, held: dict[str, Any]) -> Line:
        """One request."""
        return Line(held["reference"], spoken_time(held["created_at"], self.locale))

    def check(self, held: dict[str, Any]) -> Line:
        """One question to the bureau."""
        answered = self._say("answered") if held["decision"] else self._say("not answered yet")
        return Line(spoken_time(held["created_at"], self.locale), answered)

    def message(self, held: dict[str, Any]) -> Line:
        """One message."""
        sent = held["sent_at"]
        if not sent:
            return Line(self._purpose(held["purpose"]), self._say("not sent"))
        way = self._say("E-mail") if held["channel"] == "email" else self._say("Text message")
        return Line(self._purpose(held["purpose"]), f"{way}, {spoken_time(sent, self.locale)}")

    def _purpose(self, purpose: str) -> str:
        names = {
            Purpose.CONFIRMATION: self._say("Confirmation"),
            Purpose.SAVE_LINK: self._say("Your way back to your journey"),
            Purpose.REMINDER: self._say("Reminder"),
            Purpose.BUYER_INVITATION: self._say("Question about financing"),
            Purpose.DEALER_SALE: self._say("Message to the dealer you named"),
            Purpose.SALE_CALLED_OFF: self._say("The sale is called off"),
        }
        return names.get(Purpose(purpose), self._say("News about your request"))
