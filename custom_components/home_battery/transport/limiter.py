"""The vendor's limits, kept for everything that uses the same credentials."""

import asyncio
from collections import Counter
from collections.abc import AsyncGenerator, Awaitable, Callable, Iterable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from .answers import Answers
from .clock import Clock
from .errors import CrowdedError, QuotaError

_HOUR = 3600
_DAY_HOURS = 24
# So long the vendor's count of the calls left is believed without a new one.
_OBSERVED_SECONDS = 2 * _HOUR
# A call waits this long for its turn; beyond, whoever asked shall decide.
_PATIENCE = 60.0
# Where the vendor's count has risen by this share of the day's, its day began anew.
_RISE = 0.1


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

    Where the vendor does not tell its own count, the day is the last 24 hours,
    counted by the hour, because no vendor says when its day begins.

    Attributes:
        answers: Answers that stand for as long as the vendor gives no new ones.
        told: When the vendor last told its count since the start, and what was left.
        calls_made: How many calls were made since the start.
    """

    def __init__(self, clock: Clock, stored: Mapping[str, Any] | None = None) -> None:
        """Start from what was stored, if anything was.

        Args:
            clock: The time.
            stored: What `as_dict` returned before the restart.
        """
        stored = stored or {}
        self._clock = clock
        self.answers = Answers(clock, stored.get("answers"))
        self._windows: dict[str, list[float]] = {
            key: list(times) for key, times in stored.get("windows", {}).items()
        }
        self._hours: dict[int, int] = {
            int(hour): count for hour, count in stored.get("hours", {}).items()
        }
        self._quota_free_at: float = stored.get("quota_free_at", 0.0)
        self._waiting: list[_Waiting] = []
        self._under_way: Counter[str] = Counter()
        self._number = 0
        self._flights: dict[str, asyncio.Future[Any]] = {}
        self._observed_left: int = stored.get("observed_left", 0)
        self._observed_at: float = stored.get("observed_at", 0.0)
        self._renewed_at: float = stored.get("renewed_at", 0.0)
        self.told: tuple[float, int] | None = None
        self.calls_made = 0
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
        """Return how many more calls the day allows, if that is known.

        The vendor's own count is the truth while it is young: other apps may
        use the same credentials, and the vendor's day may have begun anew.
        """
        if self.daily_calls is None:
            return None
        if self._is_observed:
            return max(self._observed_left, 0)
        return max(self.daily_calls - self.calls_today, 0)

    @property
    def spent(self) -> bool:
        """Return whether the vendor has said that the day's calls are used up."""
        return self._now() < self._quota_free_at

    @property
    def calls_free(self) -> int | None:
        """Return how many of them are not kept for writes, if that is known."""
        left = self.calls_left
        return None if left is None else max(left - self.reserved_calls, 0)

    @property
    def seconds_per_read(self) -> float | None:
        """Return how far apart reads must be for the day's calls to last, if known.

        Where the vendor does not tell its count, what was called a day ago is free
        again all the time, so that only the day as a whole counts.
        """
        if self.daily_calls is None or (free := self.calls_free) is None:
            return None
        day = _DAY_HOURS * _HOUR
        if self._is_observed:
            # A day that should have begun anew and has not will soon.
            return max(day - (self._now() - self._renewed_at), _HOUR) / max(free, 1)
        evenly = day / max(self.daily_calls - self.reserved_calls, 1)
        return max(evenly, _HOUR / max(free, 1))

    @property
    def _is_observed(self) -> bool:
        """Return whether the vendor's own count is young enough to be believed."""
        return self._now() - self._observed_at < _OBSERVED_SECONDS

    def as_dict(self) -> dict[str, Any]:
        """Return what must outlive a restart."""
        return {
            "windows": self._windows,
            "hours": {str(hour): count for hour, count in self._hours.items()},
            "quota_free_at": self._quota_free_at,
            "observed_left": self._observed_left,
            "observed_at": self._observed_at,
            "renewed_at": self._renewed_at,
            "daily_calls": self.daily_calls,
            "reserved_calls": self.reserved_calls,
            "answers": self.answers.as_dict(),
        }

    def budget(self, total: int, remaining: int | None, *, reserved: float) -> None:
        """Take over the vendor's own count of the day's calls.

        Args:
            total: Calls that the account has a day.
            remaining: Calls that are left of today's, if the vendor tells.
            reserved: Share of the total that only urgent calls may use.
        """
        self.daily_calls = total
        self.reserved_calls = int(total * reserved)
        if remaining is not None:
            if not self._renewed_at or remaining > self._observed_left + _RISE * total:
                self._renewed_at = self._now()
            self._observed_left, self._observed_at = remaining, self._now()
            self.told = (self._observed_at, remaining)
        self._changed()

    def quota_gone(self, seconds: float) -> None:
        """Let no call through for a while: the vendor says that the day is spent."""
        self._quota_free_at = self._now() + seconds
        self._changed()

    @asynccontextmanager
    async def turn(self, turn: Turn) -> AsyncGenerator[None]:
        """Wait for the turn, and count the call that is made in it.

        The spacing runs from the end of a call: only so it is kept where the
        vendor counts, however long a request has been under way.

        Raises:
            CrowdedError: The turn is further away than a caller can wait.
            QuotaError: The day's calls are used up.
        """
        self._number += 1
        waiting = _Waiting(turn, (not turn.urgent, self._number))
        self._waiting.append(waiting)
        try:
            await self._wait(waiting)
        finally:
            self._waiting.remove(waiting)
            self._call_next()
        self._under_way.update(limit.key for limit in turn.limits)
        self._count(turn.limits)
        try:
            yield
        finally:
            now = self._now()
            for limit in turn.limits:
                self._windows[limit.key][-1] = now
            self._under_way.subtract(limit.key for limit in turn.limits)
            self._call_next()
            self._changed()

    async def shared[T](self, key: str, fetch: Callable[[], Awaitable[T]]) -> T:
        """Fetch once for all who ask for the same thing at the same time."""
        while (flight := self._flights.get(key)) is not None:
            try:
                result: T = await asyncio.shield(flight)
            except asyncio.CancelledError:
                task = asyncio.current_task()
                if not flight.cancelled() or (task and task.cancelling()):
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
            if self._flights.get(key) is flight:
                del self._flights[key]

    def part_flights(self) -> None:
        """Let nobody join what is being fetched: it may be from before a write."""
        self._flights.clear()

    async def _wait(self, waiting: _Waiting) -> None:
        """Return when it is this call's turn."""
        deadline = self._now() + _PATIENCE
        while True:
            self._forgive_clock()
            self._check_quota(waiting.turn)
            delay = self._delay(waiting.turn.limits)
            if self._now() + delay > deadline:
                raise CrowdedError(
                    "The vendor allows no such call now", retry_after=delay
                )
            if delay > 0:
                await self._clock.sleep(delay)
            elif self._occupied(waiting.turn.limits) or self._overtaken(waiting):
                waiting.changed.clear()
                await waiting.changed.wait()
            else:
                return

    def _forgive_clock(self) -> None:
        """Move to the present what lies ahead of it.

        A clock that was set back must not lock the vendor out.
        """
        now, hour = self._now(), self._hour()
        for times in self._windows.values():
            times[:] = [min(at, now) for at in times]
        for ahead in [known for known in self._hours if known > hour]:
            self._hours[hour] = self._hours.get(hour, 0) + self._hours.pop(ahead)
        self._observed_at = min(self._observed_at, now)
        self._renewed_at = min(self._renewed_at, now)
        self._quota_free_at = min(self._quota_free_at, now + _DAY_HOURS * _HOUR)

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
            times = self._windows.get(limit.key, ())
            if len(times) >= limit.calls:
                delay = max(delay, times[-limit.calls] + limit.seconds - now)
        return delay

    def _occupied(self, limits: Iterable[Limit]) -> bool:
        """Tell whether calls under way take up all that a limit allows."""
        return any(self._under_way[limit.key] >= limit.calls for limit in limits)

    def _call_next(self) -> None:
        """Let all who wait look again whether it is their turn."""
        for waiting in self._waiting:
            waiting.changed.set()

    def _overtaken(self, waiting: _Waiting) -> bool:
        """Tell whether another call is before this one at a shared limit.

        One that another of its limits holds back is before nobody.
        """
        keys = {limit.key for limit in waiting.turn.limits}
        return any(
            other.order < waiting.order
            and any(limit.key in keys for limit in other.turn.limits)
            and self._delay(other.turn.limits) <= 0
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
        self._observed_left -= 1
        self.calls_made += 1
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
