"""The ports of `trex_app.ports` over our own database and rules: what runs without any partner."""

from collections.abc import Mapping, Sequence

from trex_app.core.clock import Clock, utc_now
from trex_app.core.errors import PartnerRefused
from trex_app.db.transaction import Database
from trex_app.ports import Data
from trex_app.services import credit, dealers, vehicles
from trex_app.services.vehicles.matches import DEFAULT_PAGE_SIZE
from trex_app.services.vin import decode


class OwnInventory:
    """Our own inventory table as a `VehicleInventory`.

    As the live source it is as fresh as now; as the `saved` one, standing in for a partner, it says
    when the last dealer's feed came.
    """

    def __init__(self, database: Database, clock: Clock = utc_now, source: str = "live") -> None:
        self._database = database
        self._clock = clock
        self._source = source

    async def search(
        self,
        criteria: Data,
        *,
        page: int = 1,
        sort: str = "relevance",
        page_size: int = DEFAULT_PAGE_SIZE,
    ) -> Data:
        """One page of what fits the criteria. Raises ValidationFailed."""
        as_of = self._clock() if self._source == "live" else None
        return await self._database.read(
            lambda tx: vehicles.search(
                tx.connection,
                criteria,
                page=page,
                page_size=page_size,
                sort=sort,
                as_of=as_of,
                source=self._source,
            )
        )

    async def count(self, criteria: Data) -> Data:
        """How many fit, with facets. Raises ValidationFailed."""
        return await self._database.read(lambda tx: vehicles.count(tx.connection, criteria))

    async def suggest(self, typed: Data) -> Data:
        """Makes and models that fit what was typed. Raises ValidationFailed."""
        return await self._database.read(lambda tx: vehicles.suggest(tx.connection, typed))

    async def get_many(self, vehicle_ids: Sequence[str]) -> Mapping[str, Data]:
        """Vehicles in full by id; unknown ids are left out."""
        return await self._database.read(lambda tx: vehicles.get_many(tx.connection, vehicle_ids))


class LocalVinDecoder:
    """Decoding from our own tables of codes, and from our inventory, as a `VinDecoder`."""

    def __init__(self, database: Database, clock: Clock = utc_now) -> None:
        self._database = database
        self._clock = clock

    async def decode(self, vin: str) -> Data:
        """Check and decode. Raises ValidationFailed naming the fault."""
        latest_year = self._clock().year + 1
        return await self._database.read(lambda tx: decode(tx.connection, vin, latest_year))


class OwnDealerNetwork:
    """Our own dealers table as a `DealerNetwork`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def near(
        self,
        postal_code: str,
        *,
        limit: int = dealers.DEFAULT_LIMIT,
        makes: Sequence[str] = (),
    ) -> Data:
        """The nearest dealers, by distance. Raises ValidationFailed."""
        return await self._database.read(
            lambda tx: dealers.near(tx.connection, postal_code, limit, makes)
        )

    async def get_many(self, dealer_ids: Sequence[str]) -> Mapping[str, Data]:
        """Dealers by id; unknown ids are left out."""
        return await self._database.read(lambda tx: dealers.get_many(tx.connection, dealer_ids))


class RuleBasedCreditBureau:
    """Rules of our own as a `CreditBureau`: it decides at once, the same for the same request."""

    def __init__(self, clock: Clock = utc_now) -> None:
        self._clock = clock

    async def request(self, check: Data, idempotency_key: str) -> Data:
        """The decision. The key is not needed here: repeating the question changes nothing."""
        del idempotency_key
        return credit.decide(check, self._clock().date())

    async def decision_of(self, idempotency_key: str) -> Data:
        """Never known here: rules decide at once and keep nothing. Raises PartnerRefused."""
        del idempotency_key
        raise PartnerRefused("credit", partner_status=404)
