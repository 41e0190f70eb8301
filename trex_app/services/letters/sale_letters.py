"""Letters to those whom a seller named: the dealer who buys, and the buyer who is to apply.

They did not come to us, so each says why it is written, and shows nothing behind the seller's door.
"""

from collections.abc import Callable, Mapping
from typing import Any, Final
from urllib.parse import quote

from trex_app.core.values import Money, format_number
from trex_app.services.letters.letter import Action, Letter
from trex_app.services.letters.speaker import Speaker
from trex_app.services.messages import Purpose

CONDITIONS: Final[Mapping[str, str]] = {
    "excellent": "Like new",
    "good": "Good, normal wear",
    "fair": "Fair, some repairs due",
    "poor": "Poor, or not running",
}
WAYS: Final[Mapping[str, str]] = {
    "email": "E-mail",
    "sms": "Text message",
    "phone": "Phone call",
}
"""Conditions and ways as selling names them."""


class SaleWriter(Speaker):
    """Writes about a sale to who is not its seller."""

    def buyer_invitation(self) -> Letter:
        """Who sells what for which price, and that only the buyer can apply for financing."""
        subject = self._say("Would you like to have your vehicle financed?")
        return self._letter(
            subject=subject,
            paragraphs=(
                self._who_says_so(),
                self._say(
                    "Only you can apply for it. The link leads to the question and to what the "
                    "credit bureau has to know. Nothing happens unless you agree there, and the "
                    "seller does not learn what you answer or what is decided."
                ),
                self._say("The link works once, on any device. Do not pass it on."),
            ),
            details=(
                (self._say("Vehicle"), self._text("vehicle")),
                (self._say("Agreed price"), self._money("price")),
                (self._say("Amount to be financed"), self._money("amount")),
            ),
            closing=self._say(
                "You get this because the seller gave us your address as the buyer's. We use it "
                "for this sale only. If this is not about you, there is nothing to do; what we "
                "hold of you can be erased by the second link."
            ),
            main=Action(self._say("Look at the question"), self._text("link")),
            further=(Action(self._say("Your data: see, download or erase"), self._text("data")),),
        )

    def dealer_sale(self) -> Letter:
        """What is sold for which offer, and how the seller can be reached."""
        reference = self.facts.reference
        email = self._text("email")
        return self._letter(
            subject=self._say("A vehicle is sold to you: {reference}", reference=reference),
            paragraphs=(
                self._say(
                    "A seller has told us that you buy the vehicle below, and had us pass the "
                    "details on to you."
                ),
                self._say(
                    "Please confirm your offer to the seller. The contract is between the two of "
                    "you; we take no part in it."
                ),
            ),
            details=(
                (self._say("Reference"), reference),
                (self._say("Vehicle"), self._text("vehicle")),
                (self._say("VIN"), self._text("vin")),
                (self._say("Mileage"), self._mileage()),
                (self._say("Condition"), self._named(CONDITIONS, self._text("condition"))),
                (self._say("Your offer"), self._money("price")),
                (self._say("Seller"), self._text("seller")),
                (self._say("E-mail"), email),
                (self._say("Phone"), self._text("phone")),
                (self._say("Postal code"), self._text("postal_code")),
                (self._say("How to reach the seller"), self._ways()),
            ),
            closing=self._say(
                "You get this because the seller gave us your address, and agreed that you get "
                "these details for this sale. If you know nothing of it, please delete this "
                "message."
            ),
            main=Action(self._say("Write to the seller"), f"mailto:{quote(email, safe='@')}"),
        )

    def sale_called_off(self) -> Letter:
        """That what we wrote of before no longer holds."""
        is_dealer = self.facts.values.get("to") == "dealer"
        return self._letter(
            subject=self._say("The sale is called off"),
            paragraphs=(
                self._say("The sale of which we wrote to you is called off."),
                self._say("Please delete the seller's details, unless you need them otherwise.")
                if is_dealer
                else self._say("The link in our first message no longer works."),
            ),
            details=(
                (self._say("Reference"), self.facts.reference if is_dealer else ""),
                (self._say("Vehicle"), self._text("vehicle")),
            ),
            closing=self._say(
                "You get this because we wrote to you about this sale before, as the seller had "
                "given us your address. You need not do anything."
            ),
        )

    def _letter(
        self,
        subject: str,
        paragraphs: tuple[str, ...],
        details: tuple[tuple[str, str], ...],
        closing: str,
        main: Action | None = None,
        further: tuple[Action, ...] = (),
    ) -> Letter:
        return Letter(
            locale=self.facts.locale,
            subject=subject,
            greeting=self._greeting(),
            paragraphs=paragraphs,
            short=subject,
            closing=closing,
            details=tuple((label, value) for label, value in details if value),
            main=main,
            further=further,
        )

    def _who_says_so(self) -> str:
        seller = self._text("seller")
        if not seller:
            return self._say(
                "Somebody who sells you a vehicle says that you would like to have the price "
                "financed."
            )
        return self._say(
            "{seller} sells you a vehicle and says that you would like to have the price financed.",
            seller=seller,
        )

    def _text(self, name: str) -> str:
        return str(self.facts.values.get(name) or "")

    def _money(self, name: str) -> str:
        value: Any = self.facts.values.get(name)
        return Money.of_whole(value).formatted(self.facts.locale) if value else ""

    def _mileage(self) -> str:
        value: Any = self.facts.values.get("mileage_km")
        if value is None:
            return ""
        return self._say("{number} km", number=format_number(value, self.facts.locale))

    def _ways(self) -> str:
        ways: Any = self.facts.values.get("channels") or []
        return ", ".join(self._named(WAYS, way) for way in ways)

    def _named(self, names: Mapping[str, str], value: str) -> str:
        return self._say(names[value]) if value in names else ""


SALE_WRITERS: Final[Mapping[Purpose, Callable[[SaleWriter], Letter]]] = {
    Purpose.BUYER_INVITATION: SaleWriter.buyer_invitation,
    Purpose.DEALER_SALE: SaleWriter.dealer_sale,
    Purpose.SALE_CALLED_OFF: SaleWriter.sale_called_off,
}
