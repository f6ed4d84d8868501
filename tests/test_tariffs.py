"""Schedules for tariffs: for a while, and with more periods than there is room for."""

from dataclasses import replace
from typing import Any

from freezegun.api import FrozenDateTimeFactory
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from homeassistant.core import HomeAssistant
from homeassistant.exceptions import ServiceValidationError
from simulator import Simulation

from .actions import CHARGE, act, state
from .conftest import async_live

EVENING = {**CHARGE, "start": "18:00", "end": "19:00"}


def slot(start: str, end: str) -> dict[str, Any]:
    """Return a slot of cheap power."""
    return {**CHARGE, "start": start, "end": end}


HALF_HOURS = [
    slot(f"{hour:02}:00", f"{hour:02}:30")
    for hour in (0, 1, 2, 5, 6, 9, 13, 15, 20, 22)
]


def held(sim: Simulation) -> list[tuple[int, int]]:
    """Return the times that the device holds, in minutes of the day."""
    (inverter,) = sim.foxess.inverters
    return [
        (group.start, group.end + 1)
        for group in inverter.scheduler.groups
        if group.enabled
    ]


async def test_valid_until(
    hass: HomeAssistant,
    loaded: MockConfigEntry,
    sim: Simulation,
    freezer: FrozenDateTimeFactory,
) -> None:
    """What was before is put back when it is over, also if it was prolonged."""
    await act(hass, loaded, "set_schedule", periods=[CHARGE])
    for until in ("12:30", "13:00"):
        await act(hass, loaded, "set_schedule", periods=[EVENING], valid_until=until)
    assert held(sim) == [(1080, 1140)]
    told = await act(hass, loaded, "get_schedule")
    assert (told["valid_until"], told["set_here"]) == (
        "2026-06-15T11:00:00+00:00",
        True,
    )
    await async_live(hass, freezer, hours=0.8)
    assert held(sim) == [(1080, 1140)]
    await async_live(hass, freezer, hours=0.4)
    assert held(sim) == [(120, 300)]
    assert state(hass, "sensor.fox_ess_kh8_writes_today") == "3"


async def test_valid_until_over_a_reload(
    hass: HomeAssistant,
    loaded: MockConfigEntry,
    sim: Simulation,
    freezer: FrozenDateTimeFactory,
) -> None:
    """What is over while Home Assistant is away is put back afterwards."""
    await act(hass, loaded, "set_schedule", periods=[EVENING], valid_until="12:30")
    await hass.config_entries.async_unload(loaded.entry_id)
    await async_live(hass, freezer, hours=1)
    await hass.config_entries.async_setup(loaded.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)
    await async_live(hass, freezer, hours=0.2)
    assert held(sim) == []


async def test_changed_elsewhere_meanwhile(
    hass: HomeAssistant,
    loaded: MockConfigEntry,
    sim: Simulation,
    freezer: FrozenDateTimeFactory,
) -> None:
    """What somebody else has set meanwhile is left alone."""
    await act(hass, loaded, "set_schedule", periods=[EVENING], valid_until="12:30")
    (inverter,) = sim.foxess.inverters
    scheduler = inverter.scheduler
    scheduler.replace([replace(scheduler.groups[0], end=1129)])
    await async_live(hass, freezer, hours=1)
    assert held(sim) == [(1080, 1130)]
    assert (await act(hass, loaded, "get_schedule"))["set_here"] is False


async def test_too_many(hass: HomeAssistant, loaded: MockConfigEntry) -> None:
    """Without a word about it, too many periods are an error."""
    with pytest.raises(ServiceValidationError, match="8"):
        await act(hass, loaded, "set_schedule", periods=HALF_HOURS)


async def test_merge(
    hass: HomeAssistant, loaded: MockConfigEntry, sim: Simulation
) -> None:
    """The nearest ones become one."""
    await act(hass, loaded, "set_schedule", periods=HALF_HOURS, if_too_many="merge")
    assert held(sim) == [
        *((0, 150), (300, 330), (360, 390), (540, 570)),
        *((780, 810), (900, 930), (1200, 1230), (1320, 1350)),
    ]


async def test_next(
    hass: HomeAssistant,
    loaded: MockConfigEntry,
    sim: Simulation,
    freezer: FrozenDateTimeFactory,
) -> None:
    """What comes next is there, and the rest follows when there is room."""
    await act(hass, loaded, "set_schedule", periods=HALF_HOURS, if_too_many="next")
    starts = [start // 60 for start, _ in held(sim)]
    assert starts == [0, 1, 2, 5, 13, 15, 20, 22]
    await async_live(hass, freezer, hours=3.6)
    assert [start // 60 for start, _ in held(sim)] == [0, 1, 2, 5, 6, 9, 20, 22]
    assert state(hass, "sensor.fox_ess_kh8_writes_today") == "3"
