"""Identity: the same names for everyone, one entry for one device."""

import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry
from pytest_homeassistant_custom_component.typing import WebSocketGenerator

from custom_components.home_battery.const import DOMAIN
from homeassistant.config_entries import ConfigEntryState
from homeassistant.core import HomeAssistant
from homeassistant.helpers import (
    device_registry as dr,
    entity_registry as er,
    issue_registry as ir,
)
from homeassistant.setup import async_setup_component
from simulator import Simulation

from .conftest import Simulate, async_set_up, make_entry

pytestmark = pytest.mark.usefixtures("enable_custom_integrations")


def entity_ids(registry: er.EntityRegistry, entry: MockConfigEntry) -> set[str]:
    """Return the entity ids of an entry."""
    return {
        entity.entity_id
        for entity in er.async_entries_for_config_entry(registry, entry.entry_id)
    }


@pytest.mark.usefixtures("all_enabled")
@pytest.mark.parametrize(
    ("language", "name"),
    [("en", "PV power"), ("de", "PV-Leistung"), ("pl", "Moc fotowoltaiki")],
)
async def test_entity_ids_are_english_everywhere(
    hass: HomeAssistant,
    entity_registry: er.EntityRegistry,
    entry: MockConfigEntry,
    sim: Simulation,
    language: str,
    name: str,
) -> None:
    """Names are translated, entity ids are made of the device and the key."""
    hass.config.language = language
    await async_set_up(hass, entry)
    serial = sim.foxess.inverters[0].serial
    entities = er.async_entries_for_config_entry(entity_registry, entry.entry_id)
    ids = {
        entity.unique_id.removeprefix(f"foxess_inverter_{serial}_"): entity.entity_id
        for entity in entities
        if serial in entity.unique_id
    }
    assert len(ids) > 40
    assert {key: entity_id.partition(".")[2] for key, entity_id in ids.items()} == {
        key: f"fox_ess_kh8_{key}" for key in ids
    }
    state = hass.states.get("sensor.fox_ess_kh8_pv_power")
    assert state is not None
    assert state.name == f"Fox ESS KH8 {name}"


async def test_unique_ids(
    hass: HomeAssistant,
    entity_registry: er.EntityRegistry,
    device_registry: dr.DeviceRegistry,
    loaded: MockConfigEntry,
    sim: Simulation,
) -> None:
    """Unique ids are made of vendor, kind, id and key, for ever."""
    serial = sim.foxess.inverters[0].serial
    station = sim.foxess.inverters[0].station_id
    entity = entity_registry.async_get("sensor.fox_ess_kh8_battery_soc")
    assert entity is not None
    assert entity.unique_id == f"foxess_inverter_{serial}_battery_soc"
    inverter = device_registry.async_get_device_by_identifier(
        (DOMAIN, f"foxess_inverter_{serial}"), loaded.entry_id
    )
    house = device_registry.async_get_device_by_identifier(
        (DOMAIN, f"foxess_station_{station}"), loaded.entry_id
    )
    assert inverter is not None
    assert house is not None
    assert inverter.via_device_id == house.id
    assert inverter.serial_number == serial
    assert inverter.sw_version == "1.28"


async def test_two_accounts_with_one_inverter(
    hass: HomeAssistant,
    entity_registry: er.EntityRegistry,
    issue_registry: ir.IssueRegistry,
    simulate: Simulate,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """The first account serves it, a repair issue says why the other does not."""
    sim = await simulate("KH8", "EVO")
    shared = sim.foxess.inverters[0].serial
    first = make_entry(sim)
    await async_set_up(hass, first)
    second = make_entry(
        sim, token=sim.foxess.add_account([shared]), unique_id="foxess_other"
    )
    await async_set_up(hass, second)
    assert second.state is ConfigEntryState.LOADED
    soc = "sensor.fox_ess_kh8_battery_soc"
    assert soc in entity_ids(entity_registry, first)
    assert entity_ids(entity_registry, second) == {
        "sensor.fox_ess_account_calls_left_2"
    }
    issue = issue_registry.async_get_issue(
        DOMAIN, f"served_elsewhere_{second.entry_id}_inverter_{shared}"
    )
    assert issue is not None
    assert issue.translation_placeholders == {
        "device": "Fox ESS KH8",
        "title": "Fox ESS",
    }
    assert "does not generate unique IDs" not in caplog.text

    await hass.config_entries.async_reload(first.entry_id)
    await hass.config_entries.async_reload(second.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)
    assert soc in entity_ids(entity_registry, first)

    await hass.config_entries.async_remove(first.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)
    assert soc in entity_ids(entity_registry, second)
    assert issue_registry.issues == {}


async def test_disabled_device_costs_no_call(
    hass: HomeAssistant,
    device_registry: dr.DeviceRegistry,
    simulate: Simulate,
) -> None:
    """Only the inverters that a person wants are asked for."""
    sim = await simulate("KH8", "EVO")
    entry = make_entry(sim)
    await async_set_up(hass, entry)
    disabled, wanted = sim.foxess.inverters
    device = device_registry.async_get_device_by_identifier(
        (DOMAIN, f"foxess_inverter_{disabled.serial}"), entry.entry_id
    )
    assert device is not None
    device_registry.async_update_device(
        device.id, disabled_by=dr.DeviceEntryDisabler.USER
    )
    await hass.async_block_till_done(wait_background_tasks=True)
    sim.foxess.calls.clear()
    await hass.config_entries.async_reload(entry.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)
    asked = [call.body for call in sim.foxess.calls if "real/query" in call.path]
    assert asked == [{"sns": [wanted.serial]}]


async def test_remove_device(
    hass: HomeAssistant,
    loaded: MockConfigEntry,
    hass_ws_client: WebSocketGenerator,
    device_registry: dr.DeviceRegistry,
) -> None:
    """A device that the account has cannot be removed, one that it had can."""
    assert await async_setup_component(hass, "config", {})
    gone = device_registry.async_get_or_create(
        config_entry_id=loaded.entry_id,
        identifiers={(DOMAIN, "foxess_inverter_GONE")},
    )
    (there,) = (
        device
        for device in dr.async_entries_for_config_entry(
            device_registry, loaded.entry_id
        )
        if device.model == "KH8"
    )
    client = await hass_ws_client(hass)
    for device, removed in ((there, False), (gone, True)):
        await client.send_json_auto_id(
            {
                "type": "config/device_registry/remove_config_entry",
                "config_entry_id": loaded.entry_id,
                "device_id": device.id,
            }
        )
        assert (await client.receive_json())["success"] is removed
