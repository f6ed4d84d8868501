"""Overrides of each family, through the writes and the record that the device tells."""

from datetime import UTC, datetime, timedelta
from typing import Final

from hypothesis import given, strategies as st
import pytest

from custom_components.home_battery.battery.change import ScheduleChange
from custom_components.home_battery.battery.model import Mode, Record
from custom_components.home_battery.battery.overlay import base_below
from custom_components.home_battery.battery.override import (
    Ending,
    Override,
    Stint,
    plan_of,
)
from custom_components.home_battery.battery.schedule import Schedule

from . import beans
from .test_schedule_codec import EACH_KIND, KINDS, parsed, records

NOW: Final = datetime(2026, 6, 15, tzinfo=UTC)
MODES: Final = (Mode.FORCE_CHARGE, Mode.FORCE_DISCHARGE, Mode.HOLD)


@st.composite
def stints(draw: st.DrawFn) -> Stint:
    """Return a stint of up to most of a day."""
    start = NOW + timedelta(minutes=draw(st.integers(0, 1439)), seconds=17)
    end = start + timedelta(minutes=draw(st.integers(1, 1400)))
    power = draw(st.sampled_from([None, 400.0, 750.0]))
    return Stint(start=start, end=end, power=power, soc=50)


@EACH_KIND
@given(st.data(), st.sampled_from(MODES), stints())
def test_there_and_back(
    kind: str, data: st.DataObject, mode: Mode, stint: Stint
) -> None:
    """The device holds an override over any schedule, and then that schedule again."""
    told = data.draw(records(kind))
    steering, state = parsed(kind, told)
    base, capabilities = state.schedule, state.capabilities
    plan = plan_of(
        Override(mode=mode, start=stint.start, target_soc=60),
        stint,
        base,
        Record(schedule=state),
        UTC,
    )
    assert isinstance(plan.change, ScheduleChange)
    assert plan.ending is Ending.REPEATS_DAILY
    assert plan.until >= stint.end
    change = plan.change.completed(Record(schedule=state))
    change.check(Record(schedule=state))
    told = beans.obey(told, *steering.writes_of_schedule(change.schedule, capabilities))
    steering, state = parsed(kind, told)
    assert change.held_by(Record(schedule=state))
    assert plan.period is not None
    held = state.schedule
    assert base_below(held, plan.period, base, change.schedule) == base
    back = ScheduleChange(base).completed(Record(schedule=state))
    told = beans.obey(
        told, *steering.writes_of_schedule(back.schedule, state.capabilities)
    )
    assert parsed(kind, told)[1].schedule == base


@pytest.mark.parametrize("kind", ["min", "sph", "spa"])
def test_hold_does_not_charge_from_the_grid(kind: str) -> None:
    """A battery that is held is charged by PV, and from nothing else."""
    told = {**KINDS[kind][0], "acChargeEnable": 1}
    steering, state = parsed(kind, told)
    plan = plan_of(
        Override(mode=Mode.HOLD, start=NOW),
        Stint(start=NOW, end=NOW + timedelta(hours=1), soc=50),
        Schedule(enabled=True),
        Record(schedule=state),
        UTC,
    )
    assert isinstance(plan.change, ScheduleChange)
    writes = steering.writes_of_schedule(plan.change.schedule, state.capabilities)
    assert beans.obey(told, *writes)["acChargeEnable"] == 0


@pytest.mark.parametrize(
    ("grid", "mode", "power"),
    [
        pytest.param(0, "growatt_battery_first", None, id="only from PV"),
        pytest.param(1, "growatt_load_first", 0, id="also from the grid"),
        pytest.param("", "growatt_load_first", 0, id="nobody knows"),
    ],
)
def test_hold_of_a_noah(grid: object, mode: str, power: float | None) -> None:
    """It takes the mode that neither discharges nor buys."""
    _, state = parsed("noah", {**beans.NOAH, "allowGridCharging": grid})
    plan = plan_of(
        Override(mode=Mode.HOLD, start=NOW),
        Stint(start=NOW, end=NOW + timedelta(hours=1), soc=50),
        Schedule(enabled=True),
        Record(schedule=state),
        UTC,
    )
    assert plan.period is not None
    assert (plan.period.mode, plan.period.power) == (mode, power)
