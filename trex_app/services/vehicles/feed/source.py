"""A feed as a stream of rows: its encoding, its delimiter, its lines."""

import codecs
import csv
import re
import shutil
import tempfile
from collections import deque
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from io import TextIOWrapper
from pathlib import Path
from typing import BinaryIO, Final, TextIO

from trex_app.core.errors import TrexError

DELIMITERS: Final = (",", ";", "\t", "|")
_CHUNK_BYTES: Final = 1 << 20
_BOMS: Final = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_EXCEL_HINT: Final = re.compile(r"sep=.?", re.IGNORECASE)


class FeedUnreadable(TrexError):
    """A feed of which nothing can be imported: not a CSV file, or without the needed columns."""

    code = "feed_unreadable"
    status = 422
    default_message = "This feed cannot be read."


@dataclass(frozen=True, slots=True)
class Record:
    """One row as it stands in the file; `unreadable` says why its cells cannot be told apart."""

    line: int
    cells: list[str]
    unreadable: str | None = None


@contextmanager
def opened(file: Path | BinaryIO) -> Generator[tuple[TextIO, str], None, None]:
    """The feed as text with its encoding. Raises FeedUnreadable for what is no text.

    A stream that cannot go back (a pipe) is copied aside, for the encoding shows only at the end.
    """
    if isinstance(file, Path):
        try:
            binary: BinaryIO = file.open("rb")
        except OSError as error:
            reason = error.strerror or "it cannot be opened"
            message = "{file}: {reason}."
            raise FeedUnreadable(message, file=str(file), reason=reason) from error
        with binary, _as_text(binary) as text:
            yield text
    elif file.seekable():
        with _as_text(file) as text:
            yield text
    else:
        with tempfile.TemporaryFile() as copy:
            shutil.copyfileobj(file, copy)
            with _as_text(copy) as text:
                yield text


@contextmanager
def _as_text(binary: BinaryIO) -> Generator[tuple[TextIO, str], None, None]:
    encoding = _encoding_of(binary)
    binary.seek(0)
    text = TextIOWrapper(binary, encoding=encoding, newline="")
    try:
        yield text, encoding.removesuffix("-sig")
    finally:
        text.detach()  # the stream belongs to whoever opened it


def _encoding_of(binary: BinaryIO) -> str:
    """By its mark, else UTF-8 where every byte agrees, else Windows-1252."""
    binary.seek(0)
    start = binary.read(4)
    for mark, encoding in _BOMS:
        if start.startswith(mark):
            return encoding
    if _decodes(binary, "utf-8"):
        return "utf-8"
    if _decodes(binary, "cp1252"):
        return "cp1252"
    raise FeedUnreadable("This file is neither UTF-8 nor Windows-1252 text. Save it as CSV UTF-8.")


def _decodes(binary: BinaryIO, encoding: str) -> bool:
    binary.seek(0)
    decoder = codecs.getincrementaldecoder(encoding)()
    while chunk := binary.read(_CHUNK_BYTES):
        if b"\0" in chunk:
            raise FeedUnreadable(
                "This is not a CSV file: it holds binary data. In a spreadsheet, choose "
                "“Save as” and then CSV UTF-8."
            )
        try:
            decoder.decode(chunk)
        except UnicodeDecodeError:
            return False
    try:
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def header_line(text: TextIO) -> tuple[str, int]:
    """The first line that says something, and its number; a spreadsheet's `sep=` is passed over.

    Raises FeedUnreadable for an empty file.
    """
    for number, line in enumerate(iter(text.readline, ""), start=1):
        plain = line.strip()
        if plain and not _EXCEL_HINT.fullmatch(plain):
            return plain, number
    raise FeedUnreadable("This file is empty.")


def split_line(line: str, delimiter: str) -> list[str]:
    """The cells of one line."""
    return next(csv.reader([line], delimiter=delimiter))


def records(text: TextIO, delimiter: str, first_line: int) -> Iterator[Record]:
    """The rows that follow the header, with the lines they start on; blank ones are left out.

    A quoted cell may run over several lines. Where its quotation mark is never closed, only the
    line on which it opens is lost: reading goes on with the next one.
    """
    lines = _Lines(text, first_line)
    while not lines.is_at_end:
        line = lines.begin_record()
        try:
            cells = next(csv.reader(lines, delimiter=delimiter, strict=True))
        except csv.Error as error:
            is_open = lines.taken_count > 1 or "unexpected end" in str(error)
            lines.give_back_all_but_first()
            yield Record(line, [], _OPEN_QUOTE if is_open else f"The row is unreadable: {error}.")
            continue
        if any(cell.strip() for cell in cells):
            yield Record(line, cells)


_OPEN_QUOTE: Final = "A quotation mark opens in this row and is not closed."
_LINES_PER_RECORD: Final = 100


class _Lines:
    """The lines of a text, of which a record may take several and give some back."""

    def __init__(self, text: TextIO, first_line: int) -> None:
        self._text = text
        self._waiting: deque[str] = deque()
        self._taken: list[str] = []
        self._next_line = first_line

    @property
    def is_at_end(self) -> bool:
        """Whether no line is left."""
        if not self._waiting and (line := self._text.readline()):
            self._waiting.append(line)
        return not self._waiting

    @property
    def taken_count(self) -> int:
        """How many lines the current record has taken."""
        return len(self._taken)

    def begin_record(self) -> int:
        """Start a record; returns the number of its first line."""
        self._taken = []
        return self._next_line

    def give_back_all_but_first(self) -> None:
        """Let the next record begin on the second line of this one."""
        self._waiting.extendleft(reversed(self._taken[1:]))
        self._next_line -= len(self._taken) - 1

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        # A cell of hundreds of lines is a forgotten quotation mark, not a description.
        if self.is_at_end or len(self._taken) >= _LINES_PER_RECORD:
            raise StopIteration
        line = self._waiting.popleft()
        self._taken.append(line)
        self._next_line += 1
        return line
