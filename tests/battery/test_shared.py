"""Devices that hold less than a schedule could say."""

from dataclasses import replace

import pytest

from custom_components.home_battery.battery.capabilities import (
    ModeCapabilities,
    ScheduleCapabilities,
)
from custom_components.home_battery.battery.errors import Problem, ScheduleError
from custom_components.home_battery.battery.schedule import (
    Period,
    validate,
    with_defaults,
)

from .schedules import FORCED, PLAIN, WIDE, period, schedule

SHARED = replace(
    WIDE,
    modes={
        "force_charge": replace(
            FORCED, shared=("power", "target_soc"), defaults={"power": 3000}
        ),
        "backup": PLAIN,
        "self_consumption": PLAIN,
    },
    exclusive=(("force_charge", "backup"),),
    periods_of_mode={"self_consumption": 2},
    crosses_midnight=False,
)


def problem_of(*periods: Period) -> tuple[Problem, int | None, object] | None:
    """Return what is wrong with a schedule, at which period, and the limit."""
    try:
        validate(with_defaults(schedule(*periods), SHARED), SHARED)
    except ScheduleError as err:
        return err.problem, err.period_index, err.limit
    return None


def charge(start: str, end: str, **fields: float) -> Period:
    """Return a period of charging."""
    return period(start, end, "force_charge", **fields)


@pytest.mark.parametrize(
    ("periods", "expected"),
    [
        ([charge("01:00", "02:00"), charge("03:00", "04:00")], None),
        ([charge("01:00", "02:00"), charge("03:00", "04:00", power=3000)], None),
        (
            [
                charge("01:00", "02:00", target_soc=80, min_soc=20),
                charge("03:00", "04:00", target_soc=80, min_soc=30),
            ],
            None,
        ),
        (
            [charge("01:00", "02:00"), charge("03:00", "04:00", power=2000)],
            (Problem.SCHEDULE_SHARED, 1, 1),
        ),
        (
            [
                period("05:00", "06:00"),
                charge("01:00", "02:00", target_soc=80),
                charge("03:00", "04:00"),
            ],
            (Problem.SCHEDULE_SHARED, 2, 2),
        ),
        (
            [charge("01:00", "02:00"), period("03:00", "04:00", "backup")],
            (Problem.SCHEDULE_EXCLUSIVE, 1, None),
        ),
        ([period("01:00", "02:00", "backup"), period("03:00", "04:00")], None),
        (
            [period("22:00", "02:00"), period("03:00", "04:00")],
            (Problem.SCHEDULE_TOO_MANY_OF_MODE, None, 2),
        ),
        ([period("22:00", "02:00")], None),
    ],
)
def test_what_a_device_holds_once(
    periods: list[Period], expected: tuple[Problem, int | None, object] | None
) -> None:
    """What is there once, for one mode at a time, or so many times, is checked."""
    assert problem_of(*periods) == expected


def test_what_is_told() -> None:
    """The texts have the mode, the number needed, and the field."""
    with pytest.raises(ScheduleError) as caught:
        validate(
            schedule(*(period(f"0{hour}:00", f"0{hour}:30") for hour in range(3))),
            SHARED,
        )
    assert caught.value.placeholders == {
        "period": "",
        "limit": "2",
        "mode": "self_consumption",
        "value": "3",
    }


@pytest.mark.parametrize(
    ("master", "enabled", "expected"),
    [
        (True, True, (True, True)),
        (True, False, (False, True)),
        (False, True, (True, True)),
        (False, False, (True, False)),
    ],
)
def test_a_schedule_that_is_off(
    master: bool, enabled: bool, expected: tuple[bool, bool]
) -> None:
    """Where only periods can be off, they are off in a schedule that is off."""
    capabilities = ScheduleCapabilities(
        modes={"backup": ModeCapabilities()}, max_periods=1, master_switch=master
    )
    given = schedule(period("01:00", "02:00", "backup"), enabled=enabled)
    completed = with_defaults(given, capabilities)
    assert (completed.enabled, completed.periods[0].enabled) == expected
