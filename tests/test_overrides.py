"""Overrides: begun, over, and everything as it was."""

from collections.abc import Callable
import math
from typing import Any

from freezegun.api import FrozenDateTimeFactory
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from homeassistant.core import HomeAssistant
from simulator import Simulation

from .actions import CHARGE, act, state
from .conftest import async_live, async_pass, half_full


@pytest.fixture
def sim(sim: Simulation, freezer: FrozenDateTimeFactory) -> Simulation:
    """Return a house with half a battery and no sun, of which the cloud knows."""
    half_full(sim, freezer)
    return sim


EVENT = "event.fox_ess_kh8_override"


def periods(sim: Simulation) -> list[tuple[int, int, str]]:
    """Return what the device's schedule holds in force: minutes of the day, and modes."""
    (inverter,) = sim.foxess.inverters
    if not inverter.scheduler.enabled:
        return []
    return [
        (group.start, group.end, group.work_mode)
        for group in inverter.scheduler.groups
        if group.enabled
    ]


def event(hass: HomeAssistant) -> str | None:
    """Return what happened last."""
    found = hass.states.get(EVENT)
    return None if found is None else found.attributes["event_type"]


async def test_force_charge_until_its_end(
    hass: HomeAssistant,
    loaded: MockConfigEntry,
    sim: Simulation,
    freezer: FrozenDateTimeFactory,
) -> None:
    """A charge lies over the schedule with its end and its target, and is over."""
    await act(hass, loaded, "set_schedule", periods=[CHARGE])
    response = await act(
        hass, loaded, "force_charge", power=2000, target_soc=100, end="13:00"
    )
    assert response["outcome"] == "confirmed"
    assert response["ending"] == "repeats_daily"
    assert event(hass) == "started"
    assert periods(sim) == [(120, 299, "ForceCharge"), (730, 779, "ForceCharge")]
    (inverter,) = sim.foxess.inverters
    assert inverter.scheduler.groups[1].params["fdSoc"] == 100
    assert state(hass, "sensor.fox_ess_kh8_active_mode") == "force_charge"
    assert state(hass, "sensor.fox_ess_kh8_active_mode_source") == "override"
    assert state(hass, "sensor.fox_ess_kh8_override") == "force_charge"
    held = await act(hass, loaded, "get_schedule")
    assert [period["start"] for period in held["periods"]] == ["02:00"]
    await async_live(hass, freezer, hours=1.1)
    assert event(hass) == "ended"
    assert periods(sim) == [(120, 299, "ForceCharge")]
    assert state(hass, "sensor.fox_ess_kh8_override") == "none"
    assert state(hass, "sensor.fox_ess_kh8_active_mode_source") != "override"


async def test_same_call_again_and_again(
    hass: HomeAssistant,
    loaded: MockConfigEntry,
    sim: Simulation,
    freezer: FrozenDateTimeFactory,
) -> None:
    """A controller that repeats itself for hours causes a single write."""
    for _ in range(24):
        await act(hass, loaded, "force_charge", target_soc=100, power=1000, end="23:30")
        await async_pass(hass, freezer, minutes=5)
    assert state(hass, "sensor.fox_ess_kh8_writes_today") == "1"


async def test_same_call_beyond_the_target(
    hass: HomeAssistant, loaded: MockConfigEntry, freezer: FrozenDateTimeFactory
) -> None:
    """What was reached is not begun again with the first percent lost."""
    for _ in range(5):
        await act(hass, loaded, "force_charge", target_soc=60, end="23:30")
        await async_pass(hass, freezer, minutes=5)
    assert event(hass) == "target_reached"
    assert float(state(hass, "sensor.fox_ess_kh8_battery_soc")) < 60
    assert state(hass, "sensor.fox_ess_kh8_writes_today") == "2"


async def test_target_reached(
    hass: HomeAssistant,
    loaded: MockConfigEntry,
    sim: Simulation,
    freezer: FrozenDateTimeFactory,
) -> None:
    """At its target it is over, and the device follows no schedule as before."""
    (inverter,) = sim.foxess.inverters
    assert inverter.soc is not None
    target = round(inverter.soc) + 5
    await act(hass, loaded, "force_charge", target_soc=target, duration=300)
    await async_live(hass, freezer, hours=2)
    assert event(hass) == "target_reached"
    assert periods(sim) == []
    assert not inverter.scheduler.enabled


async def test_stop(
    hass: HomeAssistant, loaded: MockConfigEntry, sim: Simulation
) -> None:
    """What is stopped is over at once; stopping nothing is fine."""
    assert await act(hass, loaded, "stop_override") == {"outcome": "nothing"}
    await act(hass, loaded, "force_discharge", target_soc=20, duration=60)
    assert periods(sim)[0][2] == "ForceDischarge"
    assert await act(hass, loaded, "stop_override") == {"outcome": "stopped"}
    assert event(hass) == "cancelled"
    assert periods(sim) == []


