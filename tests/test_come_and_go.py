"""Devices that come, go, move and return, while Home Assistant runs."""

from collections.abc import Callable
from dataclasses import replace

from freezegun.api import FrozenDateTimeFactory
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry
from pytest_homeassistant_custom_component.typing import WebSocketGenerator

from custom_components.home_battery.const import DOMAIN
from homeassistant.const import STATE_UNAVAILABLE
from homeassistant.core import HomeAssistant
from homeassistant.helpers import device_registry as dr, entity_registry as er
from homeassistant.setup import async_setup_component
from simulator import Simulation
from simulator.faults import Fault

from .conftest import Simulate, async_pass, async_set_up, make_entry
from .simulator.client import Client

pytestmark = pytest.mark.usefixtures("enable_custom_integrations")

type Return = Callable[[], None]


def hide(sim: Simulation, serial: str) -> Return:
    """Take a device out of the account; return how it comes back."""
    sim.faults.add(Fault(vendor="foxess", kind="missing_device", value=serial))
    return sim.faults.clear


def hide_inverter(sim: Simulation) -> Return:
    """Take away the second inverter, and its battery and logger with it."""
    return hide(sim, sim.foxess.inverters[1].serial)


def hide_meter(sim: Simulation) -> Return:
    """Take away the meter."""
    return hide(sim, sim.foxess.meters[0].serial)


def hide_heat_pump(sim: Simulation) -> Return:
    """Take away the heat pump."""
    return hide(sim, sim.foxess.heat_pumps[0].serial)


def hide_pack(sim: Simulation) -> Return:
    """Take away the second of two packs."""
    inverter = sim.foxess.inverters[0]
    full = inverter.profile

    def put_back() -> None:
        inverter.profile = full

    inverter.profile = replace(full, packs=full.packs[:1])
    return put_back


def hide_logger(sim: Simulation) -> Return:
    """Take away the first inverter's logger."""
    inverter = sim.foxess.inverters[0]
    serial = inverter.module_serial

    def put_back() -> None:
        inverter.module_serial = serial

    inverter.module_serial = ""
    return put_back


PACK = "sensor.fox_ess_ecs2900_0012_battery_capacity"
PARTS = [
    pytest.param(hide_pack, PACK, "11.52", id="pack"),
    pytest.param(
        hide_logger, "binary_sensor.fox_ess_logger_0001_online", "on", id="logger"
    ),
    pytest.param(hide_meter, "binary_sensor.fox_ess_meter_online", "on", id="meter"),
    pytest.param(
        hide_heat_pump, "sensor.fox_ess_hp_12_registration", "approved", id="heat pump"
    ),
]
DEVICES = [
    *PARTS,
    pytest.param(
        hide_inverter, "sensor.fox_ess_evo_10_5_h_status", "running", id="inverter"
    ),
]


@pytest.fixture
async def sim(simulate: Simulate) -> Simulation:
    """Return the simulation of two inverters, one with two packs, and other parts."""
    return await simulate("H3-V1+METER+HEATPUMP", "EVO")


def state(hass: HomeAssistant, entity_id: str) -> str | None:
    """Return an entity's state, `None` if there is none."""
    found = hass.states.get(entity_id)
    return None if found is None else found.state


def parent_of(registry: dr.DeviceRegistry, entry: MockConfigEntry, key: str) -> str:
    """Return the name of the device that one is a part of."""
    device = registry.async_get_device_by_identifier(
        (DOMAIN, f"foxess_{key}"), entry.entry_id
    )
    assert device is not None
    parent = registry.async_get(device.via_device_id or "")
    assert parent is not None
    return str(parent.name)


@pytest.mark.parametrize(("take", "entity_id", "value"), PARTS)
async def test_new_part(
    hass: HomeAssistant,
    entry: MockConfigEntry,
    sim: Simulation,
    freezer: FrozenDateTimeFactory,
    take: Callable[[Simulation], Return],
    entity_id: str,
    value: str,
) -> None:
    """A part that is new appears with its entities, and nothing is set up anew."""
    put_back = take(sim)
    await async_set_up(hass, entry)
    runtime = entry.runtime_data
    assert state(hass, entity_id) is None
    put_back()
    await async_pass(hass, freezer, hours=12)
    assert state(hass, entity_id) == value
    assert entry.runtime_data is runtime


async def test_new_inverter(
    hass: HomeAssistant,
    entry: MockConfigEntry,
    sim: Simulation,
    freezer: FrozenDateTimeFactory,
) -> None:
    """An inverter that is new appears with its battery and its logger."""
    put_back = hide_inverter(sim)
    await async_set_up(hass, entry)
    put_back()
    await async_pass(hass, freezer, hours=12)
    serial = sim.foxess.inverters[1].serial
    assert {
        (device.kind, device.parent)
        for device in entry.runtime_data.inventory.devices.values()
        if device.parent == f"inverter_{serial}"
    } == {("battery", f"inverter_{serial}"), ("module", f"inverter_{serial}")}
    assert state(hass, "sensor.fox_ess_evo_10_5_h_status") == "running"
    assert state(hass, "switch.fox_ess_evo_10_5_h_heating") is not None


