"""The actions: what they bring about."""

from typing import Any

import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry
from syrupy.assertion import SnapshotAssertion

from custom_components.home_battery.const import DOMAIN
from homeassistant.core import HomeAssistant
from homeassistant.helpers import device_registry as dr, issue_registry as ir
from simulator import Simulation

from .actions import CHARGE, act, state, writes
from .conftest import Simulate, async_set_up, make_entry

pytestmark = pytest.mark.usefixtures("enable_custom_integrations")


async def test_get_status(
    hass: HomeAssistant, loaded: MockConfigEntry, snapshot: SnapshotAssertion
) -> None:
    """Every reading of a system is one call away."""
    assert await act(hass, loaded, "get_status") == snapshot


async def test_get_schedule(
    hass: HomeAssistant, loaded: MockConfigEntry, snapshot: SnapshotAssertion
) -> None:
    """A schedule comes with all that the device can hold."""
    assert await act(hass, loaded, "get_schedule") == snapshot


@pytest.mark.parametrize(
    ("model", "path"),
    [
        ("KH8", "/op/v3/device/scheduler/enable"),
        ("KH10-V2", "/op/v2/device/scheduler/enable"),
        ("H3-V1", "/op/v1/device/scheduler/enable"),
        ("H1-V0", "/op/v0/device/scheduler/enable"),
        ("EVO", "/op/v3/device/scheduler/enable"),
    ],
)
async def test_schedule_of_every_version(
    hass: HomeAssistant, simulate: Simulate, model: str, path: str
) -> None:
    """A schedule is held, shown and cleared through whatever version the device has."""
    sim = await simulate(model)
    entry = make_entry(sim)
    await async_set_up(hass, entry)
    (inverter,) = sim.foxess.inverters
    (device,) = (
        found
        for found in dr.async_entries_for_config_entry(
            dr.async_get(hass), entry.entry_id
        )
        if found.serial_number == inverter.serial
    )
    target = {"device_id": device.id}
    periods = [CHARGE, {"start": "23:00", "end": "01:00", "mode": "self_consumption"}]
    response = await hass.services.async_call(
        DOMAIN,
        "set_schedule",
        {**target, "periods": periods},
        blocking=True,
        return_response=True,
    )
    assert response == {device.id: "confirmed"}
    assert writes(sim)[0] == path
    assert inverter.scheduler.enabled
    assert [
        (group.start, group.end, group.work_mode)
        for group in inverter.scheduler.groups
        if group.enabled
    ] == [(0, 59, "SelfUse"), (120, 299, "ForceCharge"), (1380, 1439, "SelfUse")]
    held: Any = await hass.services.async_call(
        DOMAIN, "get_schedule", target, blocking=True, return_response=True
    )
    assert [
        (period["start"], period["end"], period["mode"], period.get("power"))
        for period in held[device.id]["periods"]
    ] == [
        ("02:00", "05:00", "force_charge", 3000),
        ("23:00", "01:00", "self_consumption", None),
    ]
    await hass.services.async_call(DOMAIN, "clear_schedule", target, blocking=True)
    assert not inverter.scheduler.enabled
    assert [group for group in inverter.scheduler.groups if group.enabled] == []


async def test_schedule_round_trip(
    hass: HomeAssistant, loaded: MockConfigEntry
) -> None:
    """What get_schedule tells can be sent back, and then changes nothing."""
    await act(hass, loaded, "set_schedule", periods=[CHARGE])
    held = await act(hass, loaded, "get_schedule")
    assert (
        await act(hass, loaded, "set_schedule", periods=held["periods"]) == "unchanged"
    )


async def test_same_write_twice_is_one(
    hass: HomeAssistant, loaded: MockConfigEntry, sim: Simulation
) -> None:
    """What the device already holds is not sent again."""
    assert await act(hass, loaded, "set_schedule", periods=[CHARGE]) == "confirmed"
    sent = len(writes(sim))
    assert await act(hass, loaded, "set_schedule", periods=[CHARGE]) == "unchanged"
    assert len(writes(sim)) == sent


async def test_schedule_can_be_kept_without_force(
    hass: HomeAssistant, loaded: MockConfigEntry, sim: Simulation
) -> None:
    """A schedule can be there without being followed."""
    await act(hass, loaded, "set_schedule", periods=[CHARGE], enabled=False)
    (inverter,) = sim.foxess.inverters
    assert len(inverter.scheduler.groups) == 1
    assert not inverter.scheduler.enabled
    assert state(hass, "select.fox_ess_kh8_operating_mode") == "self_consumption"


