"""Rules that are about accounts, devices and entities, seen on every vendor's."""

from datetime import timedelta
import json
import logging
from typing import Any

from freezegun.api import FrozenDateTimeFactory
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry
from pytest_homeassistant_custom_component.components.diagnostics import (
    get_diagnostics_for_config_entry,
)
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator

from custom_components.home_battery.const import DOMAIN
from custom_components.home_battery.vendors import VENDORS
from homeassistant.components.recorder import Recorder
from homeassistant.config_entries import SOURCE_REAUTH, ConfigEntryState
from homeassistant.const import STATE_UNAVAILABLE
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import ServiceValidationError
from homeassistant.helpers import device_registry as dr, entity_registry as er
from homeassistant.setup import async_setup_component
from simulator import Simulation
from simulator.faults import Fault
from tests.actions import device_id
from tests.conftest import async_pass, async_set_up
from tests.source import SERVICES
from tests.test_docs import CALLS

from .conftest import MAKE, Entries


def test_every_vendor_is_here() -> None:
    """No vendor is left out of these tests."""
    assert MAKE.keys() == VENDORS.keys()


async def test_devices_and_entities(
    hass: HomeAssistant,
    device_registry: dr.DeviceRegistry,
    entity_registry: er.EntityRegistry,
    entries: Entries,
) -> None:
    """Each entity has an identity and stands on a device, which says what it is."""
    for vendor, entry in entries.items():
        devices = {
            device.id: device
            for device in dr.async_entries_for_config_entry(
                device_registry, entry.entry_id
            )
        }
        assert [
            device.id
            for device in devices.values()
            if not (device.name and device.manufacturer == VENDORS[vendor].name)
        ] == []
        entities = er.async_entries_for_config_entry(entity_registry, entry.entry_id)
        # What few people need is there, and off.
        enabled = sum(entity.disabled_by is None for entity in entities)
        assert 10 < enabled < len(entities)
        assert [
            entity.entity_id
            for entity in entities
            if entity.device_id not in devices
            or not entity.has_entity_name
            or not entity.unique_id.startswith(f"{vendor}_")
        ] == []
    # Without a unique id it would have a state and stand in no registry.
    assert {
        entity_id
        for entity_id in hass.states.async_entity_ids()
        if entity_id not in entity_registry.entities
    } <= {"zone.home", "sun.sun"}


async def test_an_account_goes_and_comes(
    hass: HomeAssistant, entries: Entries, entity_registry: er.EntityRegistry
) -> None:
    """Unloaded, nothing of it is left but what the registry knows; no action finds it."""
    for entry in entries.values():
        assert await hass.config_entries.async_unload(entry.entry_id)
        assert entry.state is ConfigEntryState.NOT_LOADED
    assert {
        state.state
        for state in hass.states.async_all()
        if state.entity_id in entity_registry.entities
    } == {STATE_UNAVAILABLE}
    for entry in entries.values():
        assert await hass.config_entries.async_setup(entry.entry_id)
        await hass.async_block_till_done(wait_background_tasks=True)
        assert entry.state is ConfigEntryState.LOADED


async def test_diagnostics(
    hass: HomeAssistant, entries: Entries, hass_client: ClientSessionGenerator
) -> None:
    """No credential and no serial number is in any vendor's diagnostics."""
    assert await async_setup_component(hass, "diagnostics", {})
    for entry in entries.values():
        told: Any = await get_diagnostics_for_config_entry(hass, hass_client, entry)
        text = json.dumps(told)
        devices = entry.runtime_data.inventory.devices.values()
        secrets = {
            *(
                entry.data.get(key)
                for key in ("token", "email", "username", "password")
            ),
            *(device.serial for device in devices),
            entry.unique_id,
        } - {None, ""}
        assert len(secrets) > 2
        assert [secret for secret in secrets if secret in text] == []
        assert told["feeds"]["readings"]["devices"]


