"""Readings follow the devices' uploads, over restarts and in spite of one another."""

from datetime import datetime, timedelta
from typing import Any

from freezegun.api import FrozenDateTimeFactory
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry
from pytest_homeassistant_custom_component.components.diagnostics import (
    get_diagnostics_for_config_entry,
)
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator

from custom_components.home_battery.vendors.foxess.models import parse_time
from homeassistant.core import HomeAssistant
from homeassistant.setup import async_setup_component
from homeassistant.util import dt as dt_util
from simulator import Simulation
from simulator.faults import Fault

from .conftest import Simulate, async_pass, async_set_up
from .vendors.growatt.entries import make_growatt_entry, seen, too_frequent

pytestmark = pytest.mark.usefixtures("enable_custom_integrations")

LAST_DATA = "sensor.fox_ess_kh8_last_data"


async def async_rhythm(
    hass: HomeAssistant, client: ClientSessionGenerator, entry: MockConfigEntry
) -> dict[str, Any]:
    """Return what diagnostics tell of the readings' rhythm."""
    assert await async_setup_component(hass, "diagnostics", {})
    told: Any = await get_diagnostics_for_config_entry(hass, client, entry)
    rhythm: dict[str, Any] = told["feeds"]["readings"]["rhythm"]
    return rhythm


def asked(sim: Simulation) -> int:
    """Return how often readings were asked for."""
    return sum(call.path.endswith("/real/query") for call in sim.foxess.calls)


async def test_shown_soon_after_an_upload(
    hass: HomeAssistant,
    loaded: MockConfigEntry,
    sim: Simulation,
    freezer: FrozenDateTimeFactory,
) -> None:
    """After an hour, a record is nearly always shown within half a minute, for few calls."""
    for _ in range(60):
        await async_pass(hass, freezer, minutes=1)
    (inverter,) = sim.foxess.inverters
    calls, behind = asked(sim), []
    for _ in range(360):
        await async_pass(hass, freezer, seconds=10)
        inverter.settle()
        state = hass.states.get(LAST_DATA)
        assert state is not None
        uploaded = parse_time(inverter.records[-1].time)
        assert uploaded is not None
        behind.append(uploaded - datetime.fromisoformat(state.state))
    assert sum(behind, timedelta()) / len(behind) <= timedelta(seconds=30)
    assert asked(sim) - calls <= 400 / 24


async def test_learned_over_a_reload(
    hass: HomeAssistant,
    loaded: MockConfigEntry,
    freezer: FrozenDateTimeFactory,
    hass_client: ClientSessionGenerator,
) -> None:
    """What was learned of an inverter's uploads is known after a reload."""
    for _ in range(30):
        await async_pass(hass, freezer, minutes=1)
    await hass.config_entries.async_reload(loaded.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)
    rhythm = await async_rhythm(hass, hass_client, loaded)
    (device,) = rhythm["devices"].values()
    assert device["known"]
    assert device["period"] == pytest.approx(300, abs=10)
    assert rhythm["stretch"] == 1
    until = datetime.fromisoformat(rhythm["next"]) - dt_util.utcnow()
    assert timedelta(0) < until < timedelta(minutes=6)


async def test_stretched(
    hass: HomeAssistant,
    loaded: MockConfigEntry,
    sim: Simulation,
    freezer: FrozenDateTimeFactory,
) -> None:
    """When others have taken most of the day's calls, rounds are further apart."""
    sim.foxess.spend(1100)
    for _ in range(150):
        await async_pass(hass, freezer, minutes=1)
    calls = asked(sim)
    for _ in range(120):
        await async_pass(hass, freezer, minutes=1)
    rhythm = loaded.runtime_data.readings.following.rhythm
    assert rhythm.stretch > 2
    assert asked(sim) - calls < 12


async def test_each_in_its_own_turn(
    hass: HomeAssistant, simulate: Simulate, freezer: FrozenDateTimeFactory
) -> None:
    """A family that fails in its own turn takes no other down, nor does a silent one."""
    sim = await simulate(growatt=("MIN-XH+SPH",))
    await async_set_up(hass, make_growatt_entry(sim))
    for _ in range(90):
        await async_pass(hass, freezer, minutes=1)
    first, second = (sim.growatt.first(model) for model in ("MIN-XH", "SPH"))
    sim.faults.add(
        Fault(vendor="growatt", kind="errno", path="*/queryLastData", value=5, count=1)
    )
    states: list[set[str]] = [set(), set()]
    for _ in range(20):
        await async_pass(hass, freezer, minutes=1)
        for known, device in zip(states, (first, second), strict=True):
            known.add(seen(hass, device.serial, "online"))
    assert sorted(map(len, states)) == [1, 2]
    sim.faults.add(Fault(vendor="growatt", kind="stale", value=second.serial))
    online = []
    for _ in range(60):
        await async_pass(hass, freezer, minutes=1)
        online.append(seen(hass, first.serial, "online"))
    assert set(online) == {"on"}
    assert seen(hass, second.serial, "online") == "off"
    sim.faults.clear()
    for _ in range(20):
        await async_pass(hass, freezer, minutes=1)
    assert seen(hass, second.serial, "online") == "on"
    assert too_frequent(sim) == []
