"""What the card and the dashboard ask for over the WebSocket connection."""

from collections.abc import Callable
from typing import Any, Final

import probatio

from homeassistant.auth.models import User
from homeassistant.auth.permissions.const import POLICY_READ
from homeassistant.components import websocket_api
from homeassistant.components.websocket_api import ActiveConnection
from homeassistant.config_entries import (
    SIGNAL_CONFIG_ENTRY_CHANGED,
    ConfigEntry,
    ConfigEntryChange,
    ConfigEntryState,
)
from homeassistant.const import ATTR_DEVICE_ID
from homeassistant.core import HomeAssistant, callback
from homeassistant.exceptions import HomeAssistantError, Unauthorized
from homeassistant.helpers import config_validation as cv
from homeassistant.helpers.dispatcher import async_dispatcher_connect

from .battery.change import ScheduleChange
from .battery.errors import ScheduleError
from .battery.model import Device, Role
from .battery.schedule import Schedule
from .command import COMMAND
from .const import CONF_CONTROL, CONTROL, DOMAIN
from .coordinator import HomeBatteryConfigEntry
from .devices import async_entities, async_name
from .schedule_view import PERIOD_SCHEMA, override_data, period_from, schedule_data
from .targets import Target, async_system

_ROLES: Final = (Role.HOUSE, Role.SYSTEM, Role.PRODUCER, Role.PART)


@callback
def async_setup_websocket(hass: HomeAssistant) -> None:
    """Register the commands, which are there also while no entry is loaded."""
    websocket_api.async_register_command(hass, ws_systems)
    websocket_api.async_register_command(hass, ws_subscribe_schedule)
    websocket_api.async_register_command(hass, ws_check_schedule)


@callback
@websocket_api.websocket_command({probatio.Required("type"): f"{DOMAIN}/systems"})
def ws_systems(
    hass: HomeAssistant, connection: ActiveConnection, msg: dict[str, Any]
) -> None:
    """Tell of every device that is served, and of the entities on it, houses first."""
    devices = [
        _device_data(hass, connection.user, entry, device)
        for role in _ROLES
        for entry in hass.config_entries.async_loaded_entries(DOMAIN)
        for device in entry.runtime_data.inventory.with_role(role)
    ]
    connection.send_result(
        msg["id"], {"devices": [device for device in devices if device["entities"]]}
    )


def _device_data(
    hass: HomeAssistant, user: User, entry: HomeBatteryConfigEntry, device: Device
) -> dict[str, Any]:
    """Return a device with those of its entities that a person may read."""
    runtime = entry.runtime_data
    ids = runtime.device_ids
    return {
        "device_id": ids[device.key],
        "name": async_name(hass, entry, device),
        "role": device.role,
        "vendor": runtime.vendor.key,
        "vendor_name": runtime.vendor.name,
        "entry_id": entry.entry_id,
        "house": ids.get(device.parent or ""),
        "members": [
            ids[member.key] for member in runtime.inventory.members(device.key)
        ],
        "steerable": COMMAND.key in runtime.store.learned.get(device.key, ()),
        "control": entry.options[CONF_CONTROL] == CONTROL,
        "entities": _entities(hass, user, entry, device),
    }


def _entities(
    hass: HomeAssistant, user: User, entry: HomeBatteryConfigEntry, device: Device
) -> dict[str, str]:
    """Return the ids of a device's entities that a person may read, by domain and key."""
    return {
        key: entity_id
        for key, entity_id in async_entities(hass, entry, device).items()
        if user.permissions.check_entity(entity_id, POLICY_READ)
    }


def _readable(hass: HomeAssistant, connection: ActiveConnection, named: str) -> Target:
    """Return the system of a device's id, if a person may read anything of it.

    Raises:
        ServiceValidationError: There is no such system.
        Unauthorized: It may not be read.
    """
    system = async_system(hass, named)
    if not _entities(hass, connection.user, system.entry, system.device):
        raise Unauthorized(user_id=connection.user.id, permission=POLICY_READ)
    return system


