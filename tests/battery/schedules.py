"""Schedules for tests: how to make them, and what they mean, minute by minute."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import replace
from datetime import time
from functools import cache
from typing import Any

from hypothesis import strategies as st

from custom_components.home_battery.battery.capabilities import (
    ModeCapabilities,
    Range,
    ScheduleCapabilities,
)
from custom_components.home_battery.battery.schedule import ALL_DAYS, Period, Schedule

MINUTES = 1440
FORCED = ModeCapabilities(power=True, target_soc=True, min_soc=True, max_soc=True)
PLAIN = ModeCapabilities(min_soc=True, max_soc=True)
WIDE = ScheduleCapabilities(
    modes={"force_charge": FORCED, "self_consumption": PLAIN, "backup": PLAIN},
    max_periods=1000,
    crosses_midnight=True,
    days=True,
    disabled_periods=True,
    power=Range(1, 10500),
    target_soc=Range(10, 100),
    min_soc=Range(10, 100),
    max_soc=Range(10, 100),
    target_not_below_min=True,
)

type Cell = tuple[str, float | None, float | None, float | None, float | None]


def period(
    start: str, end: str, mode: str = "self_consumption", **fields: Any
) -> Period:
    """Return a period from times such as `22:30`."""
    return Period(
        start=time.fromisoformat(start),
        end=time.fromisoformat(end),
        mode=mode,
        **fields,
    )


def schedule(*periods: Period, enabled: bool = True) -> Schedule:
    """Return a schedule of these periods."""
    return Schedule(enabled=enabled, periods=periods)


@cache
def minutes_of(one: Period) -> frozenset[tuple[int, int]]:
    """Return every day and minute of a period, by counting from its start."""
    start = one.start.hour * 60 + one.start.minute
    end = one.end.hour * 60 + one.end.minute
    length = end - start if end > start else end - start + MINUTES
    return frozenset(
        ((day + (start + step) // MINUTES) % 7, (start + step) % MINUTES)
        for day in one.days
        for step in range(length)
    )


def table(
    periods: Iterable[Period], *, enabled: bool = True
) -> dict[Cell, set[tuple[int, int]]]:
    """Return in which minutes of the week each meaning holds."""
    result: dict[Cell, set[tuple[int, int]]] = defaultdict(set)
    for one in periods:
        if one.enabled is enabled:
            cell = (one.mode, one.power, one.target_soc, one.min_soc, one.max_soc)
            result[cell] |= minutes_of(one)
    return result


def overlaps(periods: Iterable[Period]) -> bool:
    """Tell whether two periods in force share a minute."""
    taken = Counter(
        minute for one in periods if one.enabled for minute in minutes_of(one)
    )
    return any(count > 1 for count in taken.values())


def without_overlap(periods: Iterable[Period]) -> tuple[Period, ...]:
    """Return the periods, but for those that overlap an earlier one."""
    taken: dict[bool, set[tuple[int, int]]] = {True: set(), False: set()}
    kept = []
    for one in periods:
        minutes = minutes_of(one)
        if taken[one.enabled].isdisjoint(minutes):
            taken[one.enabled] |= minutes
            kept.append(one)
    return tuple(kept)


TIMES = st.sampled_from([*range(0, MINUTES, 180), 1, 359, 361, 1439]).map(
    lambda minute: time(minute // 60, minute % 60)
)
DAYS = st.one_of(
    st.just(ALL_DAYS),
    st.frozensets(st.integers(0, 6), min_size=1),
)
PERIODS = st.builds(
    Period,
    start=TIMES,
    end=TIMES,
    mode=st.sampled_from(["self_consumption", "backup"]),
    days=DAYS,
    min_soc=st.sampled_from([None, 10.0, 20.0]),
    enabled=st.sampled_from([True, True, True, False]),
)
ANY_PERIODS = st.lists(PERIODS, max_size=6).map(tuple)
SCHEDULES = st.builds(
    Schedule, enabled=st.booleans(), periods=ANY_PERIODS.map(without_overlap)
)


def narrowed(**limits: Any) -> ScheduleCapabilities:
    """Return wide capabilities with some limits."""
    return replace(WIDE, **limits)
