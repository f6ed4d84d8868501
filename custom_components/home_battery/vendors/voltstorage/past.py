"""The past of a product: rows of the export, or statistics of hours, days and months."""

import asyncio
from collections import defaultdict
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import batched
from typing import Final

from ...battery.history import History, HistoryRequest, Point, Resolution
from ...battery.model import Device, Role
from .client import VoltStorageClient
from .endpoints import STATISTICS
from .export import samples_in
from .learned import Learned
from .models import Bucket, Timespan
from .readings import FIELD_PREFIX, HOUSE_KEYS, POWER, SOC, VOLTAGE, Decoder
from .statistics import STATISTICS_KEYS, slot_of

_DAY: Final = timedelta(days=1)
_ROWS: Final = 1000
_UNCHANGED: Final = timedelta(minutes=5)
_TIMESPANS: Final = {
    Resolution.HOUR: Timespan.HOUR,
    Resolution.DAY: Timespan.DAY,
    Resolution.MONTH: Timespan.MONTH,
}
_RECORD_KEYS: Final = HOUSE_KEYS | {POWER, SOC, VOLTAGE}


class Past:
    """Fetches the past."""

    def __init__(self, client: VoltStorageClient, learned: Learned) -> None:
        """Keep the means."""
        self._client = client
        self._learned = learned

    def keys(self, device: Device, resolution: Resolution) -> frozenset[str]:
        """Return the readings that can be told; statistics only if they are there."""
        if device.role is Role.HOUSE:
            return frozenset()
        if resolution is Resolution.RECORDS:
            return _RECORD_KEYS
        return STATISTICS_KEYS if self._learned.has(STATISTICS) else frozenset()

    def calls(self, request: HistoryRequest) -> int:
        """Return how many calls a request costs."""
        if request.resolution is Resolution.RECORDS:
            return sum(1 for _ in days(request.start, request.end))
        return 1

    async def fetch(self, device: Device, request: HistoryRequest) -> History:
        """Fetch what is asked for."""
        points: dict[str, list[Point]] = defaultdict(list)
        if request.resolution is Resolution.RECORDS:
            await self._records(device, request, points)
        else:
            await self._slots(device, request, points)
        return History(points={key: tuple(told) for key, told in points.items()})

    async def _records(
        self, device: Device, request: HistoryRequest, points: dict[str, list[Point]]
    ) -> None:
        """Fetch the rows of the export, day by day, with what each of them tells.

        Rows tell what has changed. What has not for a while is told again beside
        others, so that it is not taken for unknown.
        """
        decoder = Decoder({})
        for start, end in days(request.start, request.end):
            text = await self._client.export_csv(device.id, start, end)
            last: dict[str, Point] = {}
            for samples in batched(samples_in(text), _ROWS, strict=False):
                for sample in samples:
                    if not start <= sample.time < end:
                        continue
                    told = {
                        key: point.value
                        for key, point in last.items()
                        if sample.time - point.start >= _UNCHANGED
                    } | decoder.read(sample.values)
                    for key, value in told.items():
                        if key in request.keys and not key.startswith(FIELD_PREFIX):
                            last[key] = Point(start=sample.time, value=value)
                            points[key].append(last[key])
                await asyncio.sleep(0)

    async def _slots(
        self, device: Device, request: HistoryRequest, points: dict[str, list[Point]]
    ) -> None:
        """Fetch statistics; the vendor cuts days and months in UTC."""
        timespan = _TIMESPANS[request.resolution]
        buckets = await self._client.statistics(
            device.id, timespan, request.start, request.end
        )
        for bucket in buckets:
            if not request.start <= bucket.start < request.end:
                continue
            end = _end_of(bucket, timespan)
            for key, value in slot_of(bucket, timespan).items():
                if key in request.keys:
                    points[key].append(Point(start=bucket.start, end=end, value=value))


def days(start: datetime, end: datetime) -> Iterator[tuple[datetime, datetime]]:
    """Yield a range day by day, from its first moment on."""
    while start < end:
        yield start, min(start + _DAY, end)
        start += _DAY


def _end_of(bucket: Bucket, timespan: Timespan) -> datetime:
    """Return when the time of a bucket ends."""
    if timespan is Timespan.HOUR:
        return bucket.start + timedelta(hours=1)
    if timespan is Timespan.DAY:
        return bucket.start + _DAY
    return (
        (bucket.start.astimezone(UTC) + timedelta(days=31)).replace(day=1)
        if bucket.start.day == 1
        else bucket.start + timedelta(days=31)
    )
