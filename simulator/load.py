"""What a simulated household draws."""

from datetime import datetime
from functools import lru_cache
from math import exp

from .chance import fraction

_KETTLE_W = 1900
_WASH_W = 850


class Household:
    """A base load, a morning, an evening, and appliances that come and go."""

    def __init__(
        self, *, seed: int | str = 0, base_w: float = 260, scale: float = 1.0
    ) -> None:
        """Describe a household by its base load in W and its size."""
        self._seed = seed
        self._base = base_w
        self._scale = scale

    def watts(self, local: datetime) -> float:
        """Return the draw in W at a local wall-clock time."""
        hour = local.hour + local.minute / 60
        day = local.toordinal()
        draw = self._base * (0.9 + 0.2 * fraction(self._seed, day, int(hour * 4)))
        draw += _habit(hour)
        if 6 <= hour < 22 and fraction(self._seed, "kettle", day, int(hour * 6)) > 0.86:
            draw += _KETTLE_W
        wash = 9 + 9 * fraction(self._seed, "wash", day)
        if wash <= hour < wash + 1.5:
            draw += _WASH_W
        return draw * self._scale


@lru_cache(maxsize=1440)
def _habit(hour: float) -> float:
    """Return what is drawn in W at an hour of any day, morning, noon and evening."""
    return (
        700 * _hump(hour, 7.4, 1.1)
        + 1250 * _hump(hour, 19.2, 2.2)
        + 250 * _hump(hour, 12.7, 1.0)
    )


def _hump(hour: float, centre: float, width: float) -> float:
    """Return a bell curve of height 1 around an hour of the day."""
    return exp(-(((hour - centre) / width) ** 2))
