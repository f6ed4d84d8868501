"""A loop whose time is moved instead of waited for, and everything that lives by it."""

import asyncio
from collections.abc import Callable, Iterator
from concurrent.futures import Executor
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta, tzinfo
import selectors
from time import monotonic
from typing import override
from unittest.mock import patch

from aiohttp import connector

from homeassistant.helpers import event
from homeassistant.runner import configure_event_loop
from homeassistant.util import dt as dt_util
from simulator.clock import Clock

# A Monday, 12:00 in the houses' time zone.
START = datetime(2026, 6, 15, 10, tzinfo=UTC)
# What is on its way from one end of a loopback connection to the other is there by then.
_ON_ITS_WAY = 0.0002


class _Selector(selectors.DefaultSelector):
    """Moves the loop's time to the next timer, where the loop would only wait for that."""

    loop: MovedLoop

    @override
    def select(
        self, timeout: float | None = None
    ) -> list[tuple[selectors.SelectorKey, int]]:
        """Return who is ready; nobody is waited for who is but a timer."""
        if self.loop.moves and timeout is not None and timeout > 0:
            way = _ON_ITS_WAY if timeout < 1 else 10 * _ON_ITS_WAY
            if not (ready := super().select(way)):
                self.loop.now += timeout
            return ready
        began = monotonic()
        ready = super().select(timeout)
        # Only what is waited for takes time: a slow machine makes nobody late.
        self.loop.now += monotonic() - began
        return ready


class MovedLoop(asyncio.SelectorEventLoop):
    """An event loop for a program that has nobody to wait for but itself.

    Attributes:
        now: Its time.
        flows: Whether time goes on, or stands but for what the machine takes.
    """

    def __init__(self) -> None:
        """Start with the machine's time."""
        self.now = monotonic()
        self.flows = False
        self._working = 0
        selector = _Selector()
        selector.loop = self
        super().__init__(selector)
        configure_event_loop(self)
        self.time = self._time  # type: ignore[method-assign]

    def _time(self) -> float:
        """Return the moved time."""
        return self.now

    @property
    def moves(self) -> bool:
        """Return whether time may be moved: a thread at work has to be waited for."""
        return self.flows and not self._working

    @override
    def run_in_executor[*Ts, T](
        self, executor: Executor | None, func: Callable[[*Ts], T], *args: *Ts
    ) -> asyncio.Future[T]:
        """Have a thread do some work, and know of it."""
        future = super().run_in_executor(executor, func, *args)
        self._working += 1
        future.add_done_callback(self._worked)
        return future

    def _worked(self, _future: object) -> None:
        """Note that a thread has done its work."""
        self._working -= 1


class MovedClock(Clock):
    """The one time of the simulated houses, and of a Home Assistant whose clock is right."""

    def __init__(self, loop: MovedLoop) -> None:
        """Begin at noon, so that every run has the same sun."""
        super().__init__(start=START)
        self._loop = loop
        self._began = loop.time()
        self._home = HomeClock(self)

    @override
    def now(self) -> datetime:
        """Return the present time in UTC."""
        return START + timedelta(seconds=self._loop.time() - self._began)

    @override
    def house_now(self) -> datetime:
        """Return the houses' time, which is the same."""
        return self.now()

    @override
    def advance(self, seconds: float) -> None:
        """Leap: what would have been due meanwhile is due now."""
        self._loop.now += seconds

    @property
    def home(self) -> HomeClock:
        """Return what Home Assistant goes by."""
        return self._home

    @contextmanager
    def flowing(self) -> Iterator[None]:
        """Let time flow as fast as there is nothing to be done."""
        self._loop.flows = True
        try:
            yield
        finally:
            self._loop.flows = False


class HomeClock:
    """The clock of the machine on which Home Assistant runs.

    Attributes:
        ahead: By how much it is wrong.
    """

    def __init__(self, clock: MovedClock) -> None:
        """Be right."""
        self.ahead = timedelta()
        self._clock = clock

    def now(self) -> datetime:
        """Return what it shows, in UTC."""
        return self._clock.now() + self.ahead

    async def sleep(self, seconds: float) -> None:
        """Wait, as everybody does."""
        await asyncio.sleep(seconds)


@contextmanager
def moved_time(loop: MovedLoop) -> Iterator[MovedClock]:
    """Have the integration, Home Assistant and the houses live by the loop's time."""
    clock = MovedClock(loop)
    home = clock.home

    def now(time_zone: tzinfo | None = None) -> datetime:
        """Return the present time in a zone."""
        return home.now().astimezone(time_zone or dt_util.get_default_time_zone())

    with (
        patch.object(connector, "monotonic", loop.time),
        patch("custom_components.home_battery.connect.SystemClock", return_value=home),
        patch("simulator.simulation.Clock", return_value=clock),
        patch.object(dt_util, "utcnow", home.now),
        patch.object(dt_util, "now", now),
        patch.object(event, "time_tracker_utcnow", home.now),
        patch.object(event, "time_tracker_timestamp", lambda: home.now().timestamp()),
    ):
        yield clock
