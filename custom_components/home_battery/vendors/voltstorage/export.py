"""The export as CSV, read row by row (VoltStorage notes, 1.7)."""

from collections.abc import Iterator
import csv
from datetime import UTC, datetime
from typing import Final

from ...battery.fields import number
from .models import Sample, Told

_DECLARATION: Final = "sep="
_USUAL: Final = (",", ";", "\t", "|")
_TIME: Final = "time"
_DIGITS: Final = "0123456789.+-"
_TEXT_LENGTH: Final = 255


class Table:
    """The rows of an export, whatever separates their cells.

    The vendor's rows use a comma although first line and header use the
    separator that was asked for, so it is found anew for each line.

    Attributes:
        header: The names of the columns, empty where there is no header.
    """

    def __init__(self, text: str) -> None:
        """Find the header, which is the first line with a column for the time."""
        if not is_whole(text):
            # The last number of an answer that was cut off may lack digits.
            text = text.rstrip(_DIGITS)
        self._lines = iter(text.removeprefix("\ufeff").splitlines())
        self._separators: tuple[str, ...] = _USUAL
        self.header: list[str] = []
        for line in self._lines:
            if line.lower().startswith(_DECLARATION):
                declared = line[len(_DECLARATION) :]
                self._separators = tuple(
                    dict.fromkeys(filter(None, (declared, *_USUAL)))
                )
            elif header := self._header(line):
                self.header = header
                break

    def rows(self) -> Iterator[list[str]]:
        """Yield the cells of each row; one that does not fit the header is left out."""
        for line in self._lines:
            for separator in self._separators:
                cells = _cells(line, separator)
                if len(cells) == len(self.header):
                    yield cells
                    break

    def _header(self, line: str) -> list[str]:
        """Return the columns that a line names, none if it is no header."""
        for separator in self._separators:
            cells = [cell.strip() for cell in _cells(line, separator)]
            if len(cells) > 1 and _TIME in map(str.lower, cells):
                return cells
        return []


def is_whole(text: str) -> bool:
    """Tell whether an answer was not cut off: each line has its end."""
    return text.endswith(("\n", "\r"))


def samples_in(text: str) -> Iterator[Sample]:
    """Yield the rows of an export, as they stand there.

    An empty cell is no new sample, and is left out; a row without a sound time too.
    """
    table = Table(text)
    names = table.header
    at = next((i for i, name in enumerate(names) if name.lower() == _TIME), 0)
    for cells in table.rows():
        if (time := _time(cells[at])) is None:
            continue
        yield Sample(
            time=time,
            values={
                name: told
                for index, (name, cell) in enumerate(zip(names, cells, strict=True))
                if index != at and name and (told := _told(cell)) is not None
            },
        )


def _cells(line: str, separator: str) -> list[str]:
    """Return the cells of a line."""
    if len(separator) > 1:
        return line.split(separator)
    try:
        return next(csv.reader([line], delimiter=separator), [])
    except csv.Error, ValueError, TypeError:
        return line.split(separator)


def _time(cell: str) -> datetime | None:
    """Return the moment of a row in UTC; without an offset it is in UTC already."""
    try:
        time = datetime.fromisoformat(cell.strip())
        return (time if time.tzinfo else time.replace(tzinfo=UTC)).astimezone(UTC)
    except ValueError, OverflowError:
        return None


def _told(cell: str) -> Told | None:
    """Return what a cell says, if it says anything."""
    if not (cell := cell.strip()):
        return None
    counted = number(cell)
    return cell[:_TEXT_LENGTH] if counted is None else counted
