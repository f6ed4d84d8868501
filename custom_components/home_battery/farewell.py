"""What an entry puts back on its devices before it is gone for ever."""

import logging
from typing import Final

from homeassistant.core import HomeAssistant
from homeassistant.util import dt as dt_util

from .battery.change import Change
from .battery.errors import ChangeError
from .battery.model import Device, Record
from .battery.running import Running
from .connect import async_clock, async_connect
from .const import CONF_CONTROL, CONTROL
from .coordinator import HomeBatteryConfigEntry
from .errors import async_report_leftover
from .oauth import async_entry_tokens
from .readings import async_zones
from .store import EntryStore
from .telling import ABOUT_SCHEDULE, ways_back
from .transport.clock import Clock
from .transport.errors import ApiError, TransientError
from .vendors.vendor import Account, Vendor

# Who removes an entry waits for it.
_READ_BACK_AFTER: Final = (0, 3, 7)

_LOGGER = logging.getLogger(__name__)


async def async_leave(
    hass: HomeAssistant, entry: HomeBatteryConfigEntry, vendor: Vendor
) -> None:
    """End what still runs on the devices of an entry that is being removed.

    What cannot be put back is said in a repair issue that outlives the entry.
    """
    store = EntryStore(hass, entry.entry_id)
    await store.async_load()
    running = {
        device: override
        for key, override in store.overrides.items()
        if (device := store.inventory.devices.get(key)) is not None
        and override.ending is not None
    }
    if not running:
        return
    default = dt_util.get_default_time_zone()
    zones = await async_zones(store.inventory)
    account = await async_connect(
        hass,
        vendor,
        entry.data,
        watch_only=entry.options[CONF_CONTROL] != CONTROL,
        memory=store.memory,
        known=lambda _key: None,
        inventory=lambda: store.inventory,
        zone=lambda device: zones.get(device.key, default),
        permitted_export=None,
        access_token=await async_entry_tokens(hass, entry, vendor),
        options=entry.options,
    )
    clock = async_clock(hass)
    for device, override in running.items():
        try:
            await _put_back(account, clock, device, override)
        except (ApiError, ChangeError) as err:
            _LOGGER.warning("An override could not be put back: %s", err)
            async_report_leftover(hass, entry, device, override, lasting=True)


async def _put_back(
    account: Account, clock: Clock, device: Device, running: Running
) -> None:
    """Put back what was before an override.

    Raises:
        ApiError: It did not work.
        ChangeError: The device cannot hold it any more.
    """
    settings = await account.read(device, ABOUT_SCHEDULE)
    running.touch(settings)
    for change in ways_back(account, device, running, settings):
        settings = await _write(account, clock, device, change, settings)
    if (back := running.controls_back(settings)) is not None:
        await _write(account, clock, device, back, settings)


async def _write(
    account: Account, clock: Clock, device: Device, change: Change, settings: Record
) -> Record:
    """Write a change unless the device holds it, and return what it then holds.

    Raises:
        ApiError: It did not work, or is not confirmed.
        ChangeError: The device cannot hold it any more.
    """
    change = change.completed(settings)
    change.check(settings)
    if change.held_by(settings):
        return settings
    await account.write(device, change, settings)
    for delay in _READ_BACK_AFTER:
        await clock.sleep(delay)
        settings = await account.read(device, change)
        if change.held_by(settings):
            return settings
    raise TransientError("not confirmed")