async def test_replaced(
    hass: HomeAssistant, loaded: MockConfigEntry, sim: Simulation
) -> None:
    """A replacement keeps the first one's way back."""
    await act(hass, loaded, "set_schedule", periods=[CHARGE])
    await act(hass, loaded, "force_charge", target_soc=100, end="13:00")
    await act(hass, loaded, "force_discharge", target_soc=20, end="14:00")
    assert periods(sim) == [(120, 299, "ForceCharge"), (730, 839, "ForceDischarge")]
    await act(hass, loaded, "stop_override")
    assert periods(sim) == [(120, 299, "ForceCharge")]


@pytest.mark.parametrize(
    ("direction", "limits"),
    [
        ("discharge", lambda soc: {"minSocOnGrid": int(soc)}),
        ("charge", lambda soc: {"maxSoc": math.ceil(soc)}),
    ],
)
async def test_hold(
    hass: HomeAssistant,
    loaded: MockConfigEntry,
    sim: Simulation,
    direction: str,
    limits: Callable[[float], dict[str, Any]],
) -> None:
    """A held battery is a self-consumption between SOC limits at what there is."""
    await act(hass, loaded, "hold", direction=direction, duration=60)
    (inverter,) = sim.foxess.inverters
    (group,) = (group for group in inverter.scheduler.groups if group.enabled)
    assert group.work_mode == "SelfUse"
    soc = float(state(hass, "sensor.fox_ess_kh8_battery_soc"))
    assert dict(group.params).items() >= limits(soc).items()


async def test_schedule_below(
    hass: HomeAssistant,
    loaded: MockConfigEntry,
    sim: Simulation,
    freezer: FrozenDateTimeFactory,
) -> None:
    """A schedule that is set meanwhile lies below, and is what is put back."""
    await act(hass, loaded, "force_charge", target_soc=100, end="13:00")
    await act(hass, loaded, "set_schedule", periods=[CHARGE])
    assert periods(sim) == [(120, 299, "ForceCharge"), (730, 779, "ForceCharge")]
    held = await act(hass, loaded, "get_schedule")
    assert [period["start"] for period in held["periods"]] == ["02:00"]
    await async_live(hass, freezer, hours=1.1)
    assert periods(sim) == [(120, 299, "ForceCharge")]


async def test_just_in_time(
    hass: HomeAssistant,
    loaded: MockConfigEntry,
    sim: Simulation,
    freezer: FrozenDateTimeFactory,
) -> None:
    """The device gets a window that reaches the target alone, and begins late."""
    response = await act(
        hass,
        loaded,
        "force_charge",
        target_soc=90,
        end="22:00",
        pace="just_in_time",
    )
    assert response["outcome"] == "confirmed"
    ((start, end, mode),) = periods(sim)
    assert mode == "ForceCharge"
    assert start > 18 * 60
    assert end == 22 * 60 - 1
    assert state(hass, "sensor.fox_ess_kh8_override_pace") == "house_first"
    (inverter,) = sim.foxess.inverters
    await async_live(hass, freezer, hours=9.7)
    assert inverter.soc == pytest.approx(90, abs=1.5)
    assert event(hass) == "started"
    await async_live(hass, freezer, hours=0.3)
    assert event(hass) == "target_reached"
    assert periods(sim) == []
    assert int(state(hass, "sensor.fox_ess_kh8_writes_today")) <= 8


async def test_removed(
    hass: HomeAssistant, loaded: MockConfigEntry, sim: Simulation
) -> None:
    """When the account is removed, everything is as it was."""
    await act(hass, loaded, "set_schedule", periods=[CHARGE])
    await act(hass, loaded, "force_charge", target_soc=100, end="13:00")
    assert len(periods(sim)) == 2
    await hass.config_entries.async_remove(loaded.entry_id)
    await hass.async_block_till_done()
    assert periods(sim) == [(120, 299, "ForceCharge")]


async def test_no_target_cannot_be_missed(
    hass: HomeAssistant, loaded: MockConfigEntry, freezer: FrozenDateTimeFactory
) -> None:
    """Only of a target that somebody set it is told that it is out of reach."""
    await act(hass, loaded, "force_charge", power=1000, duration=30)
    await async_live(hass, freezer, hours=0.3)
    assert event(hass) == "started"
    await act(hass, loaded, "force_charge", power=1000, target_soc=100, duration=30)
    await async_live(hass, freezer, hours=0.1)
    assert event(hass) == "target_unreachable"