@pytest.mark.parametrize(("take", "entity_id", "value"), DEVICES)
async def test_device_goes_and_returns(
    hass: HomeAssistant,
    entity_registry: er.EntityRegistry,
    loaded: MockConfigEntry,
    sim: Simulation,
    freezer: FrozenDateTimeFactory,
    take: Callable[[Simulation], Return],
    entity_id: str,
    value: str,
) -> None:
    """What is gone is unavailable, and is the same when it is back."""
    before = entity_registry.async_get(entity_id)
    assert before is not None
    put_back = take(sim)
    await async_pass(hass, freezer, hours=12)
    assert state(hass, entity_id) == STATE_UNAVAILABLE
    assert state(hass, "sensor.fox_ess_h3_10_0_e_status") == "running"
    put_back()
    await async_pass(hass, freezer, hours=12)
    assert state(hass, entity_id) == value
    assert entity_registry.async_get(entity_id) == before


@pytest.mark.parametrize(
    ("take", "entity_id"),
    [pytest.param(*param.values[:2], id=param.id) for param in DEVICES],
)
async def test_device_is_gone_for_good(
    hass: HomeAssistant,
    loaded: MockConfigEntry,
    hass_ws_client: WebSocketGenerator,
    device_registry: dr.DeviceRegistry,
    entity_registry: er.EntityRegistry,
    sim: Simulation,
    take: Callable[[Simulation], Return],
    entity_id: str,
) -> None:
    """A person may delete what is gone, but nothing that is there."""
    assert await async_setup_component(hass, "config", {})
    entity = entity_registry.async_get(entity_id)
    assert entity is not None
    client = await hass_ws_client(hass)
    command = {
        "type": "config/device_registry/remove_config_entry",
        "config_entry_id": loaded.entry_id,
        "device_id": entity.device_id,
    }
    await client.send_json_auto_id(command)
    assert not (await client.receive_json())["success"]
    take(sim)
    await hass.config_entries.async_reload(loaded.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)
    await client.send_json_auto_id(command)
    assert (await client.receive_json())["success"]
    assert device_registry.async_get(str(entity.device_id)) is None
    assert state(hass, entity_id) is None


async def test_inverter_moves(
    hass: HomeAssistant,
    device_registry: dr.DeviceRegistry,
    loaded: MockConfigEntry,
    sim: Simulation,
    freezer: FrozenDateTimeFactory,
) -> None:
    """An inverter in another station stands below that one, with all its parts."""
    stays, moves = sorted(sim.foxess.inverters, key=lambda one: one.station_id)
    former = {
        device.id
        for device in dr.async_entries_for_config_entry(
            device_registry, loaded.entry_id
        )
    }
    key = f"inverter_{moves.serial}"
    name = parent_of(device_registry, loaded, f"inverter_{stays.serial}")
    assert parent_of(device_registry, loaded, key) != name
    async with Client(sim) as client:
        gone = {"stationID": moves.station_id}
        assert (await client.post("/op/v0/plant/delete", gone, wait=0)).errno == 0
        place = {
            "devices": [{"sn": moves.serial}],
            "details": {
                "stationID": stays.station_id,
                "name": name,
                "countryCode": "DE",
                "city": "Musterstadt",
                "address": "Musterweg 1",
                "postcode": "00000",
            },
            "timezone": "Europe/Berlin",
        }
        assert (await client.post("/op/v0/plant/update", place, wait=0)).errno == 0
    await async_pass(hass, freezer, hours=12)
    assert parent_of(device_registry, loaded, key) == name
    assert parent_of(device_registry, loaded, f"module_{moves.module_serial}") in {
        "Fox ESS H3-10.0-E",
        "Fox ESS EVO 10-5-H",
    }
    assert former == {
        device.id
        for device in dr.async_entries_for_config_entry(
            device_registry, loaded.entry_id
        )
    }


async def test_parts_follow_their_inverter(
    hass: HomeAssistant, simulate: Simulate
) -> None:
    """A new part of a shared inverter is served by the entry that serves the inverter."""
    sim = await simulate("KH8")
    put_back = hide_logger(sim)
    first = make_entry(sim)
    await async_set_up(hass, first)
    serials = [inverter.serial for inverter in sim.foxess.inverters]
    second = make_entry(
        sim, token=sim.foxess.add_account(serials), unique_id="foxess_other"
    )
    await hass.config_entries.async_unload(first.entry_id)
    put_back()
    await async_set_up(hass, second)
    assert {
        device.kind for device in second.runtime_data.inventory.devices.values()
    } == {
        "account",
        "station",
    }
    assert "module" in {
        device.kind for device in second.runtime_data.store.inventory.devices.values()
    }
    await hass.config_entries.async_setup(first.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)
    assert state(hass, "binary_sensor.fox_ess_logger_online") == "on"
    await hass.config_entries.async_remove(first.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)
    assert {
        device.kind for device in second.runtime_data.inventory.devices.values()
    } == {
        "account",
        "station",
        "inverter",
        "battery",
        "module",
    }
