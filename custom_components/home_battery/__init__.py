"""Home Battery: one language for the storage systems of several vendors."""

from datetime import tzinfo
from functools import partial

from homeassistant.const import Platform
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import ConfigEntryAuthFailed, ConfigEntryNotReady
from homeassistant.helpers import config_validation as cv, device_registry as dr
from homeassistant.helpers.typing import ConfigType

from .admission import async_admitted
from .battery.model import Device, Record
from .connect import async_connect, async_get_limiter
from .const import (
    CONF_CONTROL,
    CONF_CORRECTION,
    CONF_PERMITTED_EXPORT,
    CONF_VENDOR,
    CONTROL,
    DOMAIN,
)
from .coordinator import HomeBatteryConfigEntry, HomeBatteryData
from .devices import async_forget_issues, async_register, async_release, async_served
from .drafts import Drafts
from .errors import async_report_certificate, problem_of
from .farewell import async_leave
from .feeds import (
    AddingCoordinator,
    ClockCoordinator,
    IdentityCoordinator,
    ReadingsCoordinator,
    SettingsCoordinator,
)
from .imports import Imports
from .oauth import async_entry_tokens
from .overrides import Overrides
from .readings import Readings, async_zones
from .resource import async_add_resource, async_remove_resource, async_serve_files
from .schedules import Schedules
from .services import async_setup_services
from .store import EntryStore
from .transport.errors import ApiError, AuthenticationError
from .vendors import VENDORS
from .vendors.vendor import CLOCK, IDENTITY, READINGS, SETTINGS
from .websocket import async_setup_websocket
from .writes import Writer

CONFIG_SCHEMA = cv.config_entry_only_config_schema(DOMAIN)
PLATFORMS = (
    Platform.BINARY_SENSOR,
    Platform.BUTTON,
    Platform.CALENDAR,
    Platform.EVENT,
    Platform.NUMBER,
    Platform.SELECT,
    Platform.SENSOR,
    Platform.SWITCH,
    Platform.TIME,
)
# The feeds that do more than add readings, by name.
_OTHERS = {CLOCK: ClockCoordinator, IDENTITY: IdentityCoordinator}


async def async_setup(hass: HomeAssistant, config: ConfigType) -> bool:
    """Set up what is there also without an entry."""
    async_setup_services(hass)
    async_setup_websocket(hass)
    await async_serve_files(hass)
    return True


async def async_setup_entry(hass: HomeAssistant, entry: HomeBatteryConfigEntry) -> bool:
    """Set up an account: what is stored, one call for readings, the rest behind."""
    vendor = VENDORS[entry.data[CONF_VENDOR]]
    store = EntryStore(hass, entry.entry_id)
    await store.async_load()

    def known(key: str) -> Record | None:
        """Return the settings of a device as last read."""
        return entry.runtime_data.settings.known(key)

    def zone(device: Device) -> tzinfo:
        """Return the zone whose wall clock a device lives by."""
        return entry.runtime_data.readings.zone(device)

    account = await async_connect(
        hass,
        vendor,
        entry.data,
        watch_only=entry.options[CONF_CONTROL] != CONTROL,
        memory=store.memory,
        known=known,
        inventory=lambda: store.inventory,
        zone=zone,
        permitted_export=entry.options.get(CONF_PERMITTED_EXPORT),
        access_token=await async_entry_tokens(hass, entry, vendor),
        options=entry.options,
    )
    if not store.inventory.devices:
        try:
            found = await account.discover()
        except AuthenticationError as err:
            raise ConfigEntryAuthFailed(
                translation_domain=DOMAIN, translation_key="authentication_error"
            ) from err
        except ApiError as err:
            async_report_certificate(hass, entry, err)
            raise ConfigEntryNotReady(
                translation_domain=DOMAIN,
                translation_key=problem_of(err),
                translation_placeholders={"error": str(err)},
            ) from err
        store.inventory = async_admitted(hass, entry, vendor, store, found)
        await store.async_save()
    inventory = async_served(hass, entry, vendor, store.inventory)
    feeds = {feed.name: feed for feed in account.feeds}
    readings = Readings(
        store,
        await async_zones(inventory),
        vendor.tables,
        patience=feeds[READINGS].patience,
        correction=entry.options.get(CONF_CORRECTION, 1.0),
    )
    entry.runtime_data = runtime = HomeBatteryData(
        vendor=vendor,
        account=account,
        store=store,
        inventory=inventory,
        limiter=await async_get_limiter(hass, vendor, entry.data),
        readings=ReadingsCoordinator(hass, entry, feeds[READINGS], readings),
        settings=SettingsCoordinator(hass, entry, feeds[SETTINGS]),
        others=tuple(
            _OTHERS.get(name, AddingCoordinator)(hass, entry, feed)
            for name, feed in feeds.items()
            if name not in (READINGS, SETTINGS)
        ),
        device_ids=async_register(hass, entry, vendor, inventory),
        writer=Writer(hass, entry, readings),
        overrides=Overrides(hass, entry),
        schedules=Schedules(hass, entry),
        drafts=Drafts(),
        imports=Imports(hass, entry),
    )
    await runtime.readings.async_config_entry_first_refresh()
    runtime.readings.async_start_clock()
    runtime.readings.async_listen()
    await hass.config_entries.async_forward_entry_setups(entry, PLATFORMS)
    for feed in (runtime.settings, *runtime.others):
        # What the readings show hangs on settings and nameplates too, and a
        # feed that nobody listens to would not be polled.
        follow = partial(runtime.readings.async_follow, feed)
        entry.async_on_unload(feed.async_add_listener(follow))
        entry.async_create_background_task(
            hass, feed.async_refresh(), name=f"{feed.name} first"
        )
    await async_add_resource(hass)
    runtime.overrides.async_watch()
    runtime.schedules.async_watch()
    runtime.imports.async_go_on()
    return True


async def async_unload_entry(
    hass: HomeAssistant, entry: HomeBatteryConfigEntry
) -> bool:
    """Unload an account; what it learned is stored."""
    unloaded = await hass.config_entries.async_unload_platforms(entry, PLATFORMS)
    if unloaded:
        await entry.runtime_data.store.async_save()
    return unloaded


async def async_remove_entry(
    hass: HomeAssistant, entry: HomeBatteryConfigEntry
) -> None:
    """Forget an account, and leave its devices as they were, also to others."""
    async_forget_issues(hass, entry)
    await async_leave(hass, entry, VENDORS[entry.data[CONF_VENDOR]])
    await EntryStore(hass, entry.entry_id).async_remove()
    async_release(hass, entry)
    if not hass.config_entries.async_entries(DOMAIN):
        await async_remove_resource(hass)


async def async_remove_config_entry_device(
    hass: HomeAssistant, entry: HomeBatteryConfigEntry, device: dr.DeviceEntry
) -> bool:
    """Let a person remove a device that the account no longer has."""
    return device.id not in entry.runtime_data.device_ids.values()
