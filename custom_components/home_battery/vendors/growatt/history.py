"""The past of a Growatt device: its records, and of older days what its plant gave (Growatt notes, 1.10)."""

import asyncio
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from functools import partial
from itertools import batched
from typing import Final

from ...battery.history import History, HistoryRequest, Point, Resolution
from ...battery.model import Device, Inventory, Role
from .client import GrowattClient, WireRecord
from .families import FAMILIES, METER
from .measures import MEASURES
from .memory import DeviceMemory
from .readings import common_of, time_of
from .sums import lowered

# The longest stretch that a call takes, and so far back there are records.
DAYS_AT_ONCE: Final = 7
REACH: Final = timedelta(days=94)

_PV: Final = "pv_energy"
_V1: Final = "history"
# A record each five minutes, a hundred to a page.
_PAGES_A_DAY: Final = 2.88
# So many records are read before others get the loop.
_PART: Final = 20
_MAX_DAY_KWH: Final = 24_000.0
_DAY: Final = timedelta(days=1)


class GrowattHistory:
    """Fetches the past, through API v1 as far as that is let to."""

    def __init__(
        self,
        client: GrowattClient,
        inventory: Callable[[], Inventory],
        memory: Callable[[Device], DeviceMemory],
    ) -> None:
        """Keep the means; nothing is sent yet."""
        self._client = client
        self._inventory = inventory
        self._memory = memory

    def keys(self, device: Device, resolution: Resolution) -> frozenset[str]:
        """Return the readings that are told; of days only what a plant of one inverter gave."""
        if device.role not in (Role.SYSTEM, Role.PRODUCER):
            return frozenset()
        measures = MEASURES.get(_word(device), {})
        if resolution is Resolution.RECORDS:
            return frozenset(measures)
        members = self._inventory().members(device.parent or "")
        # What a plant gave is not told apart by its inverters; a meter gives nothing.
        givers = [member for member in members if member.kind != METER.key]
        if resolution is Resolution.DAY and len(givers) == 1:
            return frozenset({_PV} & measures.keys())
        return frozenset()

    def calls(self, device: Device, request: HistoryRequest) -> int:
        """Return about how many calls a request costs."""
        stretches = list(_stretches(request))
        if request.resolution is Resolution.DAY:
            return len(stretches)
        days = sum((last - first).days + 1 for first, last in stretches)
        return round(days * _PAGES_A_DAY) if self._has_v1(device) else days

    async def fetch(self, device: Device, request: HistoryRequest) -> History:
        """Fetch what is asked for, seven days at a time."""
        found: dict[str, dict[datetime, Point]] = {key: {} for key in request.keys}
        for first, last in _stretches(request):
            if request.resolution is Resolution.DAY:
                points = await self._days(device, request.time_zone, first, last)
            else:
                points = await self._records(device, request, first, last)
            for key, point in points:
                if request.start <= point.start < request.end:
                    found[key][point.start] = point
        return History(
            points={
                key: tuple(points[at] for at in sorted(points))
                for key, points in found.items()
            }
        )

    async def _records(
        self, device: Device, request: HistoryRequest, first: date, last: date
    ) -> list[tuple[str, Point]]:
        """Return the readings of the records of some days."""
        word, zone = _word(device), request.time_zone
        found: list[tuple[str, Point]] = []
        for answer in await self._raw(device, first, last):
            timed: list[tuple[datetime, dict[str, object]]] = []
            for raw in batched(answer, _PART, strict=False):
                timed += [
                    (at, fields)
                    for fields in map(lowered, raw)
                    if (at := time_of(word, fields, zone)) is not None
                ]
                await asyncio.sleep(0)
            if timed and timed[0][0] > timed[-1][0]:
                timed.reverse()
            moments = _told_apart((at for at, _ in timed), zone)
            for some in batched(zip(moments, timed, strict=True), _PART, strict=False):
                found += [
                    (key, Point(start=at, value=value))
                    for at, (_, fields) in some
                    for key, value in common_of(word, fields).items()
                    if key in request.keys
                ]
                await asyncio.sleep(0)
        return found

    def _has_v1(self, device: Device) -> bool:
        """Tell whether API v1 may tell a device's past."""
        return FAMILIES[device.kind].has(_V1) and not self._memory(device).lacks(_V1)

    async def _raw(
        self, device: Device, first: date, last: date
    ) -> list[list[WireRecord]]:
        """Return the answers of some days, from whichever API gives them."""
        family = FAMILIES[device.kind]
        if family.has(_V1):
            read = partial(self._client.history, family, device.id, first, last)
            told = await self._memory(device).optional(_V1, read)
            if told is not None or family.v4_type is None:
                return [told or []]
        return [
            await self._client.history_v4(family, device.id, day)
            for day in _days(first, last)
        ]

    async def _days(
        self, device: Device, zone: tzinfo, first: date, last: date
    ) -> list[tuple[str, Point]]:
        """Return what the device's plant gave on some days."""
        plant = self._inventory().devices[device.parent or ""]
        told = await self._client.plant_energy(plant.id, first, last)
        return [
            (
                _PV,
                Point(
                    start=_midnight(one.day, zone),
                    end=_midnight(one.day + _DAY, zone),
                    value=one.energy,
                ),
            )
            for one in told
            if 0 <= one.energy <= _MAX_DAY_KWH
        ]


def _word(device: Device) -> str:
    """Return what the tables of readings call a device's family."""
    return device.kind.replace("_", "-")


def _told_apart(moments: Iterable[datetime], zone: tzinfo) -> Iterator[datetime]:
    """Yield moments of a wall clock; where that has gone back, the hour is there again."""
    latest: datetime | None = None
    for moment in moments:
        at = moment
        if latest is not None and at < latest:
            at = moment.astimezone(zone).replace(fold=1).astimezone(UTC)
        yield at
        latest = at


def _stretches(request: HistoryRequest) -> Iterator[tuple[date, date]]:
    """Yield the first and the last day of each stretch that one call may be about."""
    first = request.start.astimezone(request.time_zone).date()
    end = request.end.astimezone(request.time_zone) - timedelta(microseconds=1)
    while first <= end.date():
        last = min(first + (DAYS_AT_ONCE - 1) * _DAY, end.date())
        yield first, last
        first = last + _DAY


def _days(first: date, last: date) -> Iterator[date]:
    """Yield each day of a stretch."""
    while first <= last:
        yield first
        first += _DAY


def _midnight(day: date, zone: tzinfo) -> datetime:
    """Return when a day begins, in UTC."""
    return datetime.combine(day, time(), zone).astimezone(UTC)
