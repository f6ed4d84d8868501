"""Time that is moved for everything in this process that waits: timers, clocks and the houses."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta, tzinfo
from types import SimpleNamespace
from typing import Final
from unittest.mock import patch

from homeassistant.helpers import event
from homeassistant.util import dt as dt_util
from scripts.house_demo.houses import Houses

# A Monday, 1:00 in the houses' time zone.
START: Final = datetime(2026, 6, 14, 23, tzinfo=UTC)
_MARGIN_SECONDS: Final = 0.05


class MovedTime:
    """The clock of the integration and of Home Assistant's timers."""

    def __init__(self, houses: Houses, loop: asyncio.AbstractEventLoop) -> None:
        """Begin at the houses' own beginning."""
        self._houses = houses
        self._real = loop.time
        self._began = loop.time()
        self._ahead = 0.0
        self._of_timers = 0.0

    def now(self) -> datetime:
        """Return the present time in UTC."""
        return START + timedelta(seconds=self._real() - self._began + self._ahead)

    def timestamp(self) -> float:
        """Return the present time as UNIX time."""
        return self.now().timestamp()

    def of_timers(self) -> float:
        """Return the time that timers go by."""
        return self._real() + self._of_timers

    async def sleep(self, seconds: float) -> None:
        """Move time instead of waiting, but not for what is under way on the network."""
        self._ahead += seconds + _MARGIN_SECONDS
        await self._houses.advance(seconds + _MARGIN_SECONDS)

    def go_off(self) -> None:
        """Let timers go off that are due by now; what is on the network would time out."""
        self._of_timers = self._ahead


@asynccontextmanager
async def moved_time(houses: Houses) -> AsyncIterator[MovedTime]:
    """Have everything in this process live by a time that can be moved."""
    loop = asyncio.get_running_loop()
    clock = MovedTime(houses, loop)

    def now(time_zone: tzinfo | None = None) -> datetime:
        """Return the present time in a zone."""
        return clock.now().astimezone(time_zone or dt_util.get_default_time_zone())

    with (
        # No mock, which would remember every call.
        patch("custom_components.home_battery.connect.SystemClock", lambda: clock),
        # By it connections are closed that nobody has used for long.
        patch("aiohttp.connector.monotonic", clock.of_timers),
        patch.object(dt_util, "utcnow", clock.now),
        patch.object(dt_util, "now", now),
        patch.object(event, "time", SimpleNamespace(time=clock.timestamp)),
        patch.object(event, "time_tracker_utcnow", clock.now),
        patch.object(event, "time_tracker_timestamp", clock.timestamp),
        patch.object(loop, "time", clock.of_timers),
    ):
        yield clock
