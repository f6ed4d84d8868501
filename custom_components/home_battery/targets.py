"""What an action is meant for."""

from typing import NamedTuple

from homeassistant.const import ATTR_DEVICE_ID
from homeassistant.core import HomeAssistant, ServiceCall, callback
from homeassistant.exceptions import ServiceValidationError
from homeassistant.helpers.service import async_get_device_and_config_entry

from .battery.model import Device
from .const import DOMAIN
from .coordinator import HomeBatteryConfigEntry
from .entity import unique_id_of


class Target(NamedTuple):
    """A device that an action is meant for; a system, if nothing else is said."""

    device_id: str
    entry: HomeBatteryConfigEntry
    device: Device


@callback
def async_systems(call: ServiceCall, *, steer: bool = True) -> list[Target]:
    """Return the systems that an action names; a part stands for its system.

    Args:
        call: The action.
        steer: Only what can be steered will do, and not any device with readings.

    Raises:
        ServiceValidationError: A device is unknown, foreign, or no part of a
            system, or its entry is not loaded.
    """
    systems = [
        async_system(call.hass, device_id, steer=steer)
        for device_id in call.data[ATTR_DEVICE_ID]
    ]
    return list(
        {
            unique_id_of(system.entry.runtime_data.vendor.key, system.device): system
            for system in systems
        }.values()
    )


@callback
def async_system(hass: HomeAssistant, device_id: str, *, steer: bool = True) -> Target:
    """Return the system of a device's id; a part stands for its system.

    Args:
        hass: Home Assistant.
        device_id: The device registry's id.
        steer: Only what can be steered will do, and not any device with readings.

    Raises:
        ServiceValidationError: The device is unknown, foreign, or no part of a
            system, or its entry is not loaded.
    """
    registered, found = async_get_device_and_config_entry(hass, DOMAIN, device_id)
    entry: HomeBatteryConfigEntry = found
    runtime = entry.runtime_data
    keys = {known: key for key, known in runtime.device_ids.items()}
    key = keys.get(registered.id, "")
    system = runtime.inventory.system_of(key)
    if system is None and not steer:
        system = runtime.inventory.devices.get(key)
    if system is None:
        raise ServiceValidationError(
            translation_domain=DOMAIN,
            translation_key="not_a_system",
            translation_placeholders={"device": registered.name or device_id},
        )
    return Target(runtime.device_ids[system.key], entry, system)
