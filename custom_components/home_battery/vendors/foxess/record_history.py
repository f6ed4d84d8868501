"""The past of a Fox ESS device as the records that it has sent (Fox ESS notes, 1.7 and 1.12)."""

from abc import ABC, abstractmethod
import asyncio
from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from itertools import batched
from typing import Final, override

from ...battery.history import History, HistoryRequest, Point, Resolution
from ...battery.model import Device, Value
from . import ems, gmax
from .client import FoxEssClient
from .memory import DeviceMemory
from .models import RealTime
from .readings import common_of
from .series import parse_moments, parse_series

_WINDOW: Final = timedelta(hours=24)
_PARTS: Final = 48


class RecordHistory(ABC):
    """The past of one device, of which the vendor keeps nothing but records."""

    def keys(self, resolution: Resolution) -> frozenset[str]:
        """Return the readings that are told at a resolution."""
        if resolution is Resolution.RECORDS:
            return self.record_keys()
        return frozenset()

    def calls(self, request: HistoryRequest) -> int:
        """Return how many windows a request takes."""
        return len(list(_windows(request)))

    async def fetch(self, request: HistoryRequest) -> History:
        """Fetch records window by window, as they would have been when they came."""
        found: dict[datetime, dict[str, Value]] = {}
        for begin, end in _windows(request):
            for part in batched(
                await self.window(request.keys, begin, end), _PARTS, strict=False
            ):
                for real_time in part:
                    # The vendor may send more than was asked for.
                    at = real_time.time
                    if at is not None and request.start <= at < request.end:
                        found[at] = self.readings(real_time.values)
                await asyncio.sleep(0)
        points: defaultdict[str, list[Point]] = defaultdict(list)
        for moments in batched(sorted(found), 10 * _PARTS, strict=False):
            for at in moments:
                for key in found[at].keys() & request.keys:
                    points[key].append(Point(start=at, value=found[at][key]))
            await asyncio.sleep(0)
        return History(points={key: tuple(items) for key, items in points.items()})

    @abstractmethod
    def record_keys(self) -> frozenset[str]:
        """Return the readings that a record can have."""

    @abstractmethod
    def readings(self, values: Mapping[str, object]) -> dict[str, Value]:
        """Return the readings of a record, by the vendor's names in lower case."""

    @abstractmethod
    async def window(
        self, keys: frozenset[str], begin: datetime, end: datetime
    ) -> list[RealTime]:
        """Fetch the records of a day at most; those of some readings will do."""


class EmsHistory(RecordHistory):
    """The past of one EMS, as far as its variables are known to be answered."""

    def __init__(
        self, client: FoxEssClient, device: Device, memory: DeviceMemory
    ) -> None:
        """Keep the means; nothing is sent yet."""
        self._client = client
        self._serial = device.id
        self._names = (
            ems.DOCUMENTED if ems.TOTALS in memory.lacking else tuple(ems.VARIABLES)
        )

    @override
    def record_keys(self) -> frozenset[str]:
        """Return the readings that are made of no other variables."""
        return frozenset(
            key for key, names in ems.READINGS.items() if names.issubset(self._names)
        )

    @override
    def readings(self, values: Mapping[str, object]) -> dict[str, Value]:
        """Return the common readings of a record."""
        return common_of(ems.as_inverter(values), has_battery=True)

    @override
    async def window(
        self, keys: frozenset[str], begin: datetime, end: datetime
    ) -> list[RealTime]:
        """Fetch the records of one window."""
        wanted = frozenset().union(*(ems.READINGS[key] for key in keys))
        variables = [name for name in self._names if name in wanted]
        answer = await self._client.call(
            "ems_history",
            {"sn": self._serial, "variables": variables, **span(begin, end)},
        )
        return await parse_series(answer, self._serial)


class GmaxHistory(RecordHistory):
    """The past of one GMAX."""

    def __init__(self, client: FoxEssClient, device: Device) -> None:
        """Keep the means; nothing is sent yet."""
        self._client = client
        self._serial = device.id

    @override
    def record_keys(self) -> frozenset[str]:
        """Return the readings that a record can have."""
        return gmax.READINGS

    @override
    def readings(self, values: Mapping[str, object]) -> dict[str, Value]:
        """Return the readings of a record."""
        return gmax.gmax_values(values)

    @override
    async def window(
        self, keys: frozenset[str], begin: datetime, end: datetime
    ) -> list[RealTime]:
        """Fetch the records of one window, which come whole."""
        answer = await self._client.call(
            "gmax_history", {"sn": self._serial, **span(begin, end)}
        )
        return parse_moments(answer, self._serial)


def span(begin: datetime, end: datetime) -> dict[str, int]:
    """Return a window as the vendor wants it, in milliseconds."""
    return {
        "begin": int(begin.timestamp() * 1000),
        "end": int(end.timestamp() * 1000),
    }


def _windows(request: HistoryRequest) -> Iterator[tuple[datetime, datetime]]:
    """Yield the stretches of a request that the vendor answers in one call."""
    begin = request.start
    while begin < request.end:
        end = min(begin + _WINDOW, request.end)
        yield begin, end
        begin = end
