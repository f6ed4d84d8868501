"""The rhythm in which one device uploads, learned from its records' own times.

All times are seconds, moments those since the epoch. A record's stamp is by the
device's clock, everything else by ours; between the two lies the lag: how long
after its stamp a record can be had. A clock that is wrong only changes the lag,
so that nothing hangs on it.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from math import inf, log, pi, sqrt
from typing import Any, Final, Self

_HOUR: Final = 3600.0
_DAY: Final = 86400.0
# A device whose rhythm is not known yet is looked at so often, at first.
_QUICK: Final = 60.0
# So many records make a rhythm.
_ENOUGH: Final = 3
# With so many the first guesses are forgotten.
_SETTLED: Final = 8
# How far the latest record moves what is expected of the next.
_PHASE_GAIN: Final = 0.3
_PERIOD_GAIN: Final = 0.03
_SPREAD_GAIN: Final = 0.1
_LAG_GAIN: Final = 0.3
# The gaps between records that a changed period is told by.
_GAPS: Final = 5
_OTHER_PERIOD: Final = 0.1
# Of so many records, two are used to see whether there are more than are known of.
_DOUBT: Final = 12
# The bounds of a lag are not told apart more finely.
_FINE: Final = 4.0
_FORGET: Final = 0.1
# So much longer a lag is taken to be than what was too little.
_STEP: Final = 5.0
# Around the time at which it woke last, a sleeping device is looked at often.
_DAWN: Final = 2700.0
# What passes beside the least that lies between two looks.
_OVERHEAD: Final = 1.5
# So late a look may be before it is better to wait for the next upload.
_LATE: Final = 20.0


@dataclass(frozen=True, kw_only=True)
class Pace:
    """How the devices of a feed may be asked for.

    Attributes:
        interval: Seconds between two uploads, by all that is known beforehand.
        least: Seconds that have to lie between two questions about one device.
        join: The device's turn can be put off so many seconds to be asked for
            together with others.
        worth: Seconds by which data may be older if that saves a call.
        alone: A device is asked for in its own turn only; without it, one call
            brings all of them anyway.
    """

    interval: float
    least: float
    join: float
    worth: float = 30.0
    alone: bool = False


@dataclass(kw_only=True)
class Beat:
    """What is known of the uploads of one device.

    Attributes:
        stamp: The latest record's time, by the device's clock.
        seen: When that was first seen.
        looked: When the device was last looked at.
        period: Seconds between two uploads.
        due: The stamp that the next record should have.
        spread: How far off that is, as a standard deviation.
        lag: How long after its stamp a record can be had.
        floor: How long after its stamp it could not be had yet.
        count: How many records came, as far as that matters.
        gaps: The latest gaps between two records.
        woke: The time of day, in UTC, at which it came back after a long silence.
    """

    stamp: float
    seen: float
    looked: float
    period: float
    due: float
    spread: float
    lag: float
    floor: float
    count: int = 0
    gaps: list[float] = field(default_factory=list)
    woke: float | None = None

    @classmethod
    def begin(cls, now: float, stamp: float, pace: Pace) -> Self:
        """Begin with a first record, which may have been there for long."""
        return cls(
            stamp=stamp,
            seen=now,
            looked=now,
            period=pace.interval,
            due=stamp + pace.interval,
            spread=pace.interval / 30,
            lag=now - stamp,
            floor=-inf,
        )

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Self:
        """Read it back from its stored form."""
        floor = data["floor"]
        return cls(**{**data, "floor": -inf if floor is None else floor})

    def as_dict(self) -> dict[str, Any]:
        """Return what must outlive a restart."""
        return {**asdict(self), "floor": None if self.floor == -inf else self.floor}

    @property
    def known(self) -> bool:
        """Return whether there is a rhythm to rely on."""
        return self.count >= _ENOUGH

    @property
    def sleeps(self) -> bool:
        """Return whether the device has been silent for long."""
        return self.looked - self.seen > _HOUR

    def hear(self, now: float, stamp: float, pace: Pace) -> None:
        """Take over what a look has shown.

        Args:
            now: When the answer came.
            stamp: The record's own time.
            pace: How the device may be asked.
        """
        if stamp != self.stamp:
            self._learn(now, stamp)
        elif now - self.looked < pace.least:
            # That may be the answer of before.
            return
        self.looked = now

    def next_look(self, pace: Pace) -> float:
        """Return when to look next."""
        earliest = self.looked + pace.least
        silent = self.looked - self.seen
        if self.sleeps:
            gap = _QUICK if self._may_wake() else pace.interval
            return max(earliest, self.looked + gap)
        if not self.known:
            gap = min(max(_QUICK, silent / 6), pace.interval)
            return max(earliest, self.looked + gap)
        first, again = self._first(pace), self._again(pace)
        at = first
        if (late := self.looked - first) >= 0:
            at += (late // self.period + 1) * self.period
            if late < self.period:
                at = min(at, self.looked + max(again, 2 * late))
        # A device may have begun to upload more often.
        between = self.looked + 1.5 * pace.interval
        if at - between >= pace.least or self.seen // self.period % _DOUBT < 2:
            at = min(at, between)
        return at if at >= earliest else self._caught_up(earliest, first, pace)

    def look_from(self, moment: float, pace: Pace) -> float:
        """Return when an upload is first worth a look, from a moment on."""
        if self.sleeps or not self.known:
            return moment
        first = self._first(pace)
        if moment <= first:
            return first
        return moment + (first - moment) % self.period

    def _first(self, pace: Pace) -> float:
        """Return when the next record is likely enough to be there.

        To look a little later costs its share of freshness each time, and saves a
        look in vain now and then: the time until the next one, and what a call is
        worth. Where that is even, jitter being normal, is the best moment.
        """
        saved = (pace.worth + self._again(pace)) / (sqrt(2 * pi) * self.spread)
        margin = sqrt(2 * log(saved)) if saved > 1 else 0.0
        return self.due + self.lag + margin * self.spread

    def _again(self, pace: Pace) -> float:
        """Return the seconds until a second look."""
        return max(pace.least, 1.25 * self.spread)

    def _caught_up(self, earliest: float, first: float, pace: Pace) -> float:
        """Return when to look where it may not be as soon as it should.

        Where the vendor answers anew only as often as the device uploads, looks
        come later and later after an upload. To leave one out puts that right,
        and costs as much as the lateness that it saves until then.
        """
        slip = pace.least + _OVERHEAD - self.period
        bearable = max(sqrt(2 * self.period * max(slip, 0.0)), _LATE)
        if pace.least < self.period / 2 or bearable > self.period / 4:
            return earliest
        late = (earliest - first) % self.period
        return earliest if late <= bearable else earliest + self.period - late

    def _may_wake(self) -> bool:
        """Tell whether it is about the time of day at which the device last woke."""
        if self.woke is None:
            return False
        apart = (self.looked - self.woke + _DAY / 2) % _DAY - _DAY / 2
        return abs(apart) <= _DAWN

    def _learn(self, now: float, stamp: float) -> None:
        """Learn from a new record."""
        if now - self.seen > _HOUR:
            self.woke = now % _DAY
        gap = stamp - self.stamp
        self._learn_period(gap)
        half = self.period / 2
        off = (stamp - self.due + half) % self.period - half
        most = min(max(self.period / 4, 3 * self.spread), half)
        known = min(abs(off), self.period / 4)
        if self.known:
            self.spread = sqrt(
                self.spread**2 + _SPREAD_GAIN * (known**2 - self.spread**2)
            )
        if gap > 0 and abs(off) <= most:
            # What is new counts for more.
            new = 1 / (self.count + 1) if self.count < _SETTLED else 0.0
            if gap < 1.5 * self.period:
                self.period += new * (gap - self.period) if new else _PERIOD_GAIN * off
            self.due = stamp + (max(_PHASE_GAIN, new) - 1) * off + self.period
        else:
            self.due = stamp + self.period
        # Neither this record was there at the last look, nor is the next one now.
        next_one = now - self.due - 2 * self.spread
        self._learn_lag(max(self.looked - stamp, next_one), now - stamp)
        self.count = min(self.count + 1, _SETTLED)
        self.stamp, self.seen = stamp, now

    def _learn_period(self, gap: float) -> None:
        """Follow a device that uploads at another pace than before.

        A gap in which nobody looked says nothing.
        """
        in_vain = self.looked > max(self.seen, self.stamp + self.lag + 0.4 * gap)
        if gap <= 0 or (gap > 1.5 * self.period and not in_vain):
            return
        self.gaps = [*self.gaps, gap][-_GAPS:]
        if len(self.gaps) < _ENOUGH:
            return
        # All but one that a fresh start may have cut short are at least as long.
        usual = sorted(self.gaps)[1]
        clear = max(_OTHER_PERIOD * self.period, 3 * self.spread)
        if abs(usual - self.period) > clear:
            self.period = min(max(usual, _QUICK / 2), _HOUR)

    def _learn_lag(self, too_soon: float, enough: float) -> None:
        """Learn from the last look in vain and from the one that was not."""
        if not self.count or abs(enough - self.lag) > _HOUR / 2:
            # There is nothing to go by, or the device's clock was set.
            self.lag, self.floor = enough, too_soon
            return
        timely = enough <= self.lag + max(2.5 * self.spread, _FINE)
        if enough < self.lag:
            gain = _LAG_GAIN if self.count >= _SETTLED else 1.0
            self.lag += gain * (enough - self.lag)
        elif too_soon > self.lag:
            self.lag = too_soon + min((enough - too_soon) / 2, _STEP)
        else:
            excess = max(self.lag - self.floor - _FINE, 0.0)
            if timely:
                self.lag -= excess / 2
            elif excess > 2 * _STEP:
                self.lag -= 1.0
        self.floor = min(max(self.floor - _FORGET, too_soon), self.lag)
