"""What holds for any event and any command."""

from datetime import UTC, datetime, timedelta

from hypothesis import given, settings as budget, strategies as st

from simulator import Simulation
from simulator.eaton.operations import (
    ACTION_CHARGE,
    ACTION_DISCHARGE,
    CHARGE,
    Operation,
)
from simulator.eaton.schedule import Event
from simulator.eaton.times import minutes

from ..conftest import START

MONDAY = datetime(2026, 6, 15, tzinfo=UTC)


@st.composite
def events(draw: st.DrawFn) -> Event:
    """Return an event of whole half hours."""
    begin, end = sorted(
        draw(st.lists(st.integers(0, 47), min_size=2, max_size=2, unique=True))
    )
    return Event(
        operation=Operation(command="SET_BASIC_MODE"),
        start_time=begin // 2 * 100 + begin % 2 * 30,
        end_time=end // 2 * 100 + end % 2 * 30,
        recurrence=draw(st.sampled_from(["EVERYDAY", "WEEK_DAYS", "WEEKENDS"])),
    )


@given(events(), events())
def test_overlap(one: Event, other: Event) -> None:
    """Events overlap if there is a time of the week at which both run."""
    week = [MONDAY + timedelta(minutes=30 * step) for step in range(7 * 48)]
    assert one.overlaps(other) == any(
        one.runs(moment) and other.runs(moment) for moment in week
    )
    assert one.overlaps(other) == other.overlaps(one)
    assert one.overlaps(one)


@given(st.integers(0, 23), st.integers(0, 59))
def test_times(hour: int, minute: int) -> None:
    """A time of day as a number is that minute of the day."""
    assert minutes(hour * 100 + minute) == hour * 60 + minute


@budget(max_examples=25)
@given(
    st.sampled_from([ACTION_CHARGE, ACTION_DISCHARGE]),
    st.integers(5, 100),
    st.integers(0, 100),
    st.integers(1, 12),
    st.integers(0, 4000),
)
def test_charging_obeys(
    action: str, power: int, soc: int, hours: int, load: int
) -> None:
    """Whatever is forced, the SOC does not pass the target or the backup level, nor the power its share."""
    sim = Simulation(eaton=("NO-PV",), start=START)
    unit = sim.eaton.first.device
    unit.house.load_override_w = load
    unit.settle()
    before = unit.soc or 0.0
    numbers = {"power": power, "soc": soc}
    operation = Operation(command=CHARGE, action=action, numbers=numbers)
    unit.obey_command(unit.new_command(operation, hours))
    sim.clock.advance(600)
    unit.settle()
    after = unit.soc or 0.0
    low, high = sorted((before, min(100, max(0, soc))))
    assert low - 0.01 <= after <= high + 0.01
    assert abs(unit.unit.flow.battery) <= 3600 * power / 100 + 0.01
    sim.clock.advance(hours * 3600)
    unit.settle()
    assert unit.mode.type == "DEFAULT"
