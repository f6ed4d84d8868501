"""The devices of an entry in Home Assistant's registry."""

from homeassistant.components.sensor import DOMAIN as SENSOR
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers import (
    device_registry as dr,
    entity_registry as er,
    issue_registry as ir,
)

from .battery.model import Device, Inventory, Role
from .const import DOMAIN
from .coordinator import HomeBatteryConfigEntry
from .entity import unique_id_of
from .vendors.vendor import Vendor


@callback
def async_served(
    hass: HomeAssistant,
    entry: HomeBatteryConfigEntry,
    vendor: Vendor,
    inventory: Inventory,
) -> Inventory:
    """Return the devices that are this entry's to serve.

    A device that another account has too stays with the entry that came first,
    and a part follows what it is a part of.
    """
    others = [
        other
        for other in hass.config_entries.async_entries(
            DOMAIN, include_ignore=False, include_disabled=False
        )
        if other.entry_id != entry.entry_id
    ]
    registry = dr.async_get(hass)
    served: list[str] = []
    for device in inventory.devices.values():
        if (
            device.role is Role.PART
            and device.parent in inventory.devices
            and device.parent not in served
        ):
            continue
        identifier = (DOMAIN, unique_id_of(vendor.key, device))
        owner = next(
            (
                other
                for other in others
                if registry.async_get_device_by_identifier(identifier, other.entry_id)
            ),
            None,
        )
        if owner is None:
            served.append(device.key)
            ir.async_delete_issue(hass, DOMAIN, _issue_id(entry.entry_id, device))
        elif device.role in (Role.SYSTEM, Role.PRODUCER):
            ir.async_create_issue(
                hass,
                DOMAIN,
                _issue_id(entry.entry_id, device),
                is_fixable=False,
                severity=ir.IssueSeverity.WARNING,
                translation_key="served_elsewhere",
                translation_placeholders={"device": device.name, "title": owner.title},
            )
    return inventory.only(served)


@callback
def async_register(
    hass: HomeAssistant,
    entry: HomeBatteryConfigEntry,
    vendor: Vendor,
    inventory: Inventory,
) -> dict[str, str]:
    """Register the devices, parents first; return the registry's id of each."""
    registry = dr.async_get(hass)
    ids: dict[str, str] = {}
    for device in inventory.devices.values():
        ids[device.key] = registry.async_get_or_create(
            config_entry_id=entry.entry_id,
            identifiers={(DOMAIN, unique_id_of(vendor.key, device))},
            manufacturer=vendor.name,
            name=device.name,
            model=device.model,
            serial_number=device.serial,
            sw_version=device.sw_version,
            hw_version=device.hw_version,
            entry_type=(
                dr.DeviceEntryType.SERVICE if device.role is Role.ACCOUNT else None
            ),
            via_device_id=ids.get(device.parent or ""),
        ).id
    return ids


@callback
def async_forget_issues(hass: HomeAssistant, entry: HomeBatteryConfigEntry) -> None:
    """Have no repair issue of an account any more that is being removed."""
    for issue_domain, issue_id in list(ir.async_get(hass).issues):
        if issue_domain == DOMAIN and entry.entry_id in issue_id:
            ir.async_delete_issue(hass, DOMAIN, issue_id)


@callback
def async_release(hass: HomeAssistant, entry: HomeBatteryConfigEntry) -> None:
    """Let other accounts serve what this one, now removed, had served."""
    for other in hass.config_entries.async_loaded_entries(DOMAIN):
        if other.runtime_data.inventory != other.runtime_data.store.inventory:
            hass.config_entries.async_schedule_reload(other.entry_id)


def _issue_id(entry_id: str, device: Device) -> str:
    """Return the id of the issue that a device is served by another entry."""
    return f"served_elsewhere_{entry_id}_{device.key}"


@callback
def async_name(
    hass: HomeAssistant, entry: HomeBatteryConfigEntry, device: Device
) -> str:
    """Return what people call a device."""
    found = dr.async_get(hass).async_get(entry.runtime_data.device_ids[device.key])
    return (found and found.name_by_user) or device.name


@callback
def async_entities(
    hass: HomeAssistant, entry: HomeBatteryConfigEntry, device: Device
) -> dict[str, str]:
    """Return the ids of a device's enabled entities, by domain and key."""
    runtime = entry.runtime_data
    prefix = f"{unique_id_of(runtime.vendor.key, device)}_"
    return {
        f"{found.domain}.{found.unique_id.removeprefix(prefix)}": found.entity_id
        for found in er.async_entries_for_device(
            er.async_get(hass), runtime.device_ids[device.key]
        )
        if found.platform == DOMAIN
    }


@callback
def async_sensor(
    hass: HomeAssistant, entry: HomeBatteryConfigEntry, device: Device, key: str
) -> er.RegistryEntry | None:
    """Return the sensor of a reading, `None` if the device never had it."""
    registry = er.async_get(hass)
    identity = unique_id_of(entry.runtime_data.vendor.key, device)
    entity_id = registry.async_get_entity_id(SENSOR, DOMAIN, f"{identity}_{key}")
    return None if entity_id is None else registry.async_get(entity_id)
