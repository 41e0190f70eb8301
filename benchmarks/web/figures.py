"""What is measured in a browser, made one of many rounds, and printed side by side."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from statistics import median

from benchmarks.report import Verdict

JS_BYTES_MAX = 170_000
CSS_BYTES_MAX = 20_000
STEP_CHANGE_MS_MAX = 100.0
CLS_MAX = 0.01
NAME_WIDTH, VALUE_WIDTH = 52, 14


@dataclass(frozen=True, slots=True)
class FirstScreen:
    """One load of the first screen by a new visitor; layout shift as the browser scores it."""

    requests: float
    first_paint_ms: float
    largest_paint_ms: float
    alive_ms: float
    click_to_paint_ms: float
    layout_shift: float
    task_ms: float
    script_ms: float


@dataclass(frozen=True, slots=True)
class Change:
    """One submit: the wait from the click to the next heading painted, and the page's CPU time."""

    waited_ms: float
    task_ms: float
    script_ms: float


@dataclass(frozen=True, slots=True)
class Bytes:
    """What files of one kind weigh over the wire, by compression."""

    gzip: int
    brotli: int


@dataclass(frozen=True, slots=True)
class Measured:
    """All of one contender."""

    screens: Sequence[FirstScreen]
    changes: Sequence[Change]
    files: Mapping[str, Bytes]
    shows_heading_without_scripts: bool


@dataclass(frozen=True, slots=True)
class Row:
    """One figure, smaller being better."""

    name: str
    value: float
    decimals: int = 0


def quantile(values: Sequence[float], share: float) -> float:
    """The smallest value that at least `share` of all do not exceed."""
    ordered = sorted(values)
    place = max(0, -int(-share * len(ordered) // 1) - 1)
    return ordered[place]


def median_screen(screens: Sequence[FirstScreen]) -> FirstScreen:
    """The median of each figure by itself."""
    return FirstScreen(
        **{
            field.name: median(getattr(screen, field.name) for screen in screens)
            for field in fields(FirstScreen)
        }
    )


def rows(measured: Measured) -> list[Row]:
    """Everything measured of a contender, in the order of the table."""
    return [*_weight(measured.files), *_screen(measured.screens), *_changes(measured.changes)]


def _weight(files: Mapping[str, Bytes]) -> list[Row]:
    return [
        Row(f"{kind}, kB {compression}", getattr(weight, compression) / 1000, 1)
        for kind, weight in files.items()
        for compression in ("gzip", "brotli")
    ]


def _screen(screens: Sequence[FirstScreen]) -> list[Row]:
    screen = median_screen(screens)
    return [
        Row("requests", screen.requests),
        Row("first contentful paint, ms", screen.first_paint_ms),
        Row("largest contentful paint, ms", screen.largest_paint_ms),
        Row("step alive (has its address), ms", screen.alive_ms),
        Row("click on first control to paint, ms", screen.click_to_paint_ms, 1),
        Row("layout shift (CLS)", screen.layout_shift, 4),
        Row("main thread busy, ms", screen.task_ms),
        Row("of that in scripts, ms", screen.script_ms),
    ]


def _changes(changes: Sequence[Change]) -> list[Row]:
    waits = [change.waited_ms for change in changes]
    return [
        Row("step change p50, ms", quantile(waits, 0.5), 1),
        Row("step change p99, ms", quantile(waits, 0.99), 1),
        Row("main thread busy per step change, ms", median(c.task_ms for c in changes), 1),
        Row("of that in scripts per step change, ms", median(c.script_ms for c in changes), 1),
    ]


def table(ours: tuple[str, Measured], peer: tuple[str, Measured] | None) -> list[str]:
    """A line per figure; beside a peer also its figure, the ratio, and who is ahead."""
    theirs = None if peer is None else (peer[0], rows(peer[1]))
    return side_by_side((ours[0], rows(ours[1])), theirs)


def side_by_side(
    ours: tuple[str, Sequence[Row]], peer: tuple[str, Sequence[Row]] | None
) -> list[str]:
    """A line per row under the names; beside a peer also its figure, the ratio, who is ahead."""
    own_name, own = ours
    if peer is None:
        head = f"{'':{NAME_WIDTH}}{own_name:>{VALUE_WIDTH}}"
        return [head, *(f"{row.name:{NAME_WIDTH}}{_shown(row)}" for row in own)]
    peer_name, other = peer
    width = max(VALUE_WIDTH, len(peer_name) + 2)
    head = f"{'':{NAME_WIDTH}}{own_name:>{VALUE_WIDTH}}{peer_name:>{width}}{'ratio':>8}  ahead"
    lines = [head]
    for mine, theirs in zip(own, other, strict=True):
        lines.append(
            f"{mine.name:{NAME_WIDTH}}{_shown(mine)}{_shown(theirs):>{width}}"
            f"{_ratio(mine.value, theirs.value):>8}  {_ahead(own_name, mine, peer_name, theirs)}"
        )
    return lines


def _shown(row: Row) -> str:
    return f"{row.value:{VALUE_WIDTH},.{row.decimals}f}"


def _ratio(mine: float, theirs: float) -> str:
    return f"{mine / theirs:.2f}" if theirs else "-"


def _ahead(own_name: str, mine: Row, peer_name: str, theirs: Row) -> str:
    if _shown(mine) == _shown(theirs):
        return "even"
    return own_name if mine.value < theirs.value else peer_name


def verdicts(measured: Measured) -> list[Verdict]:
    """Reached beside what is wanted of the product's screens."""
    change = quantile([change.waited_ms for change in measured.changes], 0.5)
    shift = max(screen.layout_shift for screen in measured.screens)
    shows = measured.shows_heading_without_scripts
    return [
        _at_most(
            "first screen: JS, kB gzip", measured.files["JS"].gzip / 1000, JS_BYTES_MAX / 1000
        ),
        _at_most(
            "first screen: CSS, kB gzip", measured.files["CSS"].gzip / 1000, CSS_BYTES_MAX / 1000
        ),
        _at_most("step change p50 in the browser, ms", change, STEP_CHANGE_MS_MAX),
        _at_most("first screen: layout shift, worst of all loads", shift, CLS_MAX, decimals=4),
        Verdict("first screen: heading without scripts", _yes(shows), "yes", shows),
    ]


def _at_most(what: str, reached: float, most: float, decimals: int = 1) -> Verdict:
    return Verdict(what, f"{reached:,.{decimals}f}", f"at most {most:g}", reached <= most)


def _yes(holds: bool) -> str:
    return "yes" if holds else "no"
