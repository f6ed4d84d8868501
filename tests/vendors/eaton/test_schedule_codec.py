"""The common schedule and the unit's own mean the same, in both directions."""

from datetime import time
from typing import Final

from hypothesis import given, strategies as st
import pytest

from custom_components.home_battery.battery.errors import Problem, ScheduleError
from custom_components.home_battery.battery.schedule import (
    ALL_DAYS,
    Period,
    Schedule,
    normalize,
    validate,
)
from custom_components.home_battery.vendors.eaton.models import ScheduleEvent, Unit
from custom_components.home_battery.vendors.eaton.schedule import (
    capabilities_of,
    decode,
    encode,
    meaning_of,
)

UNIT: Final = Unit(serial="SE1", rating=3600.0)
CAPABILITIES: Final = capabilities_of(UNIT, 10)
WEEKDAYS: Final = frozenset({0, 1, 2, 3, 4})
WEEKEND: Final = frozenset({5, 6})
DAYS: Final = st.sampled_from([ALL_DAYS, WEEKDAYS, WEEKEND])

MODES: Final = st.one_of(
    st.just({"mode": "eaton_basic"}),
    st.just({"mode": "self_consumption"}),
    st.fixed_dictionaries(
        {
            "mode": st.sampled_from(["force_charge", "force_discharge"]),
            "power": st.integers(5, 100).map(lambda share: share * 36.0),
            "target_soc": st.integers(0, 100),
        }
    ),
    st.fixed_dictionaries(
        {
            "mode": st.just("grid_injection_limit"),
            "power": st.integers(-1000, 3600),
        }
    ),
    st.fixed_dictionaries(
        {"mode": st.just("peak_shaving"), "power": st.integers(0, 30000)}
    ),
    st.fixed_dictionaries(
        {
            "mode": st.just("frequency_regulation"),
            "power": st.integers(0, 100).map(lambda share: share * 36.0),
            "target_soc": st.integers(0, 100),
        }
    ),
)


@st.composite
def schedules(draw: st.DrawFn) -> Schedule:
    """Draw a schedule that the unit can hold: of weekdays, of weekends, of both."""
    periods = []
    for days in draw(st.sampled_from([(ALL_DAYS,), (WEEKDAYS, WEEKEND)])):
        edges = sorted(draw(st.lists(st.integers(0, 38), unique=True, max_size=8)))
        for start, end in zip(edges[::2], edges[1::2], strict=False):
            periods.append(
                Period(
                    start=time(start * 35 // 60, start * 35 % 60),
                    end=time(end * 35 // 60, end * 35 % 60),
                    days=days,
                    **draw(MODES),
                )
            )
        if draw(st.booleans()) and (not edges or edges[-1] < 38):
            periods.append(Period(start=time(23), end=time(), days=days, **draw(MODES)))
    return Schedule(enabled=True, periods=tuple(periods))


@given(schedules())
def test_decode_of_encode(schedule: Schedule) -> None:
    """What was encoded decodes to the normalised schedule."""
    validate(schedule, CAPABILITIES)
    assert decode(encode(schedule, UNIT), UNIT) == normalize(schedule)


@given(schedules())
def test_encode_of_decode(schedule: Schedule) -> None:
    """What was decoded encodes to events of the same meaning."""
    events = encode(schedule, UNIT)
    again = encode(decode(events, UNIT), UNIT)
    assert sorted(map(meaning_of, again), key=str) == sorted(
        map(meaning_of, events), key=str
    )


@given(schedules())
def test_every_event_is_one_that_the_unit_takes(schedule: Schedule) -> None:
    """No event crosses midnight, is too short, or shares a minute of a day with another."""
    taken: dict[int, set[int]] = {day: set() for day in ALL_DAYS}
    for event in encode(schedule, UNIT):
        assert 0 <= event.start < event.end <= 1439
        assert event.end - event.start >= 30
        days = {"EVERYDAY": ALL_DAYS, "WEEK_DAYS": WEEKDAYS, "WEEKENDS": WEEKEND}
        for day in days[event.recurrence]:
            minutes = set(range(event.start, event.end))
            assert not minutes & taken[day]
            taken[day] |= minutes


def test_over_midnight() -> None:
    """A period over midnight is two events, the first until the last minute."""
    night = Period(start=time(23), end=time(3), mode="eaton_basic")
    assert [
        (event.start, event.end, event.recurrence)
        for event in encode(Schedule(enabled=True, periods=(night,)), UNIT)
    ] == [(0, 180, "EVERYDAY"), (1380, 1439, "EVERYDAY")]


@pytest.mark.parametrize(
    ("period", "problem"),
    [
        (
            Period(start=time(23, 30), end=time(), mode="eaton_basic"),
            Problem.SCHEDULE_SHORT,
        ),
        (
            Period(start=time(1), end=time(2), mode="eaton_basic", days=frozenset({0})),
            Problem.SCHEDULE_DAY_GROUPS,
        ),
        (
            Period(start=time(1), end=time(2), mode="peak_shaving"),
            Problem.SCHEDULE_REQUIRED,
        ),
    ],
)
def test_refused(period: Period, problem: Problem) -> None:
    """What the unit cannot say is refused, never rounded into something else."""
    with pytest.raises(ScheduleError) as caught:
        encode(Schedule(enabled=True, periods=(period,)), UNIT)
    assert caught.value.problem is problem


@pytest.mark.parametrize(
    "event",
    [
        ScheduleEvent(command="SET_MOON", start=0, end=60, recurrence="EVERYDAY"),
        ScheduleEvent(command="SET_BASIC_MODE", start=0, end=60, recurrence="MONTHLY"),
        ScheduleEvent(command="SET_BASIC_MODE", start=60, end=0, recurrence="EVERYDAY"),
    ],
)
def test_not_understood(event: ScheduleEvent) -> None:
    """What common words cannot say is left out."""
    assert decode([event], UNIT).periods == ()


def test_old_word_for_a_discharge() -> None:
    """A discharge by its old name is one as well."""
    event = ScheduleEvent(
        command="SET_DISCHARGE",
        start=60,
        end=120,
        recurrence="WEEKENDS",
        parameters={"power": 10, "soc": 20, "action": "ACTION_DISCHARGE"},
    )
    (period,) = decode([event], UNIT).periods
    assert (period.mode, period.power, period.target_soc, period.days) == (
        "force_discharge",
        360.0,
        20,
        WEEKEND,
    )