async def test_templates_send_text(
    hass: HomeAssistant, loaded: MockConfigEntry, sim: Simulation
) -> None:
    """Numbers as text are numbers, and times may have seconds."""
    period = {**CHARGE, "power": "3000", "target_soc": "90.0", "start": "02:00:00"}
    await act(hass, loaded, "set_schedule", periods=period)
    await act(hass, loaded, "set_soc_limits", min_soc_on_grid="15")
    (inverter,) = sim.foxess.inverters
    assert inverter.scheduler.groups[0].params["fdPwr"] == 3000


async def test_numbers_between_steps(
    hass: HomeAssistant, loaded: MockConfigEntry, sim: Simulation
) -> None:
    """What a template works out is put on the device's own steps."""
    await act(hass, loaded, "set_soc_limits", min_soc_on_grid=15.4)
    (inverter,) = sim.foxess.inverters
    assert inverter.settings["MinSocOnGrid"] == "15"
    period = {**CHARGE, "power": 2333.33, "target_soc": 84.6}
    await act(hass, loaded, "set_schedule", periods=[period])
    params = inverter.scheduler.groups[0].params
    assert (params["fdPwr"], params["fdSoc"]) == (2333, 85)


async def test_limits_live_in_the_schedule(
    hass: HomeAssistant, loaded: MockConfigEntry, sim: Simulation
) -> None:
    """While the schedule is on, limits go into its periods and stay shown."""
    await act(hass, loaded, "set_schedule", periods=[CHARGE])
    assert state(hass, "number.fox_ess_kh8_min_soc") == "unavailable"
    assert state(hass, "select.fox_ess_kh8_operating_mode") == "unavailable"
    await act(hass, loaded, "set_soc_limits", min_soc_on_grid=25, max_soc=95)
    (inverter,) = sim.foxess.inverters
    params = inverter.scheduler.groups[0].params
    assert (params["minSocOnGrid"], params["maxSoc"], params["fdSoc"]) == (25, 95, 90)
    assert inverter.scheduler.enabled
    assert state(hass, "number.fox_ess_kh8_min_soc_on_grid") == "25.0"
    assert state(hass, "sensor.fox_ess_kh8_active_mode") == "self_consumption"


async def test_periods_keep_the_ceiling(
    hass: HomeAssistant, loaded: MockConfigEntry, sim: Simulation
) -> None:
    """A period that names no limits has the device's own, above and below."""
    await act(hass, loaded, "set_soc_limits", min_soc_on_grid=20, max_soc=95)
    await act(hass, loaded, "set_schedule", periods=[CHARGE])
    params = sim.foxess.inverters[0].scheduler.groups[0].params
    assert (params["minSocOnGrid"], params["maxSoc"]) == (20, 95)


async def test_limits_without_schedule(
    hass: HomeAssistant, loaded: MockConfigEntry, sim: Simulation
) -> None:
    """All limits are set by one action, and what is left out stays."""
    assert await act(hass, loaded, "set_soc_limits", min_soc=12) == "confirmed"
    await act(hass, loaded, "set_soc_limits", min_soc_on_grid=20, max_soc=90)
    (inverter,) = sim.foxess.inverters
    assert (
        inverter.settings["MinSoc"],
        inverter.settings["MinSocOnGrid"],
        inverter.settings["MaxSoc"],
    ) == ("12", "20", "90")
    assert state(hass, "number.fox_ess_kh8_max_soc") == "90.0"


async def test_operating_mode(
    hass: HomeAssistant, loaded: MockConfigEntry, sim: Simulation
) -> None:
    """The device's own mode is set in common words."""
    await act(hass, loaded, "set_operating_mode", mode="feed_in_first")
    (inverter,) = sim.foxess.inverters
    assert inverter.settings["WorkMode"] == "Feedin"
    assert state(hass, "sensor.fox_ess_kh8_active_mode") == "feed_in_first"


async def test_nothing_is_written_unasked(
    hass: HomeAssistant, loaded: MockConfigEntry, sim: Simulation
) -> None:
    """Neither set-up nor reload writes."""
    await hass.config_entries.async_reload(loaded.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)
    assert writes(sim) == []
    assert ir.async_get(hass).issues == {}
