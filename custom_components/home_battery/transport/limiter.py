"""The vendor's limits, kept for everything that uses the same credentials."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from .clock import Clock
from .errors import LimitError, QuotaError

_HOUR = 3600
_DAY_HOURS = 24
# A call waits this long for its turn; beyond, whoever asked shall decide.
_PATIENCE = 60.0


@dataclass(frozen=True)
class Limit:
    """At most `calls` calls in any `seconds`, among those of the same key."""

    key: str
    calls: int
    seconds: float


@dataclass(frozen=True, kw_only=True)
class Turn:
    """What a call says of itself when it asks for its turn.

    Attributes:
        limits: Every limit that it counts against.
        urgent: A write, or what confirms one: it overtakes reads, and may use
            the part of the day's calls that is kept for writes.
    """

    limits: tuple[Limit, ...] = ()
    urgent: bool = False


@dataclass
class _Waiting:
    """A call that waits for its turn."""

    turn: Turn
    order: tuple[bool, int]
    changed: asyncio.Event = field(default_factory=asyncio.Event)


class Limiter:
    """Gives calls their turns, and remembers them over restarts.

    The day is the last 24 hours, counted by the hour, because no vendor says
    when its own day begins.
    """

    def __init__(self, clock: Clock, stored: Mapping[str, Any] | None = None) -> None:
        """Start from what was stored, if anything was.

        Args:
            clock: The time.
            stored: What `as_dict` returned before the restart.
        """
        stored = stored or {}
        self._clock = clock
        self._windows: dict[str, list[float]] = {
            key: list(times) for key, times in stored.get("windows", {}).items()
        }
        self._hours: dict[int, int] = {
            int(hour): count for hour, count in stored.get("hours", {}).items()
        }
        self._quota_free_at: float = stored.get("quota_free_at", 0.0)
        self._waiting: list[_Waiting] = []
        self._number = 0
        self._flights: dict[str, asyncio.Future[Any]] = {}
        self.daily_calls: int | None = stored.get("daily_calls")
        self.reserved_calls: int = stored.get("reserved_calls", 0)
        self.on_change: Callable[[], None] | None = None

    @property
    def calls_today(self) -> int:
        """Return how many calls were made in the last 24 hours."""
        oldest = self._hour() - _DAY_HOURS
        return sum(count for hour, count in self._hours.items() if hour > oldest)

    @property
    def calls_left(self) -> int | None:
        """Return how many more calls the last 24 hours allow, if that is known."""
        if self.daily_calls is None:
            return None
        return max(self.daily_calls - self.calls_today, 0)

    def as_dict(self) -> dict[str, Any]:
        """Return what must outlive a restart."""
        return {
            "windows": self._windows,
            "hours": {str(hour): count for hour, count in self._hours.items()},
            "quota_free_at": self._quota_free_at,
            "daily_calls": self.daily_calls,
            "reserved_calls": self.reserved_calls,
        }

    def budget(self, total: int, remaining: int | None, *, reserved: float) -> None:
        """Take over the vendor's own count of the day's calls.

        Args:
            total: Calls that the account has a day.
            remaining: Calls that are left; other apps on the same credentials
                may have used some.
            reserved: Share of the total that only urgent calls may use.
        """
        self.daily_calls = total
        self.reserved_calls = int(total * reserved)
        foreign = total - self.calls_today - (total if remaining is None else remaining)
        if foreign > 0:
            hour = self._hour()
            self._hours[hour] = self._hours.get(hour, 0) + foreign
        self._changed()

    def quota_gone(self, seconds: float) -> None:
        """Let no call through for a while: the vendor says that the day is spent."""
        self._quota_free_at = self._now() + seconds
        self._changed()

    async def turn(self, turn: Turn) -> None:
        """Wait for the turn, then count the call.

        Raises:
            LimitError: The turn is further away than a caller can wait.
            QuotaError: The day's calls are used up.
        """
        self._number += 1
        waiting = _Waiting(turn, (not turn.urgent, self._number))
        self._waiting.append(waiting)
        try:
            await self._wait(waiting)
            self._count(turn.limits)
        finally:
            self._waiting.remove(waiting)
            for other in self._waiting:
                other.changed.set()

    async def shared[T](self, key: str, fetch: Callable[[], Awaitable[T]]) -> T:
        """Fetch once for all who ask for the same thing at the same time."""
        while (flight := self._flights.get(key)) is not None:
            try:
                result: T = await asyncio.shield(flight)
            except asyncio.CancelledError:
                if not flight.cancelled():
                    raise
            else:
                return result
        self._flights[key] = flight = asyncio.get_running_loop().create_future()
        try:
            result = await fetch()
        except Exception as error:
            flight.set_exception(error)
            # Nobody else may have waited, and that is no lost error.
            flight.exception()
            raise
        else:
            flight.set_result(result)
            return result
        finally:
            flight.cancel()
            del self._flights[key]

    async def _wait(self, waiting: _Waiting) -> None:
        """Return when it is this call's turn."""
        deadline = self._now() + _PATIENCE
        while True:
            self._check_quota(waiting.turn)
            delay = self._delay(waiting.turn.limits)
            if self._now() + delay > deadline:
                raise LimitError(
                    "The vendor allows no such call now", retry_after=delay
                )
            if delay > 0:
                await self._clock.sleep(delay)
            elif self._overtaken(waiting):
                waiting.changed.clear()
                await waiting.changed.wait()
            else:
                return

    def _check_quota(self, turn: Turn) -> None:
        """Raise if the day has no call left for this one."""
        if (wait := self._quota_free_at - self._now()) > 0:
            raise QuotaError("The day's calls are used up", retry_after=wait)
        left = self.calls_left
        if left is not None and left <= (0 if turn.urgent else self.reserved_calls):
            raise QuotaError("The day's calls are used up", retry_after=_HOUR)

    def _delay(self, limits: Iterable[Limit]) -> float:
        """Return the seconds until every limit has room."""
        now = self._now()
        delay = 0.0
        for limit in limits:
            # A clock that was set back must not lock the vendor out.
            times = [min(t, now) for t in self._windows.get(limit.key, ())]
            if len(times) >= limit.calls:
                delay = max(delay, times[-limit.calls] + limit.seconds - now)
        return delay

    def _overtaken(self, waiting: _Waiting) -> bool:
        """Tell whether another call is before this one at a shared limit."""
        keys = {limit.key for limit in waiting.turn.limits}
        return any(
            other.order < waiting.order
            and any(limit.key in keys for limit in other.turn.limits)
            for other in self._waiting
        )

    def _count(self, limits: Iterable[Limit]) -> None:
        """Remember that a call was made."""
        now = self._now()
        for limit in limits:
            times = self._windows.setdefault(limit.key, [])
            times.append(now)
            del times[: -limit.calls]
        self._windows = {
            key: times
            for key, times in self._windows.items()
            if times[-1] > now - _DAY_HOURS * _HOUR
        }
        hour = self._hour()
        self._hours[hour] = self._hours.get(hour, 0) + 1
        self._hours = {h: n for h, n in self._hours.items() if h > hour - _DAY_HOURS}
        self._changed()

    def _changed(self) -> None:
        """Let what was counted be stored."""
        if self.on_change is not None:
            self.on_change()

    def _now(self) -> float:
        """Return the seconds since the epoch."""
        return self._clock.now().timestamp()

    def _hour(self) -> int:
        """Return the hours since the epoch."""
        return int(self._now() // _HOUR)
