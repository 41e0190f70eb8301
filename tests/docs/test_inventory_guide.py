"""What the guide to the inventory says is so."""

import io
import re
from datetime import UTC, datetime
from pathlib import Path

from trex_app.db.tables import METADATA
from trex_app.db.transaction import Database, Transaction
from trex_app.services import demo_data, vehicles
from trex_app.services.demo_data.facts import dealers, models
from trex_app.services.demo_data.loading import LISTING_COUNT
from trex_app.services.vehicles.criteria import CRITERIA_NAMES
from trex_app.services.vehicles.feed import ImportReport
from trex_app.services.vehicles.feed.columns import ALIASES, MILEAGES, REQUIRED
from trex_app.services.vehicles.statements import SORTS

GUIDE = (Path(__file__).parents[2] / "docs" / "guide" / "inventory.md").read_text(encoding="utf-8")
FEED = re.findall(r"^```csv\n(.*?)^```", GUIDE, re.DOTALL | re.MULTILINE)[0]
COLUMN = re.compile(r"^\| `(\w+)` \| ([^|]*) \|([^|]*)\|$", re.MULTILINE)
NOW = datetime(2025, 11, 3, tzinfo=UTC)


def import_twice(tx: Transaction) -> tuple[ImportReport, ImportReport]:
    METADATA.create_all(tx.connection)
    demo_data.load(tx.connection, NOW, count=1)
    reports = [
        vehicles.import_feed(
            tx.connection, io.BytesIO(FEED.encode()), now=NOW, dealer_id="lakeshore-motors"
        )
        for _ in range(2)
    ]
    return reports[0], reports[1]


def test_the_feed_of_the_guide_comes_in_whole_and_twice_is_once(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path}/trex.db")
    first, second = database.write_sync(import_twice)
    database.close()
    assert (first.imported, first.rejected) == (2, [])
    assert second.unchanged == 2


def test_the_guide_names_every_column_and_every_alias() -> None:
    named = {column: aliases.split(", ") for column, aliases, _ in COLUMN.findall(GUIDE)}
    assert named == {column: list(aliases) for column, aliases in ALIASES.items()}


def test_the_guide_says_which_columns_are_needed() -> None:
    needed = {column for column, _, remark in COLUMN.findall(GUIDE) if "needed" in remark}
    assert needed == {*REQUIRED, MILEAGES[0]}


def test_the_guide_names_every_criterion_and_every_sort() -> None:
    assert [name for name in (*CRITERIA_NAMES, *SORTS) if f"`{name}`" not in GUIDE] == []


def test_the_guide_counts_the_demonstration_data_right() -> None:
    assert f"{LISTING_COUNT:,} vehicles of {len(models())} real models" in GUIDE
    assert f"{len(dealers())} invented dealers" in GUIDE
