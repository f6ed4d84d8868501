"""What a device can hold, and what exactly is wrong with what it cannot."""

from dataclasses import replace
from typing import Any

from hypothesis import given
import pytest

from custom_components.home_battery.battery.capabilities import (
    ModeCapabilities,
    Range,
    ScheduleCapabilities,
)
from custom_components.home_battery.battery.errors import Problem, ScheduleError
from custom_components.home_battery.battery.schedule import (
    Period,
    Schedule,
    normalize,
    split_at_midnight,
    validate,
    with_defaults,
)

from .schedules import (
    ANY_PERIODS,
    FORCED,
    PLAIN,
    SCHEDULES,
    WIDE,
    narrowed,
    overlaps,
    period,
    schedule,
)

OK = period("08:00", "09:00")
WEEK = ((0, 1, 2, 3, 4), (5, 6))
NEEDS_POWER = {
    **WIDE.modes,
    "force_charge": ModeCapabilities(
        power=True, required=("power",), ranges={"power": Range(-50, 50)}
    ),
}


def refusal(
    refused: Schedule, capabilities: ScheduleCapabilities = WIDE
) -> ScheduleError:
    """Return the error with which a schedule is refused."""
    with pytest.raises(ScheduleError) as caught:
        validate(refused, capabilities)
    return caught.value


@given(SCHEDULES)
def test_accepts_what_does_not_overlap(given_schedule: Schedule) -> None:
    """A schedule in which every minute has at most one period is fine."""
    validate(given_schedule, WIDE)


@given(ANY_PERIODS)
def test_refuses_exactly_what_overlaps(periods: tuple[Period, ...]) -> None:
    """Validation agrees with a table of all minutes of the week."""
    problems = []
    try:
        validate(schedule(*periods), WIDE)
    except ScheduleError as error:
        problems.append(error.problem)
    assert problems == [Problem.SCHEDULE_OVERLAP] * overlaps(periods)


@given(SCHEDULES)
def test_too_many_is_counted_in_the_devices_way(given_schedule: Schedule) -> None:
    """A period over midnight counts twice where the device cannot hold it as one."""
    normal = normalize(given_schedule).periods
    pieces = len(split_at_midnight(normal))
    validate(given_schedule, narrowed(max_periods=pieces, crosses_midnight=False))
    validate(given_schedule, narrowed(max_periods=len(normal), crosses_midnight=True))


@pytest.mark.parametrize(
    ("crosses", "most"), [pytest.param(True, 1), pytest.param(False, 2)]
)
def test_too_many(crosses: bool, most: int) -> None:
    """One more than the device holds is refused, with both numbers told."""
    night = schedule(period("22:00", "06:00"), OK)
    error = refusal(night, narrowed(max_periods=most, crosses_midnight=crosses))
    assert (error.problem, error.period_index, error.limit) == (
        Problem.SCHEDULE_TOO_MANY,
        None,
        most,
    )
    assert error.placeholders == {
        "period": "",
        "limit": str(most),
        "value": str(most + 1),
    }


