"""Parts as people see them: devices of their own, with what they tell."""

from freezegun.api import FrozenDateTimeFactory
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry
from pytest_homeassistant_custom_component.components.diagnostics import (
    get_diagnostics_for_config_entry,
)
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator
from syrupy.assertion import SnapshotAssertion

from custom_components.home_battery.const import DOMAIN
from homeassistant.config_entries import SOURCE_REAUTH
from homeassistant.const import STATE_UNAVAILABLE
from homeassistant.core import HomeAssistant
from homeassistant.helpers import (
    device_registry as dr,
    entity_registry as er,
    issue_registry as ir,
)
from homeassistant.setup import async_setup_component
from simulator import Simulation
from simulator.faults import Fault

from .conftest import Simulate, async_pass

pytestmark = pytest.mark.usefixtures("enable_custom_integrations")

PARTS = {"battery", "module", "meter", "heat_pump"}
LISTS = ("/module/list", "/gw/list", "/heat/list")


@pytest.fixture
async def sim(simulate: Simulate) -> Simulation:
    """Return the simulation of a house with a part of every kind."""
    return await simulate("KH8+METER+HEATPUMP")


def part_devices(
    registry: dr.DeviceRegistry, entry: MockConfigEntry
) -> dict[str, dr.DeviceEntry]:
    """Return the parts of an entry by name."""
    return {
        str(device.name): device
        for device in dr.async_entries_for_config_entry(registry, entry.entry_id)
        for _, identifier in device.identifiers
        if identifier.removeprefix("foxess_").rpartition("_")[0] in PARTS
    }


def state(hass: HomeAssistant, entity_id: str) -> str:
    """Return an entity's state."""
    found = hass.states.get(entity_id)
    assert found is not None
    return found.state


def calls(sim: Simulation, *endings: str) -> int:
    """Return how many calls went to such paths."""
    return sum(call.path.endswith(endings) for call in sim.foxess.calls)


async def test_devices(
    device_registry: dr.DeviceRegistry, loaded: MockConfigEntry
) -> None:
    """Each part has its place below what it belongs to."""
    names = {
        device.id: device.name
        for device in dr.async_entries_for_config_entry(
            device_registry, loaded.entry_id
        )
    }
    assert {
        name: (
            names.get(device.via_device_id or ""),
            device.model,
            device.serial_number,
            device.sw_version,
        )
        for name, device in part_devices(device_registry, loaded).items()
    } == {
        "Fox ESS EP11": ("Fox ESS KH8", "EP11", "BM0000011", "1.05"),
        "Fox ESS EP11 controller": ("Fox ESS KH8", "EP11", "BC0000010", "1.005"),
        "Fox ESS HP-12": (None, "HP-12", "SIMHEATPUMP0003", "1.02"),
        "Fox ESS logger": ("Fox ESS KH8", None, "LOGKH8000000001", "1.27"),
        "Fox ESS meter": ("House 1", None, "SIMMETER0000002", None),
    }


@pytest.mark.usefixtures("all_enabled")
async def test_entities(
    hass: HomeAssistant,
    device_registry: dr.DeviceRegistry,
    entity_registry: er.EntityRegistry,
    loaded: MockConfigEntry,
    snapshot: SnapshotAssertion,
) -> None:
    """Parts have these entities."""
    entities = [
        entity
        for device in part_devices(device_registry, loaded).values()
        for entity in er.async_entries_for_device(entity_registry, device.id)
    ]
    assert len(entities) == 20
    for entity in entities:
        assert entity == snapshot(name=f"{entity.entity_id}-entry")
        shown = hass.states.get(entity.entity_id)
        assert shown == snapshot(name=f"{entity.entity_id}-state")