async def test_actions_of_an_unloaded_account(
    recorder_mock: Recorder, hass: HomeAssistant, loaded: MockConfigEntry
) -> None:
    """Every action for a device or an account says that the account is not loaded."""
    ours = {"device_id": device_id(hass, loaded), "config_entry": loaded.entry_id}
    assert await hass.config_entries.async_unload(loaded.entry_id)
    said = {}
    for call in (call for call in CALLS if "{{" not in str(call)):
        data = {key: ours.get(key, value) for key, value in call["data"].items()}
        name = call["action"].removeprefix(f"{DOMAIN}.")
        for _ in ours.keys() & data.keys():
            with pytest.raises(ServiceValidationError) as raised:
                await hass.services.async_call(
                    DOMAIN, name, data, blocking=True, return_response=True
                )
            said[name] = raised.value.translation_key
    assert said == dict.fromkeys(
        (
            name
            for name, action in SERVICES.items()
            if ours.keys() & action["fields"].keys()
        ),
        "service_config_entry_not_loaded",
    )


async def test_pace(entries: Entries) -> None:
    """How often is asked is ours to say: nothing is asked of a cloud more than once a minute."""
    least = {"eaton": timedelta(seconds=10)}
    for vendor, entry in entries.items():
        feeds = entry.runtime_data.account.feeds
        assert len(feeds) > 2
        assert min(feed.interval for feed in feeds) >= least.get(
            vendor, timedelta(minutes=1)
        )


async def test_set_up_of_a_server_that_is_away(
    hass: HomeAssistant, houses: Simulation
) -> None:
    """An account that cannot be reached is tried again, and asks for no credentials."""
    for vendor, make in MAKE.items():
        houses.faults.add(Fault(vendor=vendor, kind="refuse"))
        entry = make(houses)
        await async_set_up(hass, entry)
        assert entry.state is ConfigEntryState.SETUP_RETRY
        assert entry.error_reason_translation_key == "communication_error"
    assert hass.config_entries.flow.async_progress() == []


async def test_set_up_with_credentials_that_are_refused(
    hass: HomeAssistant, houses: Simulation
) -> None:
    """An account whose credentials are refused asks for others."""
    wrong = {"token": "0" * 32, "password": "Wrong1234"}
    entries = [make(houses) for make in MAKE.values()]
    for entry in entries:
        entry.add_to_hass(hass)
        data = {key: wrong.get(key, value) for key, value in entry.data.items()}
        hass.config_entries.async_update_entry(entry, data=data)
    # All accounts are set up with the first.
    await hass.config_entries.async_setup(entries[0].entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)
    assert {entry.state for entry in entries} == {ConfigEntryState.SETUP_ERROR}
    flows = hass.config_entries.flow.async_progress()
    assert {
        (flow["context"]["source"], flow["context"]["entry_id"]) for flow in flows
    } == {(SOURCE_REAUTH, entry.entry_id) for entry in entries}


def powers(hass: HomeAssistant) -> list[str]:
    """Return what each vendor's battery shows as its power."""
    registry = er.async_get(hass)
    shown = [
        state.state
        for state in hass.states.async_all("sensor")
        if (entity := registry.async_get(state.entity_id))
        and entity.unique_id.endswith("_battery_power")
    ]
    assert len(shown) == len(VENDORS)
    return shown


async def test_an_outage_is_said_once(
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    houses: Simulation,
    entries: Entries,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """What is measured becomes unavailable and comes back; one line for each."""
    assert STATE_UNAVAILABLE not in powers(hass)
    for vendor in entries:
        houses.faults.add(Fault(vendor=vendor, kind="status", value=503))
    for _ in range(4):
        await async_pass(hass, freezer, minutes=20)
    assert set(powers(hass)) == {STATE_UNAVAILABLE}
    houses.faults.clear()
    for _ in range(4):
        await async_pass(hass, freezer, minutes=20)
    assert STATE_UNAVAILABLE not in powers(hass)
    said = [
        record.message
        for record in caplog.records
        if record.name.startswith(f"custom_components.{DOMAIN}")
        and record.levelno >= logging.INFO
    ]
    for entry in entries.values():
        name = f"{entry.title} readings"
        assert sum(f"Error fetching {name}" in line for line in said) == 1
        assert sum(f"{name} data recovered" in line for line in said) == 1
    assert len(said) == len(set(said))
