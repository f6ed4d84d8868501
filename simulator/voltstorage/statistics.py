"""Aggregated figures of a product. Energies are watt-seconds (VoltStorage notes 2)."""

from bisect import bisect_left
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from itertools import islice
from operator import attrgetter
from typing import Final

from aiohttp import web

from ..jsontypes import Json
from .call import Call
from .errors import InvalidError
from .product import Product, Record, Totals

_WS_PER_KWH: Final = 3_600_000
# The year 2100.
_LAST_STAMP: Final = 4_102_444_800
_SPANS: Final = ("hour", "day", "month", "year", "lifetime")


def statistics(call: Call) -> web.Response:
    """Answer with one object for each span of time that has records; spans begin in UTC."""
    query = call.query
    product = call.product()
    first, last = query.whole("tstart", least=0), query.whole("tend", least=0)
    span = query.text("timespan") or "day"
    if span not in _SPANS:
        raise InvalidError(f"timespan must be one of {', '.join(_SPANS)}")
    if first is not None and last is not None and last < first:
        raise InvalidError("tend must not be before tstart")
    begun = product.installed
    buckets: dict[datetime, list[Record]] = {}
    before: dict[datetime, Totals] = {}
    records, skipped = product.records, 0
    if first is not None:
        moment = datetime.fromtimestamp(min(first, _LAST_STAMP), UTC)
        begin = _start(moment, span, begun)
        skipped = bisect_left(records, begin, key=attrgetter("at"))
    totals = records[skipped - 1].totals if skipped else Totals()
    for record in islice(records, skipped, None):
        start = _start(record.at, span, begun)
        if last is not None and start.timestamp() >= last:
            break
        buckets.setdefault(start, []).append(record)
        before.setdefault(start, totals)
        totals = record.totals
    # A span counts when any part of it is asked for.
    return web.json_response(
        [
            _figures(product, start, records, before[start])
            for start, records in buckets.items()
            if first is None or _end(start, span) > first
        ]
    )


def _start(moment: datetime, span: str, begun: datetime) -> datetime:
    """Return when a span of time that a moment is in began; a lifetime begins with the first record."""
    if span == "lifetime":
        return begun
    hour = moment.astimezone(UTC).replace(minute=0, second=0, microsecond=0)
    if span == "hour":
        return hour
    day = hour.replace(hour=0)
    if span == "day":
        return day
    month = day.replace(day=1)
    return month if span == "month" else month.replace(month=1)


def _end(start: datetime, span: str) -> float:
    """Return the UNIX time at which a span of time ends."""
    match span:
        case "hour":
            return (start + timedelta(hours=1)).timestamp()
        case "day":
            return (start + timedelta(days=1)).timestamp()
        case "month":
            return (start + timedelta(days=31)).replace(day=1).timestamp()
        case "year":
            return start.replace(year=start.year + 1).timestamp()
    return float("inf")


def _figures(
    product: Product, start: datetime, records: Sequence[Record], before: Totals
) -> dict[str, Json]:
    """Return the figures of one span of time."""
    energy = records[-1].totals.since(before)
    count = len(records)
    profile = product.profile
    dc_wh = profile.capacity_wh * profile.dc_efficiency
    dc, ac = profile.dc_efficiency**2, profile.ac_efficiency**2
    own = 1 - energy.exported / energy.pv if energy.pv else 0.0
    sufficient = 1 - energy.imported / energy.consumption if energy.consumption else 0.0
    means = {
        "own-consumption": max(0.0, own),
        "electrolyte-temp": sum(record.electrolyte for record in records) / count,
        "pump-temp": sum(record.pump for record in records) / count,
        "dc-capacity": dc_wh * 3600,
        "ac-capacity": dc_wh * profile.ac_efficiency * 3600,
        "dc-efficiency": dc,
        "ac-efficiency": dc * ac,
    }
    consumption = _watt_seconds(energy.consumption)
    return {
        "timespan_start": int(start.timestamp()),
        "pv-total": _watt_seconds(energy.pv),
        # No one knows what it counts; the documents' sample has none.
        "pv-activity": 0,
        "consumption-total": consumption,
        "storage-total-released": _watt_seconds(energy.released),
        "storage-total-stored": _watt_seconds(energy.stored),
        "max-temperature": max(record.electrolyte for record in records),
        **{name: {"nSamples": count, "value": value} for name, value in means.items()},
        "self-sufficiency": {
            "totalWeight": consumption,
            "value": max(0.0, sufficient),
        },
    }


def _watt_seconds(kwh: float) -> int:
    """Return an energy in the cloud's unit."""
    return round(kwh * _WS_PER_KWH)
