"""What people see of each of Growatt's devices."""

from collections import Counter, defaultdict
from collections.abc import Mapping

import pytest
from syrupy.assertion import SnapshotAssertion

from homeassistant.config_entries import ConfigEntryState
from homeassistant.core import HomeAssistant
from homeassistant.helpers import device_registry as dr, entity_registry as er
from simulator.growatt.fleet import MODELS
from tests.conftest import Simulate, async_set_up

from .entries import make_growatt_entry, too_frequent

pytestmark = pytest.mark.usefixtures("enable_custom_integrations", "in_berlin")

FIELD = "_growatt_"
# Nobody shall be buried under entities.
MOST = 46
STATIONS = [model for model in MODELS if model != "ENV"] + ["MIC+ENV"]


def devices(hass: HomeAssistant) -> list[str]:
    """Return what stands in the registry of devices."""
    registered = list(dr.async_get(hass).devices)
    names = {device.id: device.name for device in registered}
    return sorted(
        f"{device.name}: {device.model}, {device.serial_number},"
        f" on {names.get(device.via_device_id or '')}"
        for device in registered
    )


def async_enable_all(hass: HomeAssistant) -> set[str]:
    """Enable what people would have to, and return which entities that are."""
    registry = er.async_get(hass)
    off = {one.entity_id for one in registry.entities.values() if one.disabled_by}
    for entity_id in off:
        registry.async_update_entity(entity_id, disabled_by=None)
    return off


def fields(hass: HomeAssistant) -> set[str]:
    """Return the entities that show a field as it came, under the vendor's name."""
    return {
        entity.entity_id
        for entity in er.async_get(hass).entities.values()
        if FIELD in entity.unique_id
    }


def entities(hass: HomeAssistant, off: set[str]) -> Mapping[str, list[str]]:
    """Return each device's entities with what they show; in brackets what is off at first.

    What only shows a field as it came stays out: the records are looked at elsewhere.
    """
    names = {device.id: str(device.name) for device in dr.async_get(hass).devices}
    result: dict[str, list[str]] = defaultdict(list)
    known = [
        entity
        for entity in er.async_get(hass).entities.values()
        if entity.entity_id not in fields(hass)
    ]
    for entity in known:
        state = hass.states.get(entity.entity_id)
        assert state is not None
        unit = state.attributes.get("unit_of_measurement", "")
        row = f"{entity.entity_id}: {state.state} {unit}".strip()
        result[names[entity.device_id or ""]].append(
            f"({row})" if entity.entity_id in off else row
        )
    return {
        name: sorted(rows, key=lambda row: row.strip("("))
        for name, rows in sorted(result.items())
    }


@pytest.mark.parametrize("station", STATIONS)
async def test_entities(
    hass: HomeAssistant, simulate: Simulate, snapshot: SnapshotAssertion, station: str
) -> None:
    """Each model shows what it has and nothing that it has not; what is off has a value."""
    sim = await simulate(growatt=(station,), history_days=2)
    entry = make_growatt_entry(sim)
    await async_set_up(hass, entry)
    off = async_enable_all(hass)
    await hass.config_entries.async_reload(entry.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)
    assert entry.state is ConfigEntryState.LOADED
    assert devices(hass) == snapshot(name="devices")
    assert entities(hass, off) == snapshot(name="entities")
    assert fields(hass) <= off
    on = [
        one for one in er.async_get(hass).entities.values() if one.entity_id not in off
    ]
    assert max(Counter(one.device_id for one in on).values()) <= MOST
    assert too_frequent(sim) == []
