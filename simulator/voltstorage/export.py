"""The export of one product's readings, as CSV and as JSON."""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from typing import Final, Self

from aiohttp import web

from .call import Call
from .errors import InvalidError
from .product import (
    ELECTRONICS,
    GRID,
    HOUSEHOLD,
    INVERTER,
    PV,
    SOC,
    STATUS,
    VENDOR,
    Product,
    Record,
    significant,
)
from .simplify import simplified

# As the exports of 2021 have it; those of 2020 had no status (VoltStorage notes 1.7).
COLUMNS: Final = (GRID, HOUSEHOLD, INVERTER, PV, ELECTRONICS, SOC, STATUS)
# What belongs to a component: the numbers follow that of the product.
COMPONENTS: Final = (GRID, HOUSEHOLD, PV, ELECTRONICS, SOC)
_PER_PRODUCT: Final = 10
_DIGITS: Final = 6
_MOST_DIGITS: Final = 100
_MOST_MINUTES: Final = 14 * 60
_NEW_LINE: Final = "\r\n"
_BAD_ROW: Final = "upstream timed out,"

type Row = tuple[datetime, dict[str, float]]


@dataclass(frozen=True, kw_only=True)
class _Order:
    """What is asked for."""

    product: Product
    first: float
    last: float
    columns: Sequence[str]
    zone: timezone
    digits: int
    tolerance: float
    separator: str

    @classmethod
    def of(cls, call: Call) -> Self:
        """Read an order, and refuse one that cannot be met."""
        query = call.query
        product, columns = _subject(call)
        now = call.now().timestamp()
        first, last = query.number("from"), query.number("to")
        if first is None:
            raise InvalidError("from is required")
        last = now if last is None else last
        if first > now or last > now:
            raise InvalidError("the range must not lie in the future")
        if last < first:
            raise InvalidError("to must not be before from")
        if last - first > call.cloud.longest_export_s:
            raise InvalidError("the range must not be longer than a day")
        if (fields := query.text("fields")) is not None:
            wanted = fields.split(",")
            if unknown := set(wanted) - set(columns):
                raise InvalidError(f"unknown fields: {', '.join(sorted(unknown))}")
            columns = [name for name in columns if name in wanted]
        minutes = query.whole("tz", least=-_MOST_MINUTES) or 0
        digits = query.whole("precision", least=1)
        if minutes > _MOST_MINUTES or (digits or 0) > _MOST_DIGITS:
            raise InvalidError("tz or precision is out of range")
        return cls(
            product=product,
            first=first,
            last=last,
            columns=columns,
            zone=timezone(timedelta(minutes=minutes)),
            digits=digits or _DIGITS,
            tolerance=query.number("tolerance", least=0) or 0.0,
            separator=query.text("separator") or ",",
        )

    def rows(self) -> list[Row]:
        """Return what was sent in the range; the first row has all that was known by then."""
        records = self.product.records
        begin = bisect_left(records, self.first, key=_moment)
        end = bisect_right(records, self.last, key=_moment)
        known: dict[str, float] = {}
        for record in reversed(records[:begin]):
            if known.keys() >= set(self.columns):
                break
            known = record.changed | known
        rows: list[Row] = []
        for record in records[begin:end]:
            told = record.changed if rows else known | record.changed
            if told := {name: told[name] for name in self.columns if name in told}:
                rows.append((record.at, told))
        return simplified(rows, self.tolerance)

    def time(self, moment: datetime) -> str:
        """Return a moment as the export writes it."""
        return moment.astimezone(self.zone).isoformat(timespec="milliseconds")


def _moment(record: Record) -> float:
    """Return when a record was made, in UNIX time."""
    return record.at.timestamp()


def export_csv(call: Call) -> web.Response:
    """Answer with CSV. The rows have commas, whatever separator was asked for, until that is mended."""
    order = _Order.of(call)
    inside = "," if call.cloud.separator_bug else order.separator
    bad = call.cloud.switchboard.take(VENDOR, call.path, "bad_row")
    lines = [
        f"sep={order.separator}",
        order.separator.join(["Time", *order.columns]),
        *(
            inside.join(
                [
                    order.time(at),
                    *(
                        digits(values[name], order.digits) if name in values else ""
                        for name in order.columns
                    ),
                ]
            )
            for at, values in order.rows()
        ),
    ]
    if bad is not None:
        lines.insert(len(lines) // 2, str(bad.value or _BAD_ROW))
    return web.Response(
        text=_NEW_LINE.join([*lines, ""]), content_type="text/csv", charset="utf-8"
    )


def export_json(call: Call) -> web.Response:
    """Answer with JSON, whose shape no document shows: an object for each row of the CSV."""
    order = _Order.of(call)
    return web.json_response(
        [
            {
                "Time": order.time(at),
                **{
                    name: significant(values[name], order.digits)
                    for name in order.columns
                    if name in values
                },
            }
            for at, values in order.rows()
        ]
    )


def component_id(product: Product, column: str) -> int:
    """Return the number of a product's component."""
    return product.id * _PER_PRODUCT + COMPONENTS.index(column)


def _subject(call: Call) -> tuple[Product, Sequence[str]]:
    """Return what to export: a product, or one of its components."""
    component = call.query.whole("componentId", least=0)
    if component is None:
        return call.product(), call.cloud.columns
    if "productId" in call.query.given:
        raise InvalidError("give either productId or componentId")
    number, index = divmod(component, _PER_PRODUCT)
    product = call.known(number)
    if index >= len(COMPONENTS):
        raise InvalidError("there is no such component")
    return product, COMPONENTS[index : index + 1]


def digits(value: float, digits: int) -> str:
    """Return a number with so many significant digits, without zeros that say nothing."""
    rounded = significant(value, digits)
    places = max(0, 15 - len(str(abs(int(rounded)))))
    text = f"{rounded:.{places}f}".rstrip("0") if places else f"{rounded:.0f}"
    return text.rstrip(".") or "0"
