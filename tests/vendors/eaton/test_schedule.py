"""The unit's own schedule through the common actions."""

from typing import Any

import pytest

from homeassistant.exceptions import HomeAssistantError, ServiceValidationError
from simulator.eaton import CommCard
from simulator.faults import Fault, Switchboard

from .entries import Seen

NIGHT = {
    "start": "23:00",
    "end": "03:00",
    "mode": "force_charge",
    "power": 2300,
    "target_soc": 90,
}
WORKDAY = {
    "start": "17:00",
    "end": "20:00",
    "mode": "peak_shaving",
    "power": 4000,
    "days": ["mon", "tue", "wed", "thu", "fri"],
}
WEEKEND = {
    "start": "10:00",
    "end": "16:00",
    "mode": "eaton_basic",
    "days": ["sat", "sun"],
}


def events(unit: CommCard) -> list[tuple[Any, ...]]:
    """Return what the unit holds."""
    return sorted(
        (
            stored.event.start_time,
            stored.event.end_time,
            stored.event.recurrence,
            stored.event.operation.command,
            dict(stored.event.operation.parameters or {}),
        )
        for stored in unit.device.schedule.events.values()
    )


async def test_round_trip(seen: Seen) -> None:
    """What was set is held by the unit, read back, and can be sent again for nothing."""
    assert await seen.act("set_schedule", periods=[NIGHT, WORKDAY, WEEKEND]) == (
        "confirmed"
    )
    charge = {"action": "ACTION_CHARGE", "power": 50, "soc": 90}
    assert events(seen.unit) == [
        (0, 300, "EVERYDAY", "SET_CHARGE", charge),
        (1000, 1600, "WEEKENDS", "SET_BASIC_MODE", {}),
        (
            1700,
            2000,
            "WEEK_DAYS",
            "SET_PEAK_SHAVING",
            {"maxHousePeakConsumption": 4000},
        ),
        (2300, 2359, "EVERYDAY", "SET_CHARGE", charge),
    ]
    read = await seen.act("get_schedule")
    assert read["time_zone"] == "Europe/Berlin"
    assert [
        (period["start"], period["end"], period["mode"], len(period["days"]))
        for period in read["periods"]
    ] == [
        ("10:00", "16:00", "eaton_basic", 2),
        ("17:00", "20:00", "peak_shaving", 5),
        ("23:00", "03:00", "force_charge", 7),
    ]
    calls = len(seen.unit.calls)
    assert await seen.act("set_schedule", periods=read["periods"]) == "unchanged"
    assert not any(call.write for call in seen.unit.calls[calls:])


async def test_only_what_differs_is_written(seen: Seen) -> None:
    """Events that stay are not touched."""
    await seen.act("set_schedule", periods=[NIGHT, WORKDAY])
    before = set(seen.unit.device.schedule.events)
    calls = len(seen.unit.calls)
    await seen.act("set_schedule", periods=[NIGHT, WEEKEND])
    assert [call.method for call in seen.unit.calls[calls:] if call.write] == [
        "DELETE",
        "POST",
    ]
    assert len(before & set(seen.unit.device.schedule.events)) == 2


async def test_clear(seen: Seen) -> None:
    """The schedule is emptied."""
    await seen.act("set_schedule", periods=[NIGHT, WORKDAY])
    assert await seen.act("clear_schedule") == "confirmed"
    assert events(seen.unit) == []
    assert await seen.act("clear_schedule") == "unchanged"


@pytest.mark.parametrize(
    ("periods", "problem"),
    [
        ([NIGHT, {**NIGHT, "start": "02:00", "end": "04:00"}], "schedule_overlap"),
        ([{**WORKDAY, "days": ["mon"]}], "schedule_day_groups"),
        ([{**WORKDAY, "start": "22:00", "end": "01:00"}], "schedule_day_groups"),
        ([{**NIGHT, "end": "23:20"}], "schedule_short"),
        ([{**NIGHT, "start": "23:30", "end": "00:00"}], "schedule_short"),
        ([{**NIGHT, "start": "23:02"}], "schedule_minutes"),
        ([{**NIGHT, "power": 100}], "schedule_range"),
        ([{**NIGHT, "min_soc": 20}], "schedule_field"),
        (
            [{"start": "01:00", "end": "02:00", "mode": "peak_shaving"}],
            "schedule_required",
        ),
        ([{**NIGHT, "mode": "backup"}], "schedule_mode"),
        ([{**NIGHT, "enabled": False}], "schedule_disabled"),
    ],
)
async def test_refused(seen: Seen, periods: list[dict[str, Any]], problem: str) -> None:
    """What the unit cannot hold is refused before anything is sent."""
    with pytest.raises(ServiceValidationError) as caught:
        await seen.act("set_schedule", periods=periods)
    assert caught.value.translation_key == problem
    assert events(seen.unit) == []


async def test_refused_by_the_unit(seen: Seen, simulation_faults: Switchboard) -> None:
    """What the unit refuses leaves its schedule as it was."""
    await seen.act("set_schedule", periods=[WORKDAY])
    before = events(seen.unit)
    simulation_faults.add(
        Fault(
            vendor="eaton", kind="errno", path="/api/schedule/event", value=400, count=1
        )
    )
    with pytest.raises(HomeAssistantError) as caught:
        await seen.act("set_schedule", periods=[NIGHT])
    assert caught.value.translation_key == "refused"
    assert events(seen.unit) == before


async def test_what_runs_by_the_schedule(seen: Seen) -> None:
    """What runs by the schedule is told as such."""
    now = {"start": "11:00", "end": "13:00", "mode": "eaton_basic"}
    await seen.act("set_schedule", periods=[now])
    await seen.entry.runtime_data.readings.async_refresh()
    assert seen.value("sensor", "active_mode") == "eaton_basic"
    assert seen.value("sensor", "active_mode_source") == "schedule"
