"""The two clocks of a simulation: protocol time and house time."""

from datetime import UTC, datetime, timedelta
from typing import Final

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


class Clock:
    """Real time with an offset, and the houses' time, which may run faster.

    Protocol time is what a server on the internet would see: request windows,
    quotas and time stamps in logs use it. House time is what sun, loads and
    batteries follow. Both follow `datetime.now`, so a frozen clock freezes them.
    """

    def __init__(self, *, start: datetime | None = None, speed: float = 1.0) -> None:
        """Start house time at `start` (default: now), `speed` times as fast as real time."""
        if speed < 0:
            raise ValueError("speed must not be negative")
        self._origin = datetime.now(UTC)
        # The sum is a plain datetime also where a test's clock is frozen, and so is all
        # house time, whose arithmetic would otherwise be many times slower.
        self._start = _EPOCH + ((start or self._origin) - _EPOCH)
        self._speed = speed
        self._offset = timedelta()

    @property
    def speed(self) -> float:
        """Return how many house seconds pass in one real second."""
        return self._speed

    @property
    def start(self) -> datetime:
        """Return the house time at which the simulation began."""
        return self._start

    def now(self) -> datetime:
        """Return protocol time in UTC."""
        return datetime.now(UTC) + self._offset

    def house_now(self) -> datetime:
        """Return house time in UTC."""
        elapsed = datetime.now(UTC) - self._origin
        return self._start + elapsed * self._speed + self._offset

    def advance(self, seconds: float) -> None:
        """Move both clocks forward by the same number of seconds."""
        if seconds < 0:
            raise ValueError("time only moves forward")
        self._offset += timedelta(seconds=seconds)
