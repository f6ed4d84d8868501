"""Schedules with more periods than a device holds: pure functions."""

from collections.abc import Callable
from dataclasses import replace
from datetime import time
from enum import StrEnum
from itertools import combinations
from typing import Final

from .capabilities import ScheduleCapabilities
from .errors import Problem, ScheduleError
from .model import Mode
from .schedule import (
    MINUTES_OF_DAY,
    Period,
    Schedule,
    minute_of_day,
    validate,
    with_defaults,
)

_TOO_MANY: Final = {Problem.SCHEDULE_TOO_MANY, Problem.SCHEDULE_TOO_MANY_OF_MODE}


class TooMany(StrEnum):
    """What becomes of a schedule with more periods than the device holds."""

    ERROR = "error"
    MERGE = "merge"
    NEXT = "next"


def is_too_long(schedule: Schedule, capabilities: ScheduleCapabilities) -> bool:
    """Tell whether a schedule has too many periods, and nothing else is wrong.

    Raises:
        ScheduleError: Something else is wrong.
    """
    try:
        validate(with_defaults(schedule, capabilities), capabilities)
    except ScheduleError as err:
        if err.problem in _TOO_MANY:
            return True
        raise
    return False


def merged(schedule: Schedule, capabilities: ScheduleCapabilities) -> Schedule:
    """Return a schedule in which the nearest periods of a mode are one.

    Raises:
        ScheduleError: There are no two that could be one, and it is still too long.
    """
    while is_too_long(schedule, capabilities):
        if (pair := _nearest(schedule.periods)) is None:
            validate(with_defaults(schedule, capabilities), capabilities)
            return schedule
        first, second = pair
        others = tuple(
            period for period in schedule.periods if period not in (first, second)
        )
        schedule = replace(schedule, periods=(*others, _as_one(first, second)))
    return schedule


def next_up(
    schedule: Schedule, capabilities: ScheduleCapabilities, now: time
) -> Schedule:
    """Return of a schedule what runs now and what comes next, as much as there is room for.

    Raises:
        ScheduleError: Something else is wrong with it.
    """
    if not is_too_long(schedule, capabilities):
        return schedule
    minute = minute_of_day(now)
    chosen: tuple[Period, ...] = ()
    # A period that runs is over in less time than it lasts.
    for period in sorted(
        schedule.periods,
        key=lambda period: (minute_of_day(period.end) - minute - 1) % MINUTES_OF_DAY,
    ):
        longer = replace(schedule, periods=(*chosen, period))
        if not is_too_long(longer, capabilities):
            chosen = longer.periods
    return replace(schedule, periods=chosen)


def _nearest(periods: tuple[Period, ...]) -> tuple[Period, Period] | None:
    """Return the two periods of one mode with the shortest gap, and nothing in it."""
    pairs = [
        (gap, index, pair)
        for index, (one, other) in enumerate(combinations(periods, 2))
        for pair in ((one, other), (other, one))
        if one.mode == other.mode
        and one.days == other.days
        and one.enabled == other.enabled
        and (gap := _gap(*pair)) + one.minutes + other.minutes < MINUTES_OF_DAY
        and not any(
            _gap(pair[0], between) < gap for between in periods if between not in pair
        )
    ]
    return min(pairs)[2] if pairs else None


def _gap(first: Period, second: Period) -> int:
    """Return the minutes from the end of a period to the next start of another."""
    return (minute_of_day(second.start) - minute_of_day(first.end)) % MINUTES_OF_DAY


def _as_one(first: Period, second: Period) -> Period:
    """Return one period that does what two did, and what is between."""
    charging = first.mode != Mode.FORCE_DISCHARGE
    return replace(
        first,
        end=second.end,
        power=_one(max, first.power, second.power),
        target_soc=_one(max if charging else min, first.target_soc, second.target_soc),
        min_soc=_one(max, first.min_soc, second.min_soc),
        max_soc=_one(min, first.max_soc, second.max_soc),
    )


def _one(
    choose: Callable[[float, float], float], first: float | None, second: float | None
) -> float | None:
    """Return one number for two, open if either is."""
    return None if first is None or second is None else choose(first, second)
