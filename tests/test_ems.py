"""EMS and GMAX as people meet them: entities, actions, and what they are in a house."""

from typing import Any

from freezegun.api import FrozenDateTimeFactory
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry
from pytest_homeassistant_custom_component.components.diagnostics import (
    get_diagnostics_for_config_entry,
)
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator
from syrupy.assertion import SnapshotAssertion

from custom_components.home_battery.const import DOMAIN
from homeassistant.const import STATE_UNAVAILABLE
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import ServiceValidationError
from homeassistant.helpers import device_registry as dr, entity_registry as er
from homeassistant.setup import async_setup_component
from simulator import Simulation
from simulator.faults import Fault

from .actions import CHARGE, device_id, writes
from .conftest import Simulate, async_pass, async_set_up, make_entry
from .controls import async_set, bodies, state
from .options import open_settings

pytestmark = pytest.mark.usefixtures("enable_custom_integrations")


@pytest.fixture
async def sim(simulate: Simulate) -> Simulation:
    """Return the simulation of an EMS with two inverters, and of a GMAX with one."""
    return await simulate("EMS", "PV+GMAX")


@pytest.mark.usefixtures("all_enabled")
@pytest.mark.parametrize("device", ["fox_ess_ems", "fox_ess_gmax"])
async def test_entities(
    hass: HomeAssistant,
    loaded: MockConfigEntry,
    snapshot: SnapshotAssertion,
    device: str,
) -> None:
    """An EMS and a GMAX have these entities."""
    assert {
        state.entity_id: state.state
        for state in hass.states.async_all()
        if f".{device}_" in state.entity_id
    } == snapshot


async def test_settings_are_off_at_first(
    hass: HomeAssistant, loaded: MockConfigEntry, entity_registry: er.EntityRegistry
) -> None:
    """What is set when a house is built needs to be enabled first."""
    settings = [
        entity
        for entity in er.async_entries_for_config_entry(
            entity_registry, loaded.entry_id
        )
        if entity.domain in {"number", "switch"} and "_ems_" in entity.unique_id
    ]
    assert len(settings) == 10
    assert {entity.disabled_by for entity in settings} == {
        er.RegistryEntryDisabler.INTEGRATION
    }


@pytest.mark.parametrize("model", ["EMS", "GMAX"])
@pytest.mark.parametrize(
    ("action", "data", "key"),
    [
        ("set_schedule", {"periods": [CHARGE]}, "no_schedule"),
        ("clear_schedule", {}, "no_schedule"),
        ("get_schedule", {}, "no_schedule"),
        ("set_soc_limits", {"min_soc": 20}, "unknown_control"),
        ("set_operating_mode", {"mode": "backup"}, "unknown_control"),
    ],
)
async def test_what_they_cannot_do(
    hass: HomeAssistant,
    loaded: MockConfigEntry,
    sim: Simulation,
    model: str,
    action: str,
    data: dict[str, Any],
    key: str,
) -> None:
    """Who asks for a schedule, a mode or SOC limits hears that there is no such thing."""
    with pytest.raises(ServiceValidationError) as raised:
        await answer(hass, loaded, model, action, **data)
    assert raised.value.translation_key == key
    assert writes(sim) == []


async def answer(
    hass: HomeAssistant, entry: MockConfigEntry, model: str, action: str, **data: Any
) -> Any:
    """Perform an action on a device, and return its response."""
    target = device_id(hass, entry, model)
    response: Any = await hass.services.async_call(
        DOMAIN,
        action,
        {"device_id": target, **data},
        blocking=True,
        return_response=True,
    )
    return response[target]


@pytest.mark.parametrize(
    ("model", "keys"),
    [
        ("EMS", {"battery_soc", "grid_power", "load_power", "pv_power"}),
        ("GMAX", {"battery_soc", "battery_power", "status", "peak_valley_plan"}),
    ],
)
async def test_status(
    hass: HomeAssistant, loaded: MockConfigEntry, model: str, keys: set[str]
) -> None:
    """What they tell is told by the action too."""
    assert (await answer(hass, loaded, model, "get_status")).keys() >= keys


@pytest.mark.parametrize("model", ["EMS", "GMAX"])
async def test_history(
    hass: HomeAssistant, loaded: MockConfigEntry, model: str
) -> None:
    """Their records are told, and energies, which nobody keeps, are refused."""
    past = {"start": "2026-06-15 11:00:00"}
    told = await answer(
        hass, loaded, model, "get_history", resolution="records", **past
    )
    assert len(told["keys"]["battery_soc"]) == 12
    with pytest.raises(ServiceValidationError) as raised:
        await answer(hass, loaded, model, "get_history", resolution="hour", **past)
    assert raised.value.translation_key == "no_history"


@pytest.mark.usefixtures("all_enabled")
async def test_permitted_export(hass: HomeAssistant, sim: Simulation) -> None:
    """Neither limit on export is raised over what is permitted, nor are they taken away."""
    await async_set_up(hass, make_entry(sim, options={"permitted_export": 5000}))
    await async_set(hass, "switch.fox_ess_ems_power_limits", True)
    await async_set(hass, "number.fox_ess_ems_export_limit", 3000)
    for entity_id, value, key in (
        ("number.fox_ess_ems_export_limit", 5001, "export_not_permitted"),
        ("number.fox_ess_ems_peak_shaving_export_limit", 5001, "export_not_permitted"),
        ("switch.fox_ess_ems_power_limits", False, "export_limit_needed"),
    ):
        with pytest.raises(ServiceValidationError) as raised:
            await async_set(hass, entity_id, value)
        assert raised.value.translation_key == key
    assert [body["gridExportLimit"] for body in bodies(sim)] == ["5000", "3000"]
    assert state(hass, "switch.fox_ess_ems_power_limits") == "on"


