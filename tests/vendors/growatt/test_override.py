"""Overrides of Growatt devices do what they are called, also without Home Assistant."""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from itertools import product
from typing import Any

from freezegun.api import FrozenDateTimeFactory
import pytest

from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError
from simulator import Simulation
from simulator.growatt.device import Device
from tests.conftest import Simulate, async_pass, async_set_up
from tests.simulator.growatt.writes import set_house

from .entries import async_act, async_switch, make_growatt_entry

pytestmark = pytest.mark.usefixtures(
    "enable_custom_integrations", "in_berlin", "all_enabled"
)

type Begin = Callable[..., Awaitable[Device]]


@pytest.fixture
def begin(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory, simulate: Simulate
) -> Begin:
    """Return how a device half full is set up in a house without sun."""

    async def start(model: str, *, pv: float = 0, load: float = 500) -> Device:
        sim: Simulation = await simulate(growatt=(model,))
        device = sim.growatt.inverters[0]
        set_house(device, soc=50, load=load, pv=pv)
        await async_set_up(hass, make_growatt_entry(sim))
        await async_pass(hass, freezer, minutes=6)
        return device

    return start


async def alone(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    device: Device,
    minutes: float = 60,
) -> float:
    """Leave a device to itself, and return by how much % its SOC has changed."""
    (entry,) = hass.config_entries.async_entries("home_battery")
    await hass.config_entries.async_unload(entry.entry_id)
    device.settle()
    before = device.soc
    freezer.tick(timedelta(minutes=minutes))
    device.settle()
    assert before is not None
    assert device.soc is not None
    return device.soc - before


@pytest.mark.parametrize("pv", [0, 700])
@pytest.mark.parametrize("model", ["MIN-XH", "SPH", "SPA", "NOAH", "NEXA", "WIT"])
async def test_hold_discharges_nothing(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    begin: Begin,
    model: str,
    pv: float,
) -> None:
    """A battery that is held gives nothing to a house that needs it."""
    device = await begin(model, pv=pv, load=900)
    outcome = await async_act(hass, device, "hold", duration=120)
    assert (outcome["outcome"], outcome["ending"]) == ("confirmed", "repeats_daily")
    assert await alone(hass, freezer, device) >= 0
    assert device.unit.flow.battery <= 0


@pytest.mark.parametrize("model", ["NOAH", "NEXA"])
async def test_hold_buys_nothing(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory, begin: Begin, model: str
) -> None:
    """A battery that may be charged from the grid is not, only because it is held."""
    device = await begin(model)
    await async_switch(hass, device.serial, "ac_charge")
    await async_pass(hass, freezer, minutes=1)
    await async_act(hass, device, "hold", duration=120)
    assert await alone(hass, freezer, device) == 0


@pytest.mark.parametrize("direction", ["charge", "both"])
@pytest.mark.parametrize("model", ["SPH", "SPA", "NOAH"])
async def test_hold_that_it_cannot(
    hass: HomeAssistant, begin: Begin, model: str, direction: str
) -> None:
    """What only keeps a battery from discharging does not keep it from charging."""
    device = await begin(model)
    with pytest.raises(ServiceValidationError) as caught:
        await async_act(hass, device, "hold", duration=120, direction=direction)
    assert caught.value.translation_key == "override_unsupported"


@pytest.mark.parametrize("model", ["MIN-XH", "SPH", "SPA"])
async def test_charge_stops_at_its_target(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory, begin: Begin, model: str
) -> None:
    """The target is the device's own, and so it counts without Home Assistant."""
    device = await begin(model)
    await async_act(hass, device, "force_charge", duration=240, target_soc=60)
    await alone(hass, freezer, device, 235)
    assert device.soc == pytest.approx(60, abs=0.1)


@pytest.mark.parametrize("model", ["MIN-XH", "SPH", "SPA"])
async def test_discharge_stops_at_its_target(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory, begin: Begin, model: str
) -> None:
    """So does that of a discharge."""
    device = await begin(model)
    await async_act(hass, device, "force_discharge", duration=240, target_soc=40)
    await alone(hass, freezer, device, 235)
    assert device.soc == pytest.approx(40, abs=0.1)


@pytest.mark.parametrize(
    ("model", "power"),
    [("MIN-XH", 1200), ("SPA", 1200), ("NOAH", 300), ("WIT", 20000)],
)
async def test_discharge(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    begin: Begin,
    model: str,
    power: float,
) -> None:
    """It gives the power that was wanted, whatever the house needs."""
    device = await begin(model, load=100)
    await async_act(hass, device, "force_discharge", duration=60, power=power)
    await alone(hass, freezer, device, 5)
    assert device.unit.flow.battery == pytest.approx(power, rel=0.2)


@pytest.mark.parametrize(
    ("model", "pv"), [("NOAH", 300), ("NEXA", 300), ("WIT", 0), ("MIN-XH", 0)]
)
async def test_charge(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    begin: Begin,
    model: str,
    pv: float,
) -> None:
    """It charges before anything else; NOAH and NEXA with what PV gives."""
    device = await begin(model, pv=pv)
    await async_act(hass, device, "force_charge", duration=60)
    assert await alone(hass, freezer, device, 30) > 1


def kept(device: Device) -> dict[str, Any]:
    """Return what a device holds beside its slots, and what it does."""
    orders = device.orders_at(device.house.at)
    heads = ("Power", "SOC", "Enable")
    return {
        "mode": orders.mode,
        **{
            key: value
            for key, value in device.settings.items()
            if any(head in key for head in heads) and not key.startswith("time")
        },
    }


TARGETS: dict[str, dict[str, Any]] = {
    "hold": {},
    "force_charge": {"target_soc": 80},
    "force_discharge": {"target_soc": 30},
}


@pytest.mark.parametrize(
    ("model", "action"),
    [
        *product(("MIN-XH", "SPH", "NOAH"), TARGETS),
        *product(("SPA",), ("hold", "force_discharge")),
    ],
)
async def test_everything_is_as_it_was(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    begin: Begin,
    model: str,
    action: str,
) -> None:
    """What was changed for an override is put back when it is stopped."""
    device = await begin(model)
    before, settings = kept(device), dict(device.settings)
    await async_act(hass, device, action, duration=90, **TARGETS[action])
    assert dict(device.settings) != settings
    await async_pass(hass, freezer, minutes=6)
    assert await async_act(hass, device, "stop_override") == {"outcome": "stopped"}
    assert kept(device) == before


async def test_put_back_and_confirmed_later(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory, begin: Begin
) -> None:
    """A SPA tells only every 5 minutes whether it may charge from the grid."""
    device = await begin("SPA")
    before = kept(device)
    await async_act(hass, device, "force_charge", duration=90, target_soc=80)
    await async_pass(hass, freezer, minutes=6)
    with pytest.raises(HomeAssistantError) as caught:
        await async_act(hass, device, "stop_override")
    assert caught.value.translation_key == "unconfirmed"
    assert kept(device) == before
    for _ in range(10):
        await async_pass(hass, freezer, minutes=1)
    assert await async_act(hass, device, "stop_override") == {"outcome": "nothing"}
    assert kept(device) == before
