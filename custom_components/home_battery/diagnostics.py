"""Diagnostics, without what could tell whose account it is."""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import time
from typing import Any, Final

from homeassistant.components.diagnostics import async_redact_data
from homeassistant.config_entries import ConfigEntryState
from homeassistant.const import CONF_EMAIL, CONF_PASSWORD, CONF_TOKEN, CONF_USERNAME
from homeassistant.core import HomeAssistant
from homeassistant.util import dt as dt_util

from .const import CONF_AUTH_IMPLEMENTATION
from .coordinator import FeedCoordinator, HomeBatteryConfigEntry
from .transport.rhythm import Rhythm

_REDACTED: Final = {
    CONF_AUTH_IMPLEMENTATION,
    CONF_EMAIL,
    CONF_PASSWORD,
    CONF_TOKEN,
    CONF_USERNAME,
    "inverter_serial",
    "name",
    "serial",
    "title",
    "unique_id",
    "vendor_id",
}


async def async_get_config_entry_diagnostics(
    hass: HomeAssistant, entry: HomeBatteryConfigEntry
) -> dict[str, Any]:
    """Return what helps to find a fault, also where nothing could be set up."""
    if entry.state is not ConfigEntryState.LOADED:
        seen: dict[str, Any] = {
            "entry": {"data": dict(entry.data)},
            "state": str(entry.state),
            "reason": entry.error_reason_translation_key,
        }
        return async_redact_data(seen, _REDACTED)
    runtime = entry.runtime_data
    data = {
        "entry": {"data": dict(entry.data), "options": dict(entry.options)},
        "devices": [
            asdict(device) for device in runtime.store.inventory.devices.values()
        ],
        "served": list(runtime.inventory.devices),
        "memory": runtime.store.memory,
        "calls": {
            "last_24_hours": runtime.limiter.calls_today,
            "left": runtime.limiter.calls_left,
        },
        "feeds": {
            feed.feed.name: _feed(feed)
            for feed in (runtime.readings, runtime.settings, *runtime.others)
        },
    }
    aliases = {
        identifier: f"{device.kind} {number}"
        for number, device in enumerate(runtime.store.inventory.devices.values(), 1)
        for identifier in (device.id, device.serial, device.vendor_id)
        if identifier
    }
    redacted: dict[str, Any] = async_redact_data(_anonymous(data, aliases), _REDACTED)
    return redacted


def _feed(feed: FeedCoordinator) -> dict[str, Any]:
    """Return what a feed last brought."""
    return {
        "succeeded": feed.last_update_success,
        "error": repr(feed.last_exception) if feed.last_exception else None,
        "interval": feed.update_interval and feed.update_interval.total_seconds(),
        "rhythm": None if feed.following is None else _rhythm(feed.following.rhythm),
        "devices": {
            key: {
                "time": data.record.time,
                "received": data.received,
                "values": data.values,
                "controls": {
                    name: asdict(control)
                    for name, control in data.record.controls.items()
                },
                "schedule": data.record.schedule and asdict(data.record.schedule),
            }
            for key, data in feed.data.items()
        },
    }


def _rhythm(rhythm: Rhythm) -> dict[str, Any]:
    """Return what is known of the uploads, and what follows from it."""
    return {
        "next": rhythm.next_at and dt_util.utc_from_timestamp(rhythm.next_at),
        "stretch": round(rhythm.stretch, 2),
        "calls_per_round": round(rhythm.cost, 2),
        "devices": {
            key: {
                "data_age": round(dt_util.utcnow().timestamp() - beat.stamp),
                "period": round(beat.period, 1),
                "known": beat.known,
                "lag": round(beat.lag, 1),
                "spread": round(beat.spread, 1),
            }
            for key, beat in rhythm.beats.items()
        },
    }


def _anonymous(data: Any, aliases: Mapping[str, str]) -> Any:
    """Replace known identifiers wherever they stand, keys included."""
    if isinstance(data, Mapping):
        return {
            _anonymous(key, aliases): _anonymous(value, aliases)
            for key, value in data.items()
        }
    if isinstance(data, list | tuple | set | frozenset):
        return [_anonymous(item, aliases) for item in data]
    if isinstance(data, time):
        return data.isoformat()
    if isinstance(data, str):
        for identifier, alias in aliases.items():
            data = data.replace(identifier, alias)
    return data