async def test_enabled_at_first(
    hass: HomeAssistant,
    device_registry: dr.DeviceRegistry,
    entity_registry: er.EntityRegistry,
    loaded: MockConfigEntry,
) -> None:
    """Without a choice, people see how parts are, and no grid compliance."""
    assert {
        entity.entity_id
        for device in part_devices(device_registry, loaded).values()
        for entity in er.async_entries_for_device(entity_registry, device.id)
    } == {
        "binary_sensor.fox_ess_hp_12_online",
        "binary_sensor.fox_ess_hp_12_problem",
        "binary_sensor.fox_ess_logger_online",
        "binary_sensor.fox_ess_meter_online",
        "binary_sensor.fox_ess_meter_problem",
        "sensor.fox_ess_ep11_battery_capacity",
        "sensor.fox_ess_hp_12_registration",
    }


@pytest.mark.usefixtures("all_enabled")
async def test_part_goes_offline(
    hass: HomeAssistant,
    loaded: MockConfigEntry,
    sim: Simulation,
    freezer: FrozenDateTimeFactory,
) -> None:
    """An offline meter says so, keeps its settings for half a day, and returns."""
    meter = "fox_ess_meter"
    sim.faults.add(
        Fault(vendor="foxess", kind="offline", value=sim.foxess.meters[0].serial)
    )
    await async_pass(hass, freezer, hours=1)
    assert state(hass, f"binary_sensor.{meter}_online") == "off"
    for _ in range(10):
        await async_pass(hass, freezer, hours=1)
    assert state(hass, f"binary_sensor.{meter}_problem") == STATE_UNAVAILABLE
    assert state(hass, f"sensor.{meter}_feed_in_limit") == "30000.0"
    for _ in range(2):
        await async_pass(hass, freezer, hours=1)
    assert state(hass, f"sensor.{meter}_feed_in_limit") == STATE_UNAVAILABLE
    sim.faults.clear()
    for _ in range(4):
        await async_pass(hass, freezer, hours=1)
    assert state(hass, f"binary_sensor.{meter}_online") == "on"
    assert state(hass, f"binary_sensor.{meter}_problem") == "off"
    assert state(hass, f"sensor.{meter}_feed_in_limit") == "30000.0"


@pytest.mark.usefixtures("few_entities")
@pytest.mark.parametrize(
    ("ending", "kind", "value", "asked", "warnings"),
    [
        *(("/module/list", "errno", code, 1, 0) for code in (40257, 41811, 44096)),
        *((ending, "errno", 42015, 1, 0) for ending in LISTS),
        *((ending, "errno", 41203, 4, 1) for ending in LISTS),
        *((ending, "nulls", None, 4, 1) for ending in LISTS),
        ("/module/list", "status", 404, 1, 0),
        ("/module/list", "html", None, 4, 1),
    ],
)
async def test_list_fails(
    hass: HomeAssistant,
    device_registry: dr.DeviceRegistry,
    loaded: MockConfigEntry,
    sim: Simulation,
    freezer: FrozenDateTimeFactory,
    caplog: pytest.LogCaptureFixture,
    ending: str,
    kind: str,
    value: float | None,
    asked: int,
    warnings: int,
) -> None:
    """Its parts stay; what is refused is no error and not asked for every hour."""
    runtime = loaded.runtime_data
    before = part_devices(device_registry, loaded)
    fault = Fault(vendor="foxess", kind=kind, value=value, path=f"*{ending}", count=100)
    sim.faults.add(fault)
    for _ in range(4):
        await async_pass(hass, freezer, hours=1)
    assert fault.count == 100 - asked
    await async_pass(hass, freezer, hours=9)
    assert loaded.runtime_data is runtime
    assert part_devices(device_registry, loaded) == before
    assert set(runtime.inventory.devices) == set(runtime.device_ids)
    said = [
        record.message
        for record in caplog.records
        if record.levelname in {"WARNING", "ERROR"} and "home_battery" in record.name
    ]
    assert len(said) == warnings


