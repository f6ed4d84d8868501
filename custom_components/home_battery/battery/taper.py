"""The most that a battery takes and gives at each state of charge, as learned from it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from math import inf, isfinite
from typing import Any, Final, Self

_KILO: Final = 1000.0
_PERCENT: Final = 100

# What a battery is taken to do before it has shown: above this SOC in % it
# takes less and less, down to this share of its limit when full.
_TAPER_FROM: Final = 80.0
_FULL_SHARE: Final = 0.1

# Nothing slower than this share of the limit is believed, or a battery that
# once stopped short of full would never be thought able to get there.
_LEAST_SHARE: Final = 0.05

# From this share on of what it was asked for, it did as it was asked.
_OBEYED: Final = 0.95

# How much of a new measurement counts against what is known.
_WEIGHT: Final = 0.25


@dataclass(slots=True)
class Taper:
    """What a battery takes and gives by SOC, in buckets of 1 %.

    Attributes:
        charge: The most W that it takes, by whole percent.
        discharge: The most W that it gives, by whole percent.
    """

    charge: dict[int, float] = field(default_factory=dict)
    discharge: dict[int, float] = field(default_factory=dict)

    def learn(
        self, soc: float, power: float, asked: float, limit: float, *, charging: bool
    ) -> None:
        """Take the power of a record while the battery was forced.

        What it did when asked for more is what it can do. What it did as asked
        is something that it can do at least.

        Args:
            soc: SOC in %, still before the target: there it stops by order.
            power: W that it took or gave.
            asked: W that it was asked for.
            limit: W that the device is made for.
            charging: It was charging.
        """
        if not (0 <= soc <= _PERCENT and 0 < power < inf and power < 2 * asked < inf):
            return
        known, bucket = self._known(charging), _bucket(soc)
        if power < _OBEYED * asked:
            former = known.get(bucket, power)
            known[bucket] = former + _WEIGHT * (power - former)
        elif power > self.most(bucket, limit, charging=charging):
            known[bucket] = power

    def most(self, bucket: int, limit: float, *, charging: bool) -> float:
        """Return the W that it takes or gives from one whole percent to the next.

        Args:
            bucket: The percent, 0 to 99.
            limit: W that the device is made for.
            charging: Whether it is to take or to give.
        """
        share = 1.0
        if charging and (over := bucket + 0.5 - _TAPER_FROM) > 0:
            share -= (1 - _FULL_SHARE) * over / (_PERCENT - _TAPER_FROM)
        power = self._known(charging).get(bucket, share * limit)
        return max(min(power, limit), _LEAST_SHARE * limit)

    def hours(
        self, soc: float, target: float, power: float, limit: float, capacity: float
    ) -> float:
        """Return how long the way from one SOC to another takes, without losses.

        Args:
            soc: Where it begins, in %.
            target: Where it ends, in %; below `soc` it is a discharge.
            power: W that it is asked for, more than 0.
            limit: W that the device is made for.
            capacity: Usable kWh.
        """
        charging = target > soc
        low, high = sorted((soc, target))
        return sum(
            (min(high, bucket + 1) - max(low, bucket))
            / min(power, self.most(bucket, limit, charging=charging))
            for bucket in range(int(low), _bucket(high) + 1)
        ) * (capacity * _KILO / _PERCENT)

    def as_dict(self) -> dict[str, Any]:
        """Return everything as JSON."""
        return {
            name: {str(bucket): power for bucket, power in known.items()}
            for name, known in (("charge", self.charge), ("discharge", self.discharge))
        }

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Self:
        """Read a taper back, which goes on where it was left."""
        return cls(
            *(
                {
                    int(bucket): float(power)
                    for bucket, power in data.get(name, {}).items()
                    if isfinite(power)
                }
                for name in ("charge", "discharge")
            )
        )

    def _known(self, charging: bool) -> dict[int, float]:
        """Return what is known of one direction."""
        return self.charge if charging else self.discharge


def _bucket(soc: float) -> int:
    """Return the bucket that an SOC in % lies in; a full battery is in the last."""
    return min(int(soc), _PERCENT - 1)
