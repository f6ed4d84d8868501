"""The power of a whole plant, told in two ways that disagree (Growatt notes, 0.4 and 5.6).

`plant/data` tells its `current_power` in kW to some accounts, in W to others, and as 0
while a plant produces; `plant/power` tells W, five minutes apart, in no order.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta, tzinfo
from typing import Final

from ...battery.fields import number
from .times import moment_of

_RECENT: Final = timedelta(minutes=10)
# Two tellings of one moment differ by what the sun does in some minutes.
_NEAR: Final = 0.5
_UNITS: Final = (1.0, 1000.0)


def newest_power(points: Iterable[object], now: datetime, zone: tzinfo) -> float | None:
    """Return the W of the newest point, unless that is too old; `null` is no point.

    Args:
        points: The `powers` of `plant/power`.
        now: The present time.
        zone: The plant's zone.
    """
    known = [
        (moment, power)
        for point in points
        if isinstance(point, dict)
        and (power := number(point.get("power"))) is not None
        and (moment := moment_of(point.get("time"), zone)) is not None
        and timedelta(0) <= now - moment <= _RECENT
    ]
    return max(known)[1] if known else None


def plant_power(told: object, measured: float | None) -> float | None:
    """Return a plant's power in W.

    What is told counts only in the unit in which it is near what was measured.

    Args:
        told: `current_power` of `plant/data`.
        measured: W, the newest point of `plant/power` or the sum of the devices.
    """
    power = number(told)
    if power is None or measured is None:
        return measured
    near = (unit * power for unit in _UNITS if _is_near(unit * power, measured))
    return next(near, measured)


def _is_near(power: float, measured: float) -> bool:
    """Tell whether two powers in W can be of the same minutes."""
    return abs(power - measured) <= _NEAR * abs(measured)