@pytest.mark.parametrize(
    ("wrong", "limits", "problem", "limit"),
    [
        pytest.param(
            period("10:00", "11:00", "party"),
            {},
            Problem.SCHEDULE_MODE,
            "force_charge, self_consumption, backup",
            id="mode",
        ),
        pytest.param(
            period("10:00", "11:00", days=frozenset()),
            {},
            Problem.SCHEDULE_EMPTY,
            None,
            id="no day",
        ),
        pytest.param(
            period("10:00", "11:00", days=frozenset({1})),
            {"days": False},
            Problem.SCHEDULE_DAYS,
            None,
            id="days",
        ),
        pytest.param(
            period("10:00", "11:00", enabled=False),
            {"disabled_periods": False},
            Problem.SCHEDULE_DISABLED,
            None,
            id="disabled",
        ),
        pytest.param(
            period("10:00:30", "11:00"), {}, Problem.SCHEDULE_MINUTES, 1, id="seconds"
        ),
        pytest.param(
            period("10:00", "11:00:00.000001"),
            {},
            Problem.SCHEDULE_MINUTES,
            1,
            id="microseconds",
        ),
        pytest.param(
            period("10:00", "11:10"),
            {"minute_step": 15},
            Problem.SCHEDULE_MINUTES,
            15,
            id="minute step",
        ),
        pytest.param(
            period("10:00", "10:01"),
            {"min_minutes": 2},
            Problem.SCHEDULE_SHORT,
            2,
            id="short",
        ),
        pytest.param(
            period("23:59", "02:00"),
            {"min_minutes": 2},
            Problem.SCHEDULE_SHORT,
            2,
            id="short before midnight",
        ),
        pytest.param(
            period("10:00", "11:00", power=1000),
            {},
            Problem.SCHEDULE_FIELD,
            None,
            id="a power that the mode has not",
        ),
        pytest.param(
            period("10:00", "11:00", "force_charge", power=1000),
            {"power": None},
            Problem.SCHEDULE_FIELD,
            None,
            id="a power that the device has not",
        ),
        pytest.param(
            period("10:00", "11:00", "force_charge", power=0),
            {},
            Problem.SCHEDULE_RANGE,
            "1–10500",
            id="power under the range",
        ),
        pytest.param(
            period("10:00", "11:00", "force_charge", power=10501),
            {},
            Problem.SCHEDULE_RANGE,
            "1–10500",
            id="power over the range",
        ),
        pytest.param(
            period("10:00", "11:00", "force_charge", power=float("nan")),
            {},
            Problem.SCHEDULE_RANGE,
            "1–10500",
            id="power that is no number",
        ),
        pytest.param(
            period("10:00", "11:00", "force_charge", target_soc=101),
            {},
            Problem.SCHEDULE_RANGE,
            "10–100",
            id="target",
        ),
        pytest.param(
            period("10:00", "11:00", min_soc=9),
            {},
            Problem.SCHEDULE_RANGE,
            "10–100",
            id="floor",
        ),
        pytest.param(
            period("10:00", "11:00", max_soc=9),
            {},
            Problem.SCHEDULE_RANGE,
            "10–100",
            id="ceiling",
        ),
        pytest.param(
            period("10:00", "11:00", "force_charge", min_soc=50, target_soc=40),
            {},
            Problem.SCHEDULE_TARGET_BELOW_MIN,
            "50",
            id="target under the floor",
        ),
        pytest.param(
            period("10:00", "11:00", min_soc=50, max_soc=40),
            {},
            Problem.SCHEDULE_TARGET_BELOW_MIN,
            "50",
            id="ceiling under the floor",
        ),
        pytest.param(
            period("08:59", "10:00"),
            {},
            Problem.SCHEDULE_OVERLAP,
            1,
            id="overlap",
        ),
        pytest.param(OK, {}, Problem.SCHEDULE_OVERLAP, 1, id="the same once more"),
        pytest.param(
            period("10:00", "11:00", days=frozenset({0, 1, 2, 3})),
            {"day_groups": WEEK},
            Problem.SCHEDULE_DAY_GROUPS,
            None,
            id="a part of the weekdays",
        ),
        pytest.param(
            period("22:00", "01:00", days=frozenset({0, 1, 2, 3, 4})),
            {"day_groups": WEEK},
            Problem.SCHEDULE_DAY_GROUPS,
            None,
            id="weekdays into the night to Saturday",
        ),
        pytest.param(
            period("10:00", "11:00", "force_charge"),
            {"modes": NEEDS_POWER},
            Problem.SCHEDULE_REQUIRED,
            None,
            id="no power",
        ),
        pytest.param(
            period("10:00", "11:00", "force_charge", power=51),
            {"modes": NEEDS_POWER},
            Problem.SCHEDULE_RANGE,
            "-50–50",
            id="power over the mode's own range",
        ),
    ],
)
def test_refusals(
    wrong: Period, limits: dict[str, Any], problem: Problem, limit: object
) -> None:
    """Each problem names the second period and the limit that it breaks."""
    error = refusal(schedule(OK, wrong), narrowed(**limits))
    assert (error.problem, error.period_index, error.limit) == (problem, 1, limit)
    assert error.placeholders["period"] == "2"


