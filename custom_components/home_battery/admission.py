"""What is taken in of all that a vendor's server tells of: no more than is honest."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
import logging
from typing import Final

from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers import device_registry as dr

from .battery.model import Device, Inventory
from .const import DOMAIN
from .coordinator import HomeBatteryConfigEntry
from .entity import unique_id_of
from .store import EntryStore
from .transport.told import harmless
from .vendors.vendor import Vendor

_LOGGER = logging.getLogger(__name__)

# The largest account that is known of has some hundred.
_MOST_DEVICES: Final = 1000
_LONGEST_ID: Final = 64
_LONGEST_NAME: Final = 100


def sound(inventory: Inventory) -> Inventory:
    """Return the devices with a sound id, by names that can do no harm."""
    return Inventory.of(_sound(inventory.devices.values()))


def _sound(devices: Iterable[Device]) -> Iterator[Device]:
    """Yield devices with a sound id, by names that can do no harm."""
    for device in devices:
        if len(device.id) <= _LONGEST_ID and device.id.isprintable():
            yield replace(
                device,
                name=harmless(device.name, _LONGEST_NAME),
                model=_short(device.model),
                serial=_short(device.serial),
                sw_version=_short(device.sw_version),
                hw_version=_short(device.hw_version),
                time_zone=_short(device.time_zone),
            )


def _short(text: str | None) -> str | None:
    """Return what may be shown of a text on a nameplate."""
    return None if text is None else harmless(text, _LONGEST_NAME)


@callback
def async_admitted(
    hass: HomeAssistant,
    entry: HomeBatteryConfigEntry,
    vendor: Vendor,
    store: EntryStore,
    found: Inventory,
) -> Inventory:
    """Return the devices of an account that are taken in.

    Those that were ever registered count, so that a server which invents others
    every time fills neither the registry nor the store. It is said once.
    """
    known = {
        identifier
        for device in dr.async_entries_for_config_entry(
            dr.async_get(hass), entry.entry_id
        )
        for identifier in device.identifiers
    }
    inventory = sound(found)
    new = [
        device.key
        for device in inventory.devices.values()
        if (DOMAIN, unique_id_of(vendor.key, device)) not in known
    ]
    refused = set(new[max(_MOST_DEVICES - len(known), 0) :])
    left_out = len(found.devices) - len(inventory.devices) + len(refused)
    if left_out and not store.said_full:
        store.said_full = True
        _LOGGER.warning(
            "%s tells of %d devices more than can be",
            entry.title,
            left_out,
        )
    return inventory.only(inventory.devices.keys() - refused) if refused else inventory