@pytest.mark.parametrize("ending", [*LISTS, "/gw/setting/get"])
async def test_refused_credentials(
    hass: HomeAssistant,
    loaded: MockConfigEntry,
    sim: Simulation,
    freezer: FrozenDateTimeFactory,
    ending: str,
) -> None:
    """A key that is refused for a part is refused."""
    sim.faults.add(Fault(vendor="foxess", kind="errno", value=41808, path=f"*{ending}"))
    await async_pass(hass, freezer, hours=4)
    assert {
        flow["context"]["source"] for flow in hass.config_entries.flow.async_progress()
    } == {SOURCE_REAUTH}


@pytest.mark.parametrize("ending", [*LISTS, "/gw/setting/get"])
async def test_no_calls_left(
    hass: HomeAssistant,
    loaded: MockConfigEntry,
    sim: Simulation,
    freezer: FrozenDateTimeFactory,
    issue_registry: ir.IssueRegistry,
    ending: str,
) -> None:
    """A day that is used up is said, whatever was asked for."""
    sim.faults.add(Fault(vendor="foxess", kind="errno", value=40402, path=f"*{ending}"))
    await async_pass(hass, freezer, hours=4)
    assert [
        issue.translation_key
        for issue in issue_registry.issues.values()
        if issue.domain == DOMAIN
    ] == ["quota_exhausted"]


async def test_disabled_part_costs_no_call(
    hass: HomeAssistant,
    device_registry: dr.DeviceRegistry,
    loaded: MockConfigEntry,
    sim: Simulation,
    freezer: FrozenDateTimeFactory,
) -> None:
    """A list is asked for every hour only as long as somebody wants to know."""
    parts = part_devices(device_registry, loaded)
    for name in ("Fox ESS logger", "Fox ESS meter"):
        device_registry.async_update_device(
            parts[name].id, disabled_by=dr.DeviceEntryDisabler.USER
        )
    await hass.async_block_till_done(wait_background_tasks=True)
    sim.foxess.calls.clear()
    for _ in range(5):
        await async_pass(hass, freezer, hours=1)
    assert calls(sim, "/module/list", "/gw/list", "/gw/setting/get") == 0
    assert calls(sim, "/heat/list") == 5


async def test_disabled_inverter_keeps_its_batteries(
    hass: HomeAssistant,
    device_registry: dr.DeviceRegistry,
    loaded: MockConfigEntry,
    sim: Simulation,
    freezer: FrozenDateTimeFactory,
) -> None:
    """Nobody asks for its detail, and what it said before still stands."""
    runtime = loaded.runtime_data
    (inverter,) = (
        device
        for device in dr.async_entries_for_config_entry(
            device_registry, loaded.entry_id
        )
        if device.model == "KH8"
    )
    device_registry.async_update_device(
        inverter.id, disabled_by=dr.DeviceEntryDisabler.USER
    )
    sim.foxess.calls.clear()
    await async_pass(hass, freezer, hours=12)
    assert calls(sim, "/device/list") == 1
    assert calls(sim, "/device/detail", "/real/query") == 0
    assert loaded.runtime_data is runtime
    assert state(hass, "sensor.fox_ess_ep11_battery_capacity") == "10.36"


@pytest.mark.usefixtures("all_enabled")
async def test_diagnostics(
    hass: HomeAssistant,
    loaded: MockConfigEntry,
    hass_client: ClientSessionGenerator,
    sim: Simulation,
) -> None:
    """Parts are in them without their serials, and networks are not."""
    assert await async_setup_component(hass, "diagnostics", {})
    diagnostics = await get_diagnostics_for_config_entry(hass, hass_client, loaded)
    text = str(diagnostics)
    assert {kind for kind in PARTS if f"'kind': '{kind}'" in text} == PARTS
    for secret in (
        *("SIMMETER", "SIMHEATPUMP", "LOGKH8", "BM00000", "BC00000", "BV00000"),
        *("LOGHEATPUMP", "Simulated Wi-Fi", "192.0.2", "ssid"),
    ):
        assert secret not in text
    assert calls(sim, "/getWifiInfo", "/getLanInfo") == 0
