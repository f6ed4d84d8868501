"""What lies over a schedule and what lies below it, minute by minute."""

from dataclasses import replace
from datetime import time
from typing import Final

from hypothesis import given, strategies as st
import pytest

from custom_components.home_battery.battery.capabilities import (
    ModeCapabilities,
    ScheduleCapabilities,
)
from custom_components.home_battery.battery.overlay import base_below, overlay
from custom_components.home_battery.battery.schedule import (
    ALL_DAYS,
    Period,
    Schedule,
    normalize,
    split_at_midnight,
    validate,
)

from .schedules import (
    FORCED,
    PLAIN,
    SCHEDULES,
    WIDE,
    Cell,
    minutes_of,
    narrowed,
    period,
    schedule,
    table,
)

# Long enough for every device below.
HOURS: Final = st.integers(0, 23).map(time)
OVER: Final = st.builds(
    Period,
    start=HOURS,
    end=HOURS,
    mode=st.sampled_from(["self_consumption", "force_charge"]),
    min_soc=st.sampled_from([None, 30.0]),
)
# What devices hold: little room, one value for all of a mode, no two of some modes.
NARROW: Final = st.builds(
    narrowed,
    max_periods=st.integers(2, 9),
    crosses_midnight=st.booleans(),
    min_minutes=st.sampled_from([1, 2, 30]),
    exclusive=st.sampled_from([(), (("self_consumption", "backup"),)]),
    modes=st.sampled_from(
        [
            WIDE.modes,
            {
                "force_charge": replace(FORCED, shared=("power", "min_soc")),
                "self_consumption": replace(PLAIN, shared=("min_soc",)),
                "backup": PLAIN,
            },
        ]
    ),
)
PLAIN_WORDS: Final = ScheduleCapabilities(
    modes={
        "hold": ModeCapabilities(),
        "a": ModeCapabilities(),
        "b": ModeCapabilities(),
    },
    max_periods=3,
    disabled_periods=True,
)


def said(one: Schedule) -> dict[Cell, set[tuple[int, int]]]:
    """Return in which minutes of the week each meaning is in force."""
    return dict(table(one.periods)) if one.enabled else {}


def outside(base: Schedule, over: Period) -> dict[Cell, set[tuple[int, int]]]:
    """Return what a base says beside a period."""
    covered = minutes_of(over)
    return {
        cell: left
        for cell, minutes in said(base).items()
        if (left := minutes - covered)
    }


@given(SCHEDULES, OVER)
def test_all_that_lies_beside_is_kept(base: Schedule, over: Period) -> None:
    """A device with room holds the period in all of its time, and the base elsewhere."""
    held = overlay(base, over, WIDE)
    beside = outside(base, over)
    cell = (over.mode, over.power, over.target_soc, over.min_soc, over.max_soc)
    beside[cell] = beside.get(cell, set()) | minutes_of(over)
    assert held.enabled
    assert dict(table(held.periods)) == beside


@given(SCHEDULES, OVER, NARROW)
def test_device_takes_every_overlay(
    base: Schedule, over: Period, capabilities: ScheduleCapabilities
) -> None:
    """Whatever a device lacks, it takes what is made for it, with the period in it."""
    held = overlay(base, over, capabilities)
    validate(held, capabilities)
    cell = (over.mode, over.power, over.target_soc, over.min_soc, over.max_soc)
    assert table(held.periods)[cell] >= minutes_of(over)


@given(SCHEDULES, OVER)
def test_nothing_is_left_out_that_fits(base: Schedule, over: Period) -> None:
    """A device with just as much room as it takes holds all of it."""
    whole = overlay(base, over, WIDE)
    pieces = len(split_at_midnight(whole.periods))
    for most, crosses in ((pieces, False), (len(whole.periods), True)):
        tight = narrowed(max_periods=most, crosses_midnight=crosses)
        assert overlay(base, over, tight) == whole


