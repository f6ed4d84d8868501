"""The one form that all schedules of the same meaning share."""

from datetime import datetime, time, timedelta
from random import Random
from zoneinfo import ZoneInfo

from hypothesis import given, strategies as st
import pytest

from custom_components.home_battery.battery.schedule import (
    Period,
    Schedule,
    minute_of_day,
    normalize,
    period_at,
    split_at_midnight,
    time_of_day,
)

from .schedules import ANY_PERIODS, SCHEDULES, minutes_of, period, schedule, table

BERLIN = ZoneInfo("Europe/Berlin")
MONDAY = datetime(2026, 6, 15)


@given(SCHEDULES)
def test_normalize_keeps_every_minute(given_schedule: Schedule) -> None:
    """In each minute of the week the same holds as before, and the switch stays."""
    normal = normalize(given_schedule)
    assert table(normal.periods) == table(given_schedule.periods)
    assert table(normal.periods, enabled=False) == table(
        given_schedule.periods, enabled=False
    )
    assert normal.enabled is given_schedule.enabled


@given(SCHEDULES)
def test_normalize_twice_changes_nothing(given_schedule: Schedule) -> None:
    """What is normal stays as it is."""
    assert normalize(normalize(given_schedule)) == normalize(given_schedule)


@given(SCHEDULES, st.randoms(use_true_random=False))
def test_order_does_not_matter(given_schedule: Schedule, random: Random) -> None:
    """The same periods in another order are the same schedule."""
    shuffled = list(given_schedule.periods)
    random.shuffle(shuffled)
    other = Schedule(enabled=given_schedule.enabled, periods=tuple(shuffled))
    assert normalize(other) == normalize(given_schedule)


@given(SCHEDULES)
def test_pieces_do_not_matter(given_schedule: Schedule) -> None:
    """Periods that are cut at midnight, and per day, are the same schedule."""
    cut = tuple(
        Period(
            start=time_of_day(piece.start),
            end=time_of_day(piece.end),
            mode=piece.period.mode,
            days=frozenset({day}),
            min_soc=piece.period.min_soc,
            enabled=piece.period.enabled,
        )
        for piece in split_at_midnight(given_schedule.periods)
        for day in piece.days
    )
    other = Schedule(enabled=given_schedule.enabled, periods=cut)
    assert normalize(other) == normalize(given_schedule)


@pytest.mark.parametrize(
    ("periods", "expected"),
    [
        pytest.param(
            [period("22:00", "00:00"), period("00:00", "06:00")],
            [period("22:00", "06:00")],
            id="joined over midnight",
        ),
        pytest.param(
            [period("10:00", "10:00")],
            [period("00:00", "00:00")],
            id="the whole day, from any start",
        ),
        pytest.param(
            [period("08:00", "12:00"), period("12:00", "16:00")],
            [period("08:00", "16:00")],
            id="joined where they touch",
        ),
        pytest.param(
            [period("08:00", "12:00"), period("12:00", "16:00", min_soc=20)],
            [period("08:00", "12:00"), period("12:00", "16:00", min_soc=20)],
            id="apart where they differ",
        ),
        pytest.param(
            [period("08:00", "12:00"), period("12:00", "16:00", enabled=False)],
            [period("08:00", "12:00"), period("12:00", "16:00", enabled=False)],
            id="apart where one is not in force",
        ),
        pytest.param(
            [
                period("08:00", "09:00", days=frozenset({0, 1})),
                period("08:00", "09:00", days=frozenset({2, 3, 4, 5, 6})),
            ],
            [period("08:00", "09:00")],
            id="all days at last",
        ),
        pytest.param(
            [period("23:00", "01:00", days=frozenset({6}))],
            [period("23:00", "01:00", days=frozenset({6}))],
            id="from Sunday into Monday",
        ),
        pytest.param([], [], id="nothing"),
    ],
)
def test_normal_form(periods: list[Period], expected: list[Period]) -> None:
    """Touching periods that say the same are one."""
    assert list(normalize(schedule(*periods)).periods) == expected


def test_equal_periods_in_and_out_of_force_have_one_order() -> None:
    """Periods that differ in their numbers alone are sorted by these."""
    periods = [
        period("08:00", "09:00", "force_charge", power=3000),
        period("08:00", "09:00", "force_charge", power=2000, enabled=False),
    ]
    assert normalize(schedule(*periods)) == normalize(schedule(*reversed(periods)))


def test_period_on_no_day_is_none() -> None:
    """A period that starts on no day has no minute, and breaks nothing."""
    empty = schedule(period("08:00", "09:00", days=frozenset()))
    assert normalize(empty).periods == ()
    assert period_at(empty, MONDAY) is None


@given(ANY_PERIODS)
def test_minutes_of_a_period(periods: tuple[Period, ...]) -> None:
    """A period lasts as many minutes as can be counted."""
    for one in periods:
        assert one.minutes * len(one.days) == len(minutes_of(one))


@given(st.integers(0, 1439))
def test_minute_of_day(minute: int) -> None:
    """Minutes and times turn into each other."""
    assert minute_of_day(time_of_day(minute)) == minute


def test_midnight_as_an_end() -> None:
    """Minute 1440 is midnight."""
    assert time_of_day(1440) == time()


@given(SCHEDULES, st.integers(0, 7 * 1440 - 1))
def test_period_at(given_schedule: Schedule, minute: int) -> None:
    """The period in force is the one that holds the minute, if the schedule is on."""
    moment = MONDAY + timedelta(minutes=minute)
    here = minute // 1440, minute % 1440
    expected = [
        one
        for one in given_schedule.periods
        if given_schedule.enabled and one.enabled and here in minutes_of(one)
    ]
    assert [
        found for found in (period_at(given_schedule, moment),) if found
    ] == expected


@pytest.mark.parametrize(
    ("local", "expected"),
    [
        pytest.param("2026-03-28T23:30", True, id="the evening before"),
        pytest.param("2026-03-29T01:59", True, id="before spring's jump"),
        pytest.param("2026-03-29T03:00", True, id="after spring's jump"),
        pytest.param("2026-03-29T03:30", False, id="past the end in spring"),
        pytest.param("2026-10-25T02:30", True, id="first time in autumn"),
        pytest.param("2026-10-25T02:30+fold", True, id="second time in autumn"),
        pytest.param("2026-10-25T03:29", True, id="to the end in autumn"),
        pytest.param("2026-10-25T03:30", False, id="past the end in autumn"),
        pytest.param("2026-10-25T22:59", False, id="before the start"),
        pytest.param("2026-10-25T23:00", True, id="at the start"),
    ],
)
def test_period_at_on_daylight_saving_days(local: str, expected: bool) -> None:
    """A schedule follows the wall clock, whatever becomes of it in the night."""
    wall, _, fold = local.partition("+")
    moment = datetime.fromisoformat(wall).replace(tzinfo=BERLIN, fold=len(fold) // 4)
    night = schedule(period("23:00", "03:30"))
    assert (period_at(night, moment) is not None) is expected


def test_days_are_those_of_the_start() -> None:
    """A Sunday's night runs into Monday, and not into Sunday."""
    night = schedule(period("23:00", "06:00", days=frozenset({6})))
    assert period_at(night, MONDAY + timedelta(hours=5)) is not None
    assert period_at(night, MONDAY + timedelta(days=6, hours=5)) is None
    assert period_at(night, MONDAY + timedelta(days=6, hours=23)) is not None
