"""The one sun over all simulated houses."""

from datetime import date, datetime
from functools import lru_cache
from math import cos, pi, radians, sin

from .chance import fraction, smooth

_AXIAL_TILT = 23.44
_HAZE_EXPONENT = 1.15


class Sun:
    """A clear sky that follows day and place, and clouds that follow the seed."""

    def __init__(
        self, *, latitude: float = 52.5, longitude: float = 13.4, seed: int = 0
    ) -> None:
        """Place the sun's observer, in degrees north and east."""
        self._latitude = radians(latitude)
        self._longitude = longitude
        self._seed = seed

    def elevation(self, at: datetime) -> float:
        """Return the sine of the sun's height, negative below the horizon."""
        middle, swing = _course(self._latitude, at.toordinal())
        hours = at.hour + at.minute / 60 + at.second / 3600
        angle = radians(15 * (hours - 12) + self._longitude)
        return middle + swing * cos(angle)

    def clear_sky(self, at: datetime) -> float:
        """Return the share of peak power under a clear sky, 0 to 1."""
        height = self.elevation(at)
        return height**_HAZE_EXPONENT if height > 0 else 0.0

    def clouds(self, at: datetime) -> float:
        """Return the share of light that the clouds let through, 0.15 to 1."""
        dull = fraction(self._seed, "day", at.toordinal())
        passing = smooth(at.timestamp() / 1800, self._seed, "cloud")
        return max(0.15, 1 - 0.8 * dull * (0.35 + 0.65 * passing))

    def light(self, at: datetime) -> float:
        """Return the share of peak power that arrives, 0 to 1. `at` is in UTC."""
        clear = self.clear_sky(at)
        return clear * self.clouds(at) if clear else 0.0


@lru_cache(maxsize=1024)
def _course(latitude: float, ordinal: int) -> tuple[float, float]:
    """Return the sine of the height that the sun is at on average on a day, and how far it swings."""
    day = date.fromordinal(ordinal).timetuple().tm_yday
    tilt = radians(-_AXIAL_TILT * cos(2 * pi * (day + 10) / 365.25))
    return sin(latitude) * sin(tilt), cos(latitude) * cos(tilt)
