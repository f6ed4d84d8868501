"""When a feed that follows its devices' uploads asks, and for whom; no Home Assistant."""

from collections.abc import Callable, Iterable, Sequence
from datetime import timedelta
from typing import Final

from .battery.model import Device
from .transport.beat import Pace
from .transport.clock import Clock
from .transport.limiter import Limiter
from .transport.rhythm import Rhythm
from .vendors.vendor import FeedResult

# What is called for beside the records takes so much of the calls, until it is known.
_OTHERS: Final = 0.5
# It is told by the count of so many seconds at least: a start calls for much at once.
_LONG: Final = 1800
# Of what is left, records keep a part: much at once may have been the last of it.
_MOST_OTHERS: Final = 0.8


class Following:
    """Follows the uploads of a feed's devices.

    Attributes:
        rhythm: What was learned of them.
    """

    def __init__(
        self,
        pace: Callable[[Device], Pace],
        rhythm: Rhythm,
        limiter: Limiter,
        clock: Clock,
    ) -> None:
        """Keep what decides."""
        self._pace = pace
        self._limiter = limiter
        self._clock = clock
        self._calls = 0
        # What the vendor last told, and the calls for records since.
        self._told: tuple[float, int] | None = None
        self._own = 0
        self._others: float | None = None
        self.rhythm = rhythm

    def turns(self, devices: Iterable[Device]) -> list[Device]:
        """Return whose turn it is, at the begin of a round."""
        devices = list(devices)
        self._calls = self._limiter.calls_made
        turns = self.rhythm.turns(self._now(), self._paces(devices))
        return [device for device in devices if device.key in turns]

    def heard(self, asked: Iterable[Device], result: FeedResult) -> None:
        """Learn from what a round has brought."""
        calls = self._limiter.calls_made - self._calls
        self._own += calls
        self.rhythm.heard(
            self._now(),
            self._paces(asked),
            {
                key: record.time.timestamp()
                for key, record in result.records.items()
                if record.time is not None
            },
            calls,
        )

    def wait(self, devices: Sequence[Device]) -> timedelta:
        """Return how long to wait for the next round, for some devices at least."""
        now = self._now()
        paces = self._paces(devices)
        at = self.rhythm.plan(now, paces, self._seconds_per_call())
        return timedelta(seconds=at - now)

    def _seconds_per_call(self) -> float | None:
        """Return how far apart calls for records must be, if calls are counted.

        All else that is called for, by other apps too, goes before.
        """
        if (seconds := self._limiter.seconds_per_read) is None:
            return None
        self._measure_others()
        share = _OTHERS if self._others is None else self._others * seconds
        return seconds / (1 - min(share, _MOST_OTHERS))

    def _measure_others(self) -> None:
        """Learn from the vendor's count how much is called for beside the records."""
        before, told = self._told, self._limiter.told
        if told is None or told == before:
            return
        if before is not None and told[1] <= before[1]:
            if (passed := told[0] - before[0]) < _LONG:
                return
            rate = max(before[1] - told[1] - self._own, 0) / passed
            known = rate if self._others is None else self._others
            self._others = (known + rate) / 2
        self._told, self._own = told, 0

    def _paces(self, devices: Iterable[Device]) -> dict[str, Pace]:
        """Return how devices may be asked for."""
        return {device.key: self._pace(device) for device in devices}

    def _now(self) -> float:
        """Return the seconds since the epoch."""
        return self._clock.now().timestamp()
