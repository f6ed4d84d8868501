"""What a virtual power plant or somebody's remote control steers already."""

from freezegun.api import FrozenDateTimeFactory
import pytest

from homeassistant.core import HomeAssistant
from simulator import Simulation
from simulator.faults import Fault
from simulator.growatt.device import Device
from simulator.growatt.vpp import CONTROL, REMOTE, Period
from tests.conftest import Simulate, async_pass, async_set_up

from .entries import asked, async_act, make_growatt_entry

pytestmark = pytest.mark.usefixtures("enable_custom_integrations", "in_berlin")

READ = "readVppParameter"
THEIRS = (Period(start=60, end=119, percent=50),)


async def is_taken(hass: HomeAssistant, device: Device) -> bool:
    """Ask whether something else steers a device."""
    (entry,) = hass.config_entries.async_entries("home_battery")
    runtime = entry.runtime_data
    (known,) = (
        one for one in runtime.inventory.devices.values() if one.serial == device.serial
    )
    taken: bool = await runtime.account.is_taken(known)
    return taken


async def start(hass: HomeAssistant, sim: Simulation) -> Device:
    """Set up an account, and return its first device."""
    await async_set_up(hass, make_growatt_entry(sim))
    return sim.growatt.inverters[0]


@pytest.mark.parametrize("model", ["MIN-XH", "SPH", "SPA"])
async def test_authority(hass: HomeAssistant, simulate: Simulate, model: str) -> None:
    """Who has authority over a device with slots of its own, steers it."""
    device = await start(hass, await simulate(growatt=(model,)))
    assert not await is_taken(hass, device)
    device.vpp.command(60, 50, device.house.at)
    assert await is_taken(hass, device)
    device.vpp.values[CONTROL] = 0
    assert not await is_taken(hass, device)


async def test_nothing_is_asked_of_a_noah(
    hass: HomeAssistant, simulate: Simulate
) -> None:
    """It can be no part of a power plant."""
    sim = await simulate(growatt=("NOAH",))
    assert not await is_taken(hass, await start(hass, sim))
    assert asked(sim, READ) == 0


async def test_token_without_permission(
    hass: HomeAssistant, simulate: Simulate
) -> None:
    """What the token must not know is asked once, and taken for nobody's."""
    sim = await simulate(growatt=("MIN-XH",))
    device = await start(hass, sim)
    fault = Fault(vendor="growatt", kind="errno", path=f"*/{READ}", value=12)
    sim.faults.add(fault)
    device.vpp.command(60, 50, device.house.at)
    assert not await is_taken(hass, device)
    assert not await is_taken(hass, device)
    assert asked(sim, READ) == 1


async def test_times_of_a_wit(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory, simulate: Simulate
) -> None:
    """A WIT is steered by our times, somebody else's, or a command before any."""
    device = await start(hass, await simulate(growatt=("WIT",)))
    await async_pass(hass, freezer, minutes=6)
    assert not await is_taken(hass, device)
    charge = {"start": "02:00", "end": "05:00", "mode": "force_charge", "power": 20000}
    await async_act(hass, device, "set_schedule", periods=[charge])
    assert device.vpp.values[CONTROL] == 1
    assert not await is_taken(hass, device)
    ours = device.vpp.periods
    device.vpp.periods = THEIRS
    assert await is_taken(hass, device)
    device.vpp.values[CONTROL] = 0
    assert not await is_taken(hass, device)
    device.vpp.values[CONTROL] = 1
    device.vpp.periods = ours
    assert not await is_taken(hass, device)
    device.vpp.values[REMOTE] = 1
    assert await is_taken(hass, device)
