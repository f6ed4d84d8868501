"""The least that following can come to where the rhythm is known exactly."""

from collections.abc import Sequence
from itertools import accumulate
from typing import Final

from .trace import Weather

_STEPS: Final = 24
_LATEST: Final = 150
# Between two looks at the soonest pass, beside the least, a call and a timer.
_OVERHEAD: Final = 1.4


def least_mean(weather: Weather, least: float) -> float:
    """Return the least mean in seconds by which what is shown is older.

    A look at its best moment finds most uploads, and comes a little after each.
    For the few that are later still, another look follows as soon as it may.
    Where that is no sooner than the next upload, every look comes a little later
    than the one before, until one upload is left out to begin anew.

    Args:
        weather: How uneven uploads are; each is shown some seconds after.
        least: Seconds that lie between two looks at least.
    """
    slip = max(least + _OVERHEAD - weather.period, 0.0)
    arrivals = [
        _between((-weather.jitter, weather.jitter), n) + _between(weather.latency, m)
        for n in range(_STEPS)
        for m in range(_STEPS)
    ]
    waits = [_wait(arrivals, at, least) for at in range(_LATEST)]
    if not slip:
        return min(waits)
    return min(
        (total + weather.period * slip) / looks
        for first in range(_LATEST)
        for looks, total in enumerate(accumulate(waits[first:]), 1)
    )


def _wait(arrivals: Sequence[float], look: float, least: float) -> float:
    """Return how long uploads wait in the mean if they are looked for at a moment."""
    return sum(
        look - at if at <= look else (look - at) % least for at in arrivals
    ) / len(arrivals)


def _between(bounds: tuple[float, float], step: int) -> float:
    """Return a moment between two bounds."""
    first, last = bounds
    return first + (last - first) * (step + 0.5) / _STEPS