@pytest.mark.usefixtures("all_enabled")
async def test_generator(hass: HomeAssistant, loaded: MockConfigEntry) -> None:
    """A generator that would stop before it starts is refused."""
    await async_set(hass, "number.fox_ess_ems_generator_start_soc", 30)
    with pytest.raises(ServiceValidationError) as raised:
        await async_set(hass, "number.fox_ess_ems_generator_stop_soc", 29)
    assert raised.value.translation_key == "contradictory_limits"
    assert state(hass, "number.fox_ess_ems_generator_start_soc") == "30.0"


async def test_call_by_the_other_id(
    hass: HomeAssistant, loaded: MockConfigEntry, sim: Simulation
) -> None:
    """A raw change that names an EMS by its id counts as one of the EMS."""
    (ems,) = sim.foxess.ems
    await hass.services.async_call(
        DOMAIN,
        "call_api",
        {
            "config_entry": loaded.entry_id,
            "endpoint": "ems_rate_set",
            "parameters": {
                "emsID": ems.ems_id,
                "port": 1,
                **ems.rates[2].as_json(),
            },
            "confirm": True,
        },
        blocking=True,
    )
    await hass.async_block_till_done(wait_background_tasks=True)
    assert state(hass, "sensor.fox_ess_ems_writes_today") == "1"


async def test_diagnostics(
    hass: HomeAssistant,
    loaded: MockConfigEntry,
    hass_client: ClientSessionGenerator,
    sim: Simulation,
) -> None:
    """Neither serial numbers nor ids are in what is sent to strangers."""
    assert await async_setup_component(hass, "diagnostics", {})
    text = str(await get_diagnostics_for_config_entry(hass, hass_client, loaded))
    (ems,), (gmax,) = sim.foxess.ems, sim.foxess.gmaxes
    for secret in (ems.serial, ems.ems_id, gmax.serial, gmax.gmax_id):
        assert secret not in text


async def test_ems_fails_alone(
    hass: HomeAssistant,
    loaded: MockConfigEntry,
    sim: Simulation,
    freezer: FrozenDateTimeFactory,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """While its calls fail, only the EMS is unavailable, and nobody calls it offline."""
    sim.faults.add(Fault(vendor="foxess", kind="errno", value=41203, path="*/ems/*"))
    for _ in range(5):
        await async_pass(hass, freezer, minutes=5)
    assert state(hass, "sensor.fox_ess_ems_load_power") == STATE_UNAVAILABLE
    assert state(hass, "binary_sensor.fox_ess_ems_online") == STATE_UNAVAILABLE
    inverter = sim.foxess.inverters[0].serial[-4:]
    online = f"binary_sensor.fox_ess_h3_15_0_smart_{inverter}_online"
    assert state(hass, online) == "on"
    assert caplog.text.count("Fetching Fox ESS readings of a ems failed") == 1
    sim.faults.clear()
    await async_pass(hass, freezer, minutes=6)
    assert state(hass, "binary_sensor.fox_ess_ems_online") == "on"


async def test_offline(
    hass: HomeAssistant,
    loaded: MockConfigEntry,
    sim: Simulation,
    freezer: FrozenDateTimeFactory,
) -> None:
    """One that is out of touch says so, and what it told last is not told for ever."""
    for device in (*sim.foxess.ems, *sim.foxess.gmaxes):
        sim.faults.add(Fault(vendor="foxess", kind="offline", value=device.serial))
    for _ in range(8):
        await async_pass(hass, freezer, minutes=5)
    for device_name in ("ems", "gmax"):
        assert state(hass, f"binary_sensor.fox_ess_{device_name}_online") == "off"
        power = f"sensor.fox_ess_{device_name}_battery_power"
        assert state(hass, power) == STATE_UNAVAILABLE


async def test_list_fails(
    hass: HomeAssistant,
    loaded: MockConfigEntry,
    sim: Simulation,
    freezer: FrozenDateTimeFactory,
    device_registry: dr.DeviceRegistry,
) -> None:
    """A list that cannot be read takes no device away; one that is empty does."""
    known = set(loaded.runtime_data.inventory.devices)
    sim.faults.add(Fault(vendor="foxess", kind="errno", value=42015, path="*/ems/list"))
    await async_pass(hass, freezer, hours=13)
    assert set(loaded.runtime_data.inventory.devices) == known
    sim.faults.clear()
    (ems,) = sim.foxess.ems
    sim.faults.add(Fault(vendor="foxess", kind="missing_device", value=ems.serial))
    await async_pass(hass, freezer, hours=13)
    assert known - set(loaded.runtime_data.inventory.devices) == {f"ems_{ems.serial}"}


async def test_choice_of_a_meter(
    hass: HomeAssistant, loaded: MockConfigEntry, sim: Simulation
) -> None:
    """The EMS is among the meters of its house."""
    flow = await open_settings(hass, loaded)
    schema: Any = flow["data_schema"]
    (choice,) = (key for key in schema.schema if key == "grid_meter")
    options = {one["label"] for one in schema.schema[choice].config["options"]}
    assert "House 1: Fox ESS EMS" in options
