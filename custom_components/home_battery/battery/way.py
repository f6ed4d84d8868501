"""Where a battery stands on its way to a target SOC, with only what is sure."""

from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil, inf, isfinite
from typing import Final

from .taper import Taper

_HOUR: Final = timedelta(hours=1)
_MINUTE: Final = timedelta(minutes=1)
_KILO: Final = 1000.0
_FULL: Final = 100.0

# Of the energy that a charge takes, what arrives in the cells. A discharge is
# counted without losses, which only make it faster.
CHARGE_EFFICIENCY: Final = 0.92

# What is kept in hand: a share of the way, some minutes, and half the percent
# that a device rounds its SOC to.
_RESERVE: Final = 1.1
_SPARE: Final = 5 * _MINUTE
_ROUNDING: Final = 0.5

_LEAST_SHARE: Final = 0.1
_POWER_STEP: Final = 50

# The power of a discharge over what the house needs now, so that a little more
# does not make it import: a share, and W.
_HOUSE_SHARE: Final = 1.25
_HOUSE_SPARE: Final = 100.0


@dataclass(frozen=True, kw_only=True)
class Situation:
    """What is known of an override and its battery now.

    Attributes:
        charging: Charge to the target, or discharge to it.
        now: The present.
        end: When the target is to be reached.
        target_soc: The target in %.
        soc: SOC in %.
        capacity: Usable kWh, of which the SOC is a share.
        limit: W that the device can do in the direction of the override.
        asked: W that the person allows; `None` if as much as the device can.
        back_limit: W that it can do in the other direction.
        back_soc: % at which it stops in the other direction while waiting: the
            floor on the grid of a charge, the ceiling of a discharge.
        load: W that the house uses.
        pv: W that the sun gives.
        dark: No sun worth waiting for comes before the end.
        taper: What the battery is known to take and give.
    """

    charging: bool
    now: datetime
    end: datetime
    target_soc: float
    soc: float | None
    capacity: float | None
    limit: float | None
    asked: float | None = None
    back_limit: float | None = None
    back_soc: float | None = None
    load: float | None = None
    pv: float | None = None
    dark: bool = False
    taper: Taper

    @property
    def net(self) -> float | None:
        """Return the W that the house needs beyond the sun, negative for a surplus."""
        if self.load is None or self.pv is None:
            return None
        return net if isfinite(net := self.load - self.pv) else None

    @property
    def most(self) -> float | None:
        """Return the W of full power, `None` if only the device knows."""
        return min(
            (p for p in (self.limit, self.asked) if p is not None and 0 < p < inf),
            default=None,
        )

    @property
    def reached(self) -> bool:
        """Tell whether the battery is where it is to be."""
        if self.soc is None:
            return False
        ahead = self.soc - self.target_soc
        return ahead >= 0 if self.charging else ahead <= 0


@dataclass(frozen=True, slots=True)
class Way:
    """The way of a battery to its target, with only what is known for sure.

    Attributes:
        situation: Where it stands.
        soc: The SOC in %.
        target: The target in %.
        capacity: Usable kWh.
        most: W of full power.
        limit: W that the device is made for.
    """

    situation: Situation
    soc: float
    target: float
    capacity: float
    most: float
    limit: float

    @classmethod
    def of(cls, situation: Situation) -> Way | None:
        """Return the way, `None` if something is not known that it takes."""
        soc, capacity, most = situation.soc, situation.capacity, situation.most
        if soc is None or capacity is None or most is None:
            return None
        if not (0 <= soc <= _FULL and 0 <= situation.target_soc <= _FULL):
            return None
        if not 0 < capacity < inf:
            return None
        limit = situation.limit
        if limit is None or not most <= limit < inf:
            limit = most
        return cls(situation, soc, situation.target_soc, capacity, most, limit)

    def worst(self, wait: timedelta) -> float:
        """Return the SOC in % after a wait in which the battery went back all it can."""
        charging, back_soc = self.situation.charging, self.situation.back_soc
        end_stop = 0.0 if charging else _FULL
        if back_soc is not None and 0 <= back_soc <= _FULL:
            end_stop = back_soc
        back = self.situation.back_limit
        if not wait:
            moved = 0.0
        elif back is None or not 0 <= back < inf:
            moved = _FULL
        else:
            if charging:
                back /= CHARGE_EFFICIENCY
            moved = back / _KILO * (wait / _HOUR) / self.capacity * _FULL
        if charging:
            return max(self.soc - moved, min(self.soc, end_stop))
        return min(self.soc + moved, max(self.soc, end_stop))

    def lasts(self, soc: float, power: float) -> timedelta:
        """Return how long the way from an SOC in % takes with some W."""
        charging = self.situation.charging
        soc += -_ROUNDING if charging else _ROUNDING
        soc = min(max(soc, 0.0), _FULL)
        if (soc >= self.target) if charging else (soc <= self.target):
            return timedelta(0)
        hours = self.situation.taper.hours(
            soc, self.target, power, self.limit, self.capacity
        )
        return hours / (CHARGE_EFFICIENCY if charging else 1.0) * _HOUR

    def longest_wait(self, left: timedelta, power: float) -> timedelta:
        """Return how many whole minutes may pass before a window of some W has to begin."""

        def needed(minutes: int) -> timedelta:
            wait = minutes * _MINUTE
            return wait + _RESERVE * self.lasts(self.worst(wait), power) + _SPARE

        minutes = range(left // _MINUTE + 1)
        return max(bisect_right(minutes, left, key=needed) - 1, 0) * _MINUTE

    def gentlest(self, left: timedelta, least: float) -> float:
        """Return the least W, not under some, that reach the target in the time left."""

        def power(step: int) -> float:
            return min(step * _POWER_STEP, self.most)

        def spare(step: int) -> timedelta:
            return left - _SPARE - _RESERVE * self.lasts(self.soc, power(step))

        first = max(ceil(least / _POWER_STEP), 1)
        last = max(ceil(self.most / _POWER_STEP), first)
        steps = range(first, last)
        return power(steps.start + bisect_left(steps, timedelta(0), key=spare))

    def least_power(self, net: float | None) -> float:
        """Return the W under which sun is wasted or the house imports.

        While the battery is charged by force, sun beyond the power is lost to
        the grid. While it is discharged by force, the house imports what it
        needs beyond the power; where that is not known, only full power will do.
        """
        if self.situation.charging:
            least = -(net or 0.0)
        elif net is None:
            return self.most
        else:
            least = net * _HOUSE_SHARE + _HOUSE_SPARE
        return min(max(least, _LEAST_SHARE * self.most), self.most)