@given(SCHEDULES, OVER, NARROW)
def test_base_is_what_it_was(
    base: Schedule, over: Period, capabilities: ScheduleCapabilities
) -> None:
    """As long as nobody else changes anything, the base below is the base."""
    held = overlay(base, over, capabilities)
    below = base_below(held, over, base, held)
    assert below is not None
    assert table(normalize(below).periods) == table(base.periods)


@given(SCHEDULES, OVER)
def test_base_with_room_is_found_again(base: Schedule, over: Period) -> None:
    """Where all fitted, what the device was told need not be known."""
    below = base_below(overlay(base, over, WIDE), over, base, None)
    assert below is not None
    assert said(below) == said(base)


@given(SCHEDULES, SCHEDULES, OVER)
def test_change_by_somebody_else(base: Schedule, other: Schedule, over: Period) -> None:
    """Beside the period a change counts; where the period lies, the base still does."""
    told = overlay(base, over, WIDE)
    below = base_below(overlay(other, over, WIDE), over, base, told)
    assert below is not None
    covered = minutes_of(over)
    expected = outside(other, over)
    for cell, minutes in said(base).items():
        if inside := minutes & covered:
            expected[cell] = expected.get(cell, set()) | inside
    assert said(below) == expected


@given(SCHEDULES, OVER)
def test_period_that_is_gone(base: Schedule, over: Period) -> None:
    """A schedule without the period is nobody's but the other's."""
    held = overlay(base, over, WIDE)
    for other in (
        Schedule(enabled=False, periods=held.periods),
        Schedule(enabled=True, periods=(replace(over, mode="backup"),)),
        Schedule(enabled=True),
    ):
        assert base_below(other, over, base, held) is None


def test_soonest_after_it_comes_first() -> None:
    """Of what the device has no room for, the last to come is left out."""
    base = schedule(
        period("00:00", "02:00", "a"),
        period("08:00", "09:00", "b"),
        period("20:00", "21:00", "b"),
    )
    over = period("10:00", "12:00", "hold")
    assert overlay(base, over, PLAIN_WORDS) == schedule(
        period("00:00", "02:00", "a"), over, period("20:00", "21:00", "b")
    )


def test_what_is_in_force_comes_first() -> None:
    """What is only kept takes no place from what runs."""
    base = schedule(
        period("13:00", "14:00", "a", enabled=False),
        period("15:00", "16:00", "b"),
        period("17:00", "18:00", "b"),
    )
    over = period("10:00", "12:00", "hold")
    assert overlay(base, over, PLAIN_WORDS) == schedule(over, *base.periods[1:])


def test_over_midnight_and_days() -> None:
    """A night over the days of a week leaves of each what does not lie in it."""
    friday = frozenset({4})
    base = schedule(period("22:00", "08:00", "backup", days=friday))
    over = period("23:30", "06:00", "force_charge", power=500.0)
    held = overlay(base, over, WIDE)
    assert held == schedule(
        period("06:00", "08:00", "backup", days=frozenset({5})),
        period("22:00", "23:30", "backup", days=friday),
        over,
    )
    assert base_below(held, over, base, None) == base


def test_shared_values_come_back() -> None:
    """What the device holds once for a mode is the period's, and later the base's."""
    shared = narrowed(
        modes={**WIDE.modes, "force_charge": replace(FORCED, shared=("power",))}
    )
    base = schedule(period("02:00", "05:00", "force_charge", power=3000.0))
    over = period("12:00", "13:00", "force_charge", power=1000.0)
    held = overlay(base, over, shared)
    assert {one.power for one in held.periods} == {1000}
    assert base_below(held, over, base, held) == base


@pytest.mark.parametrize("days", [ALL_DAYS, frozenset({0, 1, 2, 3, 4})])
def test_whole_day(days: frozenset[int]) -> None:
    """A period of the whole day leaves nothing beside it, and the base comes back."""
    base = schedule(period("02:00", "05:00", "backup", days=days))
    over = period("10:00", "10:00", "force_charge")
    held = overlay(base, over, WIDE)
    assert held == normalize(schedule(over))
    assert base_below(held, over, base, held) == base
