"""Time that is moved instead of waited for, in Home Assistant and in the houses."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta, tzinfo
from unittest.mock import patch

from homeassistant.util import dt as dt_util
from scripts.house_demo.houses import Houses

START = datetime(2026, 6, 15, 10, tzinfo=UTC)
# The houses hear of it over the network, so a little more is on the safe side.
_MARGIN_SECONDS = 0.05


class MovedClock:
    """The integration's clock: real time and what nobody waited for, as it was at the last move.

    Attributes:
        waited: How many seconds the integration would have waited for its turns.
    """

    def __init__(self, houses: Houses) -> None:
        """Begin at noon, so that every run has the same sun."""
        self._houses = houses
        self._ahead = START - datetime.now(UTC)
        self._now = START
        self.waited = 0.0

    def now(self) -> datetime:
        """Return the present time in UTC, as quickly as a real clock does.

        It stands still while something is measured.
        """
        return self._now

    async def sleep(self, seconds: float) -> None:
        """Move time instead of waiting."""
        self.waited += seconds
        await self.advance(seconds + _MARGIN_SECONDS)

    async def advance(self, seconds: float) -> None:
        """Move time, first in the houses, which must not find us early."""
        await self._houses.advance(seconds)
        self._ahead += timedelta(seconds=seconds)
        self._now = datetime.now(UTC) + self._ahead


@asynccontextmanager
async def moved_time(houses: Houses) -> AsyncIterator[MovedClock]:
    """Have the integration and Home Assistant's helpers live by a clock that can be moved."""
    clock = MovedClock(houses)

    def now(time_zone: tzinfo | None = None) -> datetime:
        """Return the present time in a zone."""
        return clock.now().astimezone(time_zone or dt_util.get_default_time_zone())

    with (
        patch("custom_components.home_battery.connect.SystemClock", return_value=clock),
        patch.object(dt_util, "utcnow", clock.now),
        patch.object(dt_util, "now", now),
    ):
        yield clock
