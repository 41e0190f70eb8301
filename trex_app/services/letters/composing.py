"""Finds the words of a letter, by what it is for. No letter says anything of a credit decision."""

from collections.abc import Callable, Mapping
from typing import Final, cast

from trex_app.services.letters.letter import Action, Facts, Letter
from trex_app.services.letters.sale_letters import SALE_WRITERS, SaleWriter
from trex_app.services.letters.speaker import Speaker
from trex_app.services.messages import Purpose


def compose(facts: Facts) -> Letter:
    """The letter in the language of its facts."""
    if facts.purpose in SALE_WRITERS:
        return SALE_WRITERS[facts.purpose](SaleWriter(facts))
    return WRITERS[facts.purpose](_Writer(facts))


class _Writer(Speaker):
    """Writes to people about what they did themselves."""

    def confirmation(self) -> Letter:
        """What was sent, who has it, and what comes next."""
        reference = self.facts.reference
        return self._about_lead(
            subject=self._say("We have your request {reference}", reference=reference),
            short=self._say("We have your request {reference}.", reference=reference),
            paragraphs=(
                self._say("Thank you. Your request has arrived, and we pass it on at once."),
            ),
            steps=self._next_steps(),
        )

    def lead_cancelled(self) -> Letter:
        """A lead that was called off."""
        reference = self.facts.reference
        return self._about_lead(
            subject=self._say("Your request {reference} is cancelled", reference=reference),
            short=self._say("Your request {reference} is cancelled.", reference=reference),
            paragraphs=(
                self._say(
                    "Your request is cancelled. Dealers who had it already are told that it no "
                    "longer holds."
                ),
                self._say("You need not do anything. You can start a new request at any time."),
            ),
        )

    def lead_compensated(self) -> Letter:
        """A lead that could not be delivered, and was undone."""
        reference = self.facts.reference
        return self._about_lead(
            subject=self._say(
                "We could not complete your request {reference}", reference=reference
            ),
            short=self._say("We could not complete your request {reference}.", reference=reference),
            paragraphs=(
                self._say(
                    "We are sorry: we could not pass your request on, and have taken it back "
                    "everywhere. Nothing of it goes on, and nothing is owed."
                ),
                self._say(
                    "Please start it anew, or get in touch with your reference, and we look "
                    "into it."
                ),
            ),
        )

    def credit_decided(self) -> Letter:
        """That there is news. What it says stands behind the person's own door."""
        reference = self.facts.reference
        return self._about_lead(
            subject=self._say("There is news about your request {reference}", reference=reference),
            short=self._say("There is news about your request {reference}.", reference=reference),
            paragraphs=(
                self._say(
                    "The bureau has answered about your request. For your protection the answer is "
                    "not in this message: you find it where you started, in the same browser."
                ),
            ),
        )

    def save_link(self) -> Letter:
        """The way back that somebody had sent to themselves."""
        return Letter(
            locale=self.facts.locale,
            subject=self._say("Your way back to your journey"),
            greeting=self._greeting(),
            paragraphs=(
                self._say(
                    "You wanted to go on later. This link opens your journey where you left it."
                ),
                self._say("It works once, on any device. Whoever has it can see your answers."),
            ),
            short=self._say("Your way back to your journey:"),
            closing=self._say(
                "You get this because your address was entered to save a journey. We have used it "
                "for this message only and have already forgotten it. If that was not you, there "
                "is nothing to do."
            ),
            main=Action(self._say("Go on with my journey"), self._link()),
        )

    def reminder(self) -> Letter:
        """That a journey was left half-way."""
        return Letter(
            locale=self.facts.locale,
            subject=self._say("Your journey is still open"),
            greeting=self._greeting(),
            paragraphs=(
                self._say(
                    "You began a journey with us and have not finished it. Your answers are kept."
                ),
                self._say("If you like, go on where you left it. The link works once."),
            ),
            short=self._say("Your journey is still open:"),
            closing=self._say(
                "You get this one reminder because you agreed to it. We do not send another for "
                "the same pause."
            ),
            main=Action(self._say("Go on with my journey"), self._link()),
        )

    def _about_lead(
        self, subject: str, short: str, paragraphs: tuple[str, ...], steps: tuple[str, ...] = ()
    ) -> Letter:
        facts = self.facts
        further = (Action(self._say("Your data: see, download or erase"), facts.data_url),)
        return Letter(
            locale=facts.locale,
            subject=subject,
            greeting=self._greeting(),
            paragraphs=paragraphs,
            short=short,
            closing=self._say(
                "You get this because you sent a request with this address and agreed to be "
                "contacted about it."
            ),
            details=tuple(self._details()),
            steps_title=self._say("What happens next") if steps else "",
            steps=steps,
            main=Action(self._say("See where it stands"), facts.status_url),
            further=further if facts.data_url else (),
        )

    def _details(self) -> list[tuple[str, str]]:
        values = self.facts.values
        lines = [(self._say("Reference"), self.facts.reference)]
        if values.get("vehicle"):
            lines.append((self._say("Vehicle"), str(values["vehicle"])))
        dealers = cast("list[str]", values.get("dealers") or [])
        if dealers:
            label = self._say("Dealer") if len(dealers) == 1 else self._say("Dealers")
            lines.append((label, ", ".join(dealers)))
        return lines

    def _next_steps(self) -> tuple[str, ...]:
        kind = self.facts.values.get("kind")
        way = self._say("If somebody gets in touch, they use the way you chose.")
        papers = self._say("Keep the registration papers and both keys at hand.")
        if kind == "buying":
            return (
                self._say("The dealer checks that the vehicle is still available."),
                way,
                self._say(
                    "You agree on a test drive or a visit; nothing is binding until you sign."
                ),
            )
        if kind == "dealer_sale":
            return (
                self._say("We pass the details on to the dealer you named, by e-mail."),
                self._say("Have the dealer confirm the offer to you."),
                papers,
            )
        if kind == "dealer_network":
            return (
                self._say("The dealers look at your vehicle's details and make offers."),
                way,
                papers,
            )
        recorded = self._say("Your details are recorded under the reference above.")
        if self.facts.values.get("is_buyer_asked"):
            asked = self._say(
                "We ask the buyer about the financing by e-mail. What they answer stays with them "
                "and the credit bureau."
            )
            return (recorded, asked, way, papers)
        return (recorded, way, papers)

    def _link(self) -> str:
        return str(self.facts.values["link"])


WRITERS: Final[Mapping[Purpose, Callable[[_Writer], Letter]]] = {
    Purpose.CONFIRMATION: _Writer.confirmation,
    Purpose.LEAD_CANCELLED: _Writer.lead_cancelled,
    Purpose.LEAD_COMPENSATED: _Writer.lead_compensated,
    Purpose.SAVE_LINK: _Writer.save_link,
    Purpose.REMINDER: _Writer.reminder,
    Purpose.CREDIT_DECIDED: _Writer.credit_decided,
}
