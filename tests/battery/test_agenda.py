"""The agenda: what is done when, by the wall clock."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

from hypothesis import given, strategies as st
import pytest

from custom_components.home_battery.battery.agenda import (
    Event,
    agenda,
    event_of,
    expanded,
)
from custom_components.home_battery.battery.model import Mode
from custom_components.home_battery.battery.override import Override, Pace
from custom_components.home_battery.battery.running import Running
from custom_components.home_battery.battery.schedule import Period, Schedule, period_at

from .schedules import ANY_PERIODS, SCHEDULES, period, schedule

BERLIN = ZoneInfo("Europe/Berlin")
MINUTE = timedelta(minutes=1)
# Zones with and without clock changes; one of half an hour, one at midnight.
ZONES = st.sampled_from(
    [BERLIN, ZoneInfo("UTC"), ZoneInfo("Australia/Lord_Howe"), ZoneInfo("Asia/Beirut")]
)
# Days before and after clock changes, and any others.
BEGINNINGS = st.builds(
    lambda day, minute: day + minute * MINUTE,
    st.sampled_from(
        [
            datetime(2026, 3, 28, tzinfo=UTC),
            datetime(2026, 10, 24, tzinfo=UTC),
            datetime(2026, 4, 4, tzinfo=UTC),
            datetime(2026, 10, 3, tzinfo=UTC),
            datetime(2026, 6, 15, tzinfo=UTC),
        ]
    ),
    st.integers(0, 3000),
)
# Also schedules in which periods lie over each other, as a device may hold them.
ANY_SCHEDULES = st.one_of(
    SCHEDULES, st.builds(Schedule, enabled=st.just(True), periods=ANY_PERIODS)
)
LENGTHS = st.integers(1, 4000).map(lambda minutes: minutes * MINUTE)
MOMENT = datetime(2026, 6, 15, 10, tzinfo=UTC)
CHARGE = Override(mode=Mode.FORCE_CHARGE, start=MOMENT, end=MOMENT + 60 * MINUTE)


def minutes(events: list[Event]) -> list[datetime]:
    """Return every minute that has an event."""
    return [
        event.start + step * MINUTE
        for event in events
        for step in range((event.end - event.start) // MINUTE)
    ]


def spans(events: list[Event], zone: ZoneInfo = BERLIN) -> list[str]:
    """Return events as a clock shows them."""
    return [
        f"{event.start.astimezone(zone):%a %H:%M}-{event.end.astimezone(zone):%H:%M}"
        f" {(event.end - event.start) // MINUTE}"
        for event in events
    ]


@given(ANY_SCHEDULES, ZONES, BEGINNINGS, LENGTHS)
def test_what_is_in_force_has_its_event(
    one: Schedule, zone: ZoneInfo, start: datetime, length: timedelta
) -> None:
    """Events lie in the range, beside each other, and say what is in force."""
    end = start + length
    events = expanded(one, zone, start, end)
    assert all(start <= event.start < event.end <= end for event in events)
    assert all(first.end <= second.start for first, second in pairwise(events))
    said = {
        event.start + step * MINUTE: event.what
        for event in events
        for step in range((event.end - event.start) // MINUTE)
    }
    assert said == {
        moment: found
        for step in range(length // MINUTE)
        if (found := period_at(one, (moment := start + step * MINUTE).astimezone(zone)))
    }


@given(ANY_SCHEDULES, ZONES, BEGINNINGS, LENGTHS, st.integers(0, 3000), LENGTHS)
def test_an_override_lies_over_the_schedule(
    one: Schedule,
    zone: ZoneInfo,
    start: datetime,
    length: timedelta,
    later: int,
    lasts: timedelta,
) -> None:
    """Where an override lies is nothing else, and elsewhere is what was without it."""
    begins = start + later * MINUTE
    running = Running(wanted=replace(CHARGE, start=begins, end=begins + lasts))
    end = start + length
    events = agenda(one, running, zone, start, end)
    assert all(event.start < end and event.end > start for event in events)
    assert all(first.end <= second.start for first, second in pairwise(events))
    over = minutes([event for event in events if isinstance(event.what, Override)])
    assert set(over) in (
        set(),
        set(minutes([Event(start=begins, end=begins + lasts, what=CHARGE)])),
    )
    beside = minutes([event for event in events if isinstance(event.what, Period)])
    without = set(minutes(agenda(one, None, zone, start, end)))
    inside = {moment for moment in beside if start <= moment < end}
    assert inside == {
        moment
        for moment in without
        if start <= moment < end and not begins <= moment < begins + lasts
    }


@given(SCHEDULES, ZONES, BEGINNINGS, LENGTHS)
def test_an_event_is_the_same_whoever_asks(
    one: Schedule, zone: ZoneInfo, start: datetime, length: timedelta
) -> None:
    """An event has the same ends in every range that it touches."""
    week = agenda(one, None, zone, start - 7 * 1440 * MINUTE, start + 7 * 1440 * MINUTE)
    end = start + length
    assert agenda(one, None, zone, start, end) == [
        event for event in week if event.start < end and event.end > start
    ]


@pytest.mark.parametrize(
    ("day", "start", "end", "expected"),
    [
        # The clock goes from 02:00 to 03:00.
        ("2026-03-29", "02:00", "03:00", []),
        ("2026-03-29", "01:30", "04:00", ["Sun 01:30-04:00 90"]),
        ("2026-03-29", "02:30", "04:00", ["Sun 03:00-04:00 60"]),
        ("2026-03-29", "00:00", "00:00", ["Sun 00:00-00:00 1380"]),
        # The clock goes from 03:00 back to 02:00.
        ("2026-10-25", "02:00", "03:00", ["Sun 02:00-03:00 120"]),
        ("2026-10-25", "02:30", "03:00", ["Sun 02:30-02:00 30", "Sun 02:30-03:00 30"]),
        ("2026-10-25", "00:00", "00:00", ["Sun 00:00-00:00 1500"]),
        ("2026-06-21", "22:00", "06:00", ["Sun 22:00-06:00 480"]),
    ],
)
def test_days_of_other_lengths(
    day: str, start: str, end: str, expected: list[str]
) -> None:
    """A period of Sundays is what the clock on the wall makes of it."""
    noon = datetime.fromisoformat(f"{day}T12:00").replace(tzinfo=BERLIN).astimezone(UTC)
    one = schedule(period(start, end, days=frozenset({6})))
    day_long = 1440 * MINUTE
    assert (
        spans(agenda(one, None, BERLIN, noon - day_long, noon + day_long)) == expected
    )


def test_whole_days_are_events_of_their_own() -> None:
    """What goes on for ever is an event each day, also where its start is left out."""
    one = schedule(period("02:30", "02:30"))
    saturday = datetime(2026, 3, 28, 12, tzinfo=UTC)
    assert spans(agenda(one, None, BERLIN, saturday, saturday + 2880 * MINUTE)) == [
        "Sat 02:30-03:00 1410",
        "Sun 03:00-02:30 1410",
        "Mon 02:30-02:30 1440",
    ]


@pytest.mark.parametrize(
    ("running", "expected"),
    [
        (Running(wanted=CHARGE), (0, 60)),
        (
            Running(wanted=replace(CHARGE, end=None), until=MOMENT + 90 * MINUTE),
            (0, 90),
        ),
        (Running(wanted=replace(CHARGE, end=None)), (0, 240)),
        (
            Running(
                wanted=replace(CHARGE, pace=Pace.JUST_IN_TIME, target_soc=90),
                begins=MOMENT + 20 * MINUTE,
                ends=MOMENT + 50 * MINUTE,
            ),
            (20, 50),
        ),
    ],
    ids=["end", "device's end", "no end", "just in time"],
)
def test_when_an_override_does_something(
    running: Running, expected: tuple[int, int]
) -> None:
    """Its end, or else the device's, or else how far a device goes on, is its end."""
    event = event_of(running)
    assert event is not None
    assert (
        tuple((moment - MOMENT) // MINUTE for moment in (event.start, event.end))
        == expected
    )


@pytest.mark.parametrize(
    "running",
    [
        Running(wanted=CHARGE, over="ended"),
        Running(
            wanted=replace(CHARGE, pace=Pace.JUST_IN_TIME, target_soc=90),
            begins=MOMENT,
            ends=MOMENT,
        ),
    ],
    ids=["over", "withdrawn"],
)
def test_when_an_override_does_nothing(running: Running) -> None:
    """What is over or was withdrawn is no event, and covers none."""
    one = schedule(period("00:00", "00:00"))
    assert event_of(running) is None
    assert agenda(one, running, BERLIN, MOMENT, MOMENT + MINUTE) == agenda(
        one, None, BERLIN, MOMENT, MOMENT + MINUTE
    )