def test_every_problem_of_a_schedule_is_met() -> None:
    """The tests above reach all problems of a single period."""
    met = {mark.values[2] for mark in test_refusals.pytestmark[0].args[1]}
    known = {problem for problem in Problem if problem.startswith("schedule_")}
    assert known - met == {
        Problem.SCHEDULE_TOO_MANY,
        Problem.SCHEDULE_TOO_MANY_OF_MODE,
        Problem.SCHEDULE_SHARED,
        Problem.SCHEDULE_EXCLUSIVE,
        Problem.SCHEDULE_EXPORT_NOT_PERMITTED,
    }


def test_days_that_are_told_apart() -> None:
    """What is said of all days of a group, also over midnight, is fine."""
    pieces = (
        period("22:00", "00:00", days=frozenset({0, 1, 2, 3, 4})),
        period("22:00", "00:00", days=frozenset({5, 6})),
        period("00:00", "01:00"),
    )
    validate(schedule(*pieces), narrowed(day_groups=WEEK))


def test_target_under_the_floor_where_the_device_does_not_mind() -> None:
    """Whether a target may lie under the floor is the device's matter."""
    low = period("10:00", "11:00", "force_charge", min_soc=50, target_soc=40)
    validate(schedule(low), narrowed(target_not_below_min=False))


@pytest.mark.parametrize("value", [11, 10.5, 9.9, 100.1])
def test_values_off_the_step(value: float) -> None:
    """A device that counts in steps of 5 takes no number in between."""
    error = refusal(
        schedule(period("10:00", "11:00", min_soc=value)),
        narrowed(min_soc=Range(10, 100, 5)),
    )
    assert error.problem is Problem.SCHEDULE_RANGE


@pytest.mark.parametrize(
    ("value", "expected"),
    [(0.1, True), (0.3, True), (25.0, True), (0.25, False), ("1", False)],
)
def test_range_with_a_fine_step(value: object, expected: bool) -> None:
    """Binary noise of a decimal step puts no value off it."""
    assert (value in Range(0.1, 25.0, 0.1)) is expected


def test_overlap_over_midnight_names_the_later_period() -> None:
    """A night that runs into the next morning is in that morning's way."""
    error = refusal(
        schedule(
            period("05:00", "07:00", days=frozenset({1})),
            period("22:00", "06:00", days=frozenset({0})),
        )
    )
    assert error.problem is Problem.SCHEDULE_OVERLAP
    assert (error.period_index, error.limit) == (0, 2)


def test_with_defaults() -> None:
    """Only what a period leaves open is filled in, by its mode."""
    capabilities = replace(
        WIDE,
        modes={
            "force_charge": replace(
                FORCED,
                defaults={
                    "power": 5000.0,
                    "target_soc": 100.0,
                    "min_soc": 10.0,
                    "max_soc": 100.0,
                },
            ),
            "self_consumption": replace(PLAIN, defaults={"min_soc": 15.0}),
            "backup": ModeCapabilities(),
        },
    )
    filled = with_defaults(
        schedule(
            period("00:00", "01:00", "force_charge", power=2000),
            period("01:00", "02:00"),
            period("02:00", "03:00", "backup"),
            period("03:00", "04:00", "unheard_of"),
            enabled=False,
        ),
        capabilities,
    )
    assert filled == schedule(
        period(
            "00:00",
            "01:00",
            "force_charge",
            power=2000,
            target_soc=100,
            min_soc=10,
            max_soc=100,
        ),
        period("01:00", "02:00", min_soc=15),
        period("02:00", "03:00", "backup"),
        period("03:00", "04:00", "unheard_of"),
        enabled=False,
    )
    assert with_defaults(filled, capabilities) == filled
