"""What a device was in the past: records, and energies by hour, day or month."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from enum import StrEnum
from itertools import accumulate, pairwise
from typing import Final

from .model import Value


class Resolution(StrEnum):
    """How finely the past is told."""

    RECORDS = "records"
    HOUR = "hour"
    DAY = "day"
    MONTH = "month"


# So long a range can be asked for at once.
LONGEST: Final[Mapping[Resolution, timedelta]] = {
    Resolution.RECORDS: timedelta(days=31),
    Resolution.HOUR: timedelta(days=400),
    Resolution.DAY: timedelta(days=3653),
    Resolution.MONTH: timedelta(days=3653),
}


@dataclass(frozen=True, kw_only=True)
class HistoryRequest:
    """What is asked of a device's past.

    Attributes:
        start: The first moment, with an offset.
        end: The first moment that is not asked for any more, never in the future.
        resolution: How finely.
        keys: The readings; each is one that the device can tell so finely.
        time_zone: The zone whose wall clock cuts hours, days and months.
    """

    start: datetime
    end: datetime
    resolution: Resolution
    keys: frozenset[str]
    time_zone: tzinfo


@dataclass(frozen=True, kw_only=True)
class Point:
    """One value of the past.

    Attributes:
        start: When it was measured, or when its slot began, in UTC.
        end: When its slot ended; `None` for what was measured at one moment.
        value: A reading as in a record, or the slot's energy in kWh.
    """

    start: datetime
    end: datetime | None = None
    value: Value


@dataclass(frozen=True, kw_only=True)
class History:
    """The past of one device: the points of each key, in the order of time."""

    points: Mapping[str, tuple[Point, ...]] = field(default_factory=dict)


@dataclass(frozen=True)
class Slot:
    """A stretch of time that an energy is counted in, in UTC."""

    start: datetime
    end: datetime


def reports(request: HistoryRequest) -> Iterator[date]:
    """Yield the first day of every report that a request for slots touches.

    A report is a day in hours, a month in days or a year in months: so vendors
    keep them.
    """
    day = request.start.astimezone(request.time_zone).date()
    if request.resolution is not Resolution.HOUR:
        day = day.replace(day=1)
    if request.resolution is Resolution.MONTH:
        day = day.replace(month=1)
    while _midnight(day, request.time_zone) < request.end:
        yield day
        day = _after(request.resolution, day)


def slots(resolution: Resolution, first: date, zone: tzinfo) -> list[Slot]:
    """Return the slots of the report that begins on a day, by the wall clock.

    A day has 24 of them whatever its length. Hours that the clock leaves out,
    at Troll station two, have no length and begin with the next one; the hour
    that the clock shows twice is one slot of two hours.
    """
    if resolution is Resolution.HOUR:
        midnight = datetime.combine(first, time())
        edges = [
            (midnight + timedelta(hours=hour)).replace(tzinfo=zone).astimezone(UTC)
            for hour in range(25)
        ]
    else:
        inner = Resolution.HOUR if resolution is Resolution.DAY else Resolution.DAY
        days = [first]
        while days[-1] < _after(resolution, first):
            days.append(_after(inner, days[-1]))
        edges = [_midnight(day, zone) for day in days]
    ordered = reversed([*accumulate(reversed(edges), min)])
    return [Slot(start, end) for start, end in pairwise(ordered)]


def _after(resolution: Resolution, day: date) -> date:
    """Return the first day of the report after the one that begins on a day."""
    if resolution is Resolution.HOUR:
        return day + timedelta(days=1)
    if resolution is Resolution.DAY:
        return (day + timedelta(days=31)).replace(day=1)
    return day.replace(year=day.year + 1)


def _midnight(day: date, zone: tzinfo) -> datetime:
    """Return when a day begins, in UTC."""
    return datetime.combine(day, time(), zone).astimezone(UTC)
