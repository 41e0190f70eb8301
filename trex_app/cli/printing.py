"""How results are printed: JSON for programs, aligned columns for people."""

from collections.abc import Mapping, Sequence
from typing import Annotated, Any

import typer

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON, for programs.")]


def print_json(value: Any) -> None:
    """One JSON document on stdout."""
    import orjson

    typer.echo(orjson.dumps(value, option=orjson.OPT_INDENT_2, default=str).decode())


def print_table(rows: Sequence[Mapping[str, Any]], columns: Sequence[str]) -> None:
    """Rows under their headings, each column as wide as its widest entry."""
    lines = [[heading.replace("_", " ").upper() for heading in columns]]
    lines += [[_cell(row.get(column)) for column in columns] for row in rows]
    widths = [max(len(line[at]) for line in lines) for at in range(len(columns))]
    for line in lines:
        cells = (cell.ljust(width) for cell, width in zip(line, widths, strict=True))
        typer.echo("  ".join(cells).rstrip())


def print_record(record: Mapping[str, Any]) -> None:
    """One member a line, with its name before it."""
    width = max(map(len, record), default=0)
    for name, value in record.items():
        typer.echo(f"{name.replace('_', ' '):<{width}}  {_cell(value)}")


def counted(number: int, noun: str, plural: str | None = None) -> str:
    """A number with its noun: 1 session, 2 sessions."""
    return f"{number:,} {noun if number == 1 else plural or noun + 's'}"


def _cell(value: Any) -> str:
    match value:
        case None:
            return "-"
        case bool():
            return "yes" if value else "no"
        case list() | tuple():
            return ", ".join(str(item) for item in value) or "-"
        case _:
            return str(value) or "-"
