"""All cells of a vendor, and the table that they make."""

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Final, Self

from .faults import common
from .model import Brand, Fault, Feed
from .outages import Outage, groups
from .stage import Stage
from .writing import Writing

_OK, _FAILED, _NONE = "ok", "FAILED", "—"
_FAULT_WIDTH: Final = 24


@dataclass(frozen=True, kw_only=True)
class Cell:
    """A fault on a feed or a write, and what was not as it should be."""

    vendor: str
    fault: str
    column: str
    problems: list[str]

    @property
    def word(self) -> str:
        """Return what the table says of it."""
        return _FAILED if self.problems else _OK

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Self:
        """Read back what a process has printed."""
        return cls(**data)

    def as_json(self) -> dict[str, Any]:
        """Return it for another process."""
        return asdict(self)


def rows(brand: Brand) -> tuple[Fault, ...]:
    """Return the faults of a vendor, common ones first."""
    return brand.faults if brand.way else (*common(brand), *brand.faults)


class Matrix:
    """The matrix of one vendor."""

    def __init__(self, stage: Stage) -> None:
        """Take where it is to be played."""
        self._stage = stage
        self._brand = stage.brand
        self.cells: list[Cell] = []

    async def play(self, faults: Sequence[Fault]) -> list[Cell]:
        """Play some faults on every feed and every write, and return the cells."""
        for number, fault in enumerate(faults):
            for feeds in self._together(fault, number):
                for column, problems in (
                    await Outage(self._stage, fault, feeds).play()
                ).items():
                    self._note(fault, column, problems)
            for write in filter(fault.is_about, self._brand.writes):
                problems = await Writing(self._stage, fault, write).play()
                self._note(fault, write.name, problems)
        return self.cells

    def _together(self, fault: Fault, number: int) -> Iterator[list[Feed]]:
        """Yield the feeds on which a fault is played at the same time."""
        feeds = [feed for feed in self._brand.feeds if fault.is_about(feed)]
        if not fault.outcome.everywhere:
            yield from groups(feeds, number)
        elif feeds:
            yield feeds

    def _note(self, fault: Fault, column: str, problems: list[str]) -> None:
        """Keep a cell."""
        self.cells.append(
            Cell(
                vendor=self._brand.name,
                fault=fault.name,
                column=column,
                problems=problems,
            )
        )


def table(cells: Sequence[Cell]) -> str:
    """Return the cells of a vendor as a table, rows being faults."""
    columns = list(dict.fromkeys(cell.column for cell in cells))
    found = {(cell.fault, cell.column): cell for cell in cells}
    widths = [max(len(column), len(_FAILED)) for column in columns]

    def line(first: str, words: Sequence[str]) -> str:
        row = "  ".join(
            word.ljust(width) for word, width in zip(words, widths, strict=True)
        )
        return f"{first:<{_FAULT_WIDTH}}  {row}".rstrip()

    lines = [line(f"{cells[0].vendor} ({len(cells)} cells)", columns)]
    for fault in dict.fromkeys(cell.fault for cell in cells):
        words = []
        for column in columns:
            cell = found.get((fault, column))
            words.append(_NONE if cell is None else cell.word)
        lines.append(line(fault, words))
    return "\n".join(lines)


def failures(cells: Sequence[Cell]) -> str:
    """Return what failed cells saw."""
    return "\n".join(
        f"{cell.vendor}, {cell.fault}, {cell.column}: {'; '.join(cell.problems)}"
        for cell in cells
        if cell.problems
    )
