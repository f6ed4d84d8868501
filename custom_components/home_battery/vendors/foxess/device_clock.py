"""An inverter's own clock, which its schedule runs by (Fox ESS notes 1.11)."""

from collections.abc import Mapping
from datetime import datetime, tzinfo
from typing import Final

from ...transport.clock import Clock
from ...transport.errors import TransientError
from .client import FoxEssClient
from .models import mapping

_PARTS: Final = ("year", "month", "day", "hour", "minute", "second")
_CENTURY: Final = 2000


class DeviceClock:
    """The clock of one inverter, which shows the time of a zone."""

    def __init__(
        self, client: FoxEssClient, serial: str, zone: tzinfo, clock: Clock
    ) -> None:
        """Keep the means; nothing is sent yet."""
        self._client = client
        self._serial = serial
        self._zone = zone
        self._clock = clock

    async def offset(self) -> float:
        """Return how many seconds the clock is ahead.

        The answer may take its time, and was true somewhere in the middle of it.
        """
        before = self._wall()
        answer = await self._client.call("device_time_get", {"sn": self._serial})
        after = self._wall()
        return round(
            (parse_wall(answer) - before - (after - before) / 2).total_seconds()
        )

    async def set(self) -> None:
        """Set the clock; from then on it no longer sets itself."""
        await self._client.call(
            "device_time_set", {"sn": self._serial, **as_wire(self._wall())}
        )

    def _wall(self) -> datetime:
        """Return what the clock should show."""
        return self._clock.now().astimezone(self._zone).replace(tzinfo=None)


def parse_wall(data: object) -> datetime:
    """Read `time/get`, whose year may come without its century."""
    data = mapping(data)
    try:
        year, month, day, hour, minute, second = (
            int(str(data[part])) for part in _PARTS
        )
        if year < 100:
            year += _CENTURY
        return datetime(year, month, day, hour, minute, second)
    except (KeyError, ValueError, OverflowError) as err:
        raise TransientError("The answer is no time") from err


def as_wire(wall: datetime) -> Mapping[str, str]:
    """Return what `time/set` takes: text, and the year without its century."""
    parts = {part: getattr(wall, part) for part in _PARTS}
    parts["year"] %= 100
    return {part: str(value) for part, value in parts.items()}