class _Watch:
    """Sends a system's schedule and override whenever anything of them changes."""

    def __init__(
        self, hass: HomeAssistant, system: Target, send: Callable[[Any], None]
    ) -> None:
        """Begin; the entry may be reloaded meanwhile."""
        self._hass = hass
        self._system = system
        self._send = send
        self._sent: dict[str, Any] | None = None
        self._stops: list[Callable[[], None]] = []
        self._stop_following = async_dispatcher_connect(
            hass, SIGNAL_CONFIG_ENTRY_CHANGED, self._follow
        )
        self._attach()

    @callback
    def stop(self) -> None:
        """Send nothing more."""
        self._stop_following()
        self._detach()

    @callback
    def _follow(self, change: ConfigEntryChange, entry: ConfigEntry) -> None:
        """Go on with an entry that was loaded again."""
        if entry.entry_id != self._system.entry.entry_id:
            return
        self._detach()
        if entry.state is ConfigEntryState.LOADED:
            self._attach()

    @callback
    def _attach(self) -> None:
        """Listen to what the system's settings and overrides tell."""
        runtime, device = self._system.entry.runtime_data, self._system.device
        self._stops = [
            feed.async_add_listener(self._tell, device.key)
            for feed in (runtime.settings, runtime.readings)
        ]
        self._tell()

    @callback
    def _detach(self) -> None:
        """Listen no more."""
        while self._stops:
            self._stops.pop()()

    @callback
    def _tell(self) -> None:
        """Send what is not known there yet."""
        data = _schedule_message(self._hass, self._system)
        if data != self._sent:
            self._sent = data
            self._send(data)


def _schedule_message(hass: HomeAssistant, system: Target) -> dict[str, Any]:
    """Return a system's schedule and override; without settings they are unknown."""
    entry, device = system.entry, system.device
    runtime = entry.runtime_data
    settings = runtime.settings.record(device.key)
    state = None if settings is None else settings.schedule
    message: dict[str, Any] = {
        "device_id": system.device_id,
        "name": async_name(hass, entry, device),
        "time_zone": device.time_zone or hass.config.time_zone,
        "control": entry.options[CONF_CONTROL] == CONTROL,
        "schedule": None,
        "capabilities": None,
        "valid_until": None,
        "set_here": False,
        "override": None,
    }
    if state is not None:
        told = schedule_data(entry, device, state)
        message["schedule"] = {key: told.pop(key) for key in ("enabled", "periods")}
        message.update(told)
    running = runtime.overrides.running(device.key)
    if running is not None and running.over is None:
        shown = runtime.readings.data.get(device.key)
        message["override"] = {
            **override_data(running),
            "back_to": shown and shown.value("override_return"),
        }
    return message


@callback
@websocket_api.websocket_command(
    {
        probatio.Required("type"): f"{DOMAIN}/schedule/subscribe",
        probatio.Required(ATTR_DEVICE_ID): cv.string,
    }
)
def ws_subscribe_schedule(
    hass: HomeAssistant, connection: ActiveConnection, msg: dict[str, Any]
) -> None:
    """Tell of a system's schedule and override, now and whenever they change."""
    system = _readable(hass, connection, msg[ATTR_DEVICE_ID])
    connection.send_result(msg["id"])
    watch = _Watch(
        hass,
        system,
        lambda data: connection.send_event(msg["id"], data),
    )
    connection.subscriptions[msg["id"]] = watch.stop


@websocket_api.websocket_command(
    {
        probatio.Required("type"): f"{DOMAIN}/schedule/check",
        probatio.Required(ATTR_DEVICE_ID): cv.string,
        probatio.Required("enabled"): cv.boolean,
        probatio.Required("periods"): [PERIOD_SCHEMA],
    }
)
@websocket_api.async_response
async def ws_check_schedule(
    hass: HomeAssistant, connection: ActiveConnection, msg: dict[str, Any]
) -> None:
    """Tell what keeps a schedule from being sent to a system; nothing is sent."""
    system = _readable(hass, connection, msg[ATTR_DEVICE_ID])
    change = ScheduleChange(
        Schedule(
            enabled=msg["enabled"], periods=tuple(map(period_from, msg["periods"]))
        )
    )
    problem = None
    try:
        await system.entry.runtime_data.writer.async_check(system.device, change)
    except HomeAssistantError as err:
        cause = err.__cause__
        problem = {
            "key": err.translation_key,
            "placeholders": err.translation_placeholders,
            "period": cause.period_index if isinstance(cause, ScheduleError) else None,
        }
    connection.send_result(msg["id"], {"problem": problem})
