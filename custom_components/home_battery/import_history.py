"""The action that brings the past into the statistics, from the vendor or from another sensor."""

from datetime import datetime, timedelta
from typing import Any, Final

import probatio

from homeassistant.components.recorder import DOMAIN as RECORDER
from homeassistant.const import ATTR_DEVICE_ID, ATTR_ENTITY_ID
from homeassistant.core import HomeAssistant, ServiceCall, ServiceResponse, callback
from homeassistant.exceptions import ServiceValidationError
from homeassistant.helpers import config_validation as cv
from homeassistant.util import dt as dt_util

from .battery.history import HistoryRequest
from .battery.hours import midnight, windows
from .battery.model import Device, Role
from .const import DOMAIN
from .coordinator import HomeBatteryConfigEntry
from .history import moment
from .importing import USUAL, Source, async_sources
from .long_term import async_known
from .moving import async_make, async_move, async_undo
from .targets import Target, async_permit_reading, async_systems

USUAL_DAYS: Final = 31

_START: Final = "start"
_KEYS: Final = "keys"
_DRY_RUN: Final = "dry_run"
_CANCEL: Final = "cancel"
_SOURCE: Final = "source_entity"
_UNDO: Final = "undo"

IMPORT_SCHEMA: Final = probatio.All(
    probatio.Schema(
        {
            probatio.Exclusive(ATTR_DEVICE_ID, "target"): probatio.All(
                probatio.EnsureList(), probatio.Length(min=1), [cv.string]
            ),
            probatio.Optional(_START): moment,
            probatio.Optional(_KEYS): probatio.All(
                probatio.EnsureList(), probatio.Length(min=1), [cv.string]
            ),
            probatio.Optional(_DRY_RUN, default=False): cv.boolean,
            probatio.Optional(_CANCEL, default=False): cv.boolean,
            probatio.Exclusive(ATTR_ENTITY_ID, "target"): cv.entity_id,
            probatio.Optional(_SOURCE): cv.entity_id,
            probatio.Optional(_UNDO, default=False): cv.boolean,
        }
    ),
    probatio.AtLeastOne(ATTR_DEVICE_ID, ATTR_ENTITY_ID),
)


async def async_import_history(call: ServiceCall) -> ServiceResponse:
    """Begin to bring in the past of each device, or say what that would be.

    For a sensor, put the statistics of another one in front of its own.
    """
    if _SOURCE in call.data:
        # What is moved can be read afterwards where it has been put.
        await async_permit_reading(call.hass, call.data[_SOURCE], call.context)
    if RECORDER not in call.hass.config.components:
        raise ServiceValidationError(
            translation_domain=DOMAIN, translation_key="no_recorder"
        )
    if ATTR_ENTITY_ID in call.data:
        return await _async_moved(call, call.data[ATTR_ENTITY_ID])
    targets = async_systems(call, steer=False)
    if call.data[_CANCEL]:
        return {
            target.device_id: {
                "name": target.device.name,
                "cancelled": target.entry.runtime_data.imports.async_cancel(
                    target.device
                ),
            }
            for target in targets
        }
    plans = [
        (target, _wanted(call, target), _start(call, target)) for target in targets
    ]
    response: dict[str, Any] = {}
    for target, sources, start in plans:
        entry, device = target.entry, target.device
        response[target.device_id] = {
            "name": device.name,
            "start": start.astimezone(
                entry.runtime_data.readings.zone(device)
            ).isoformat(),
            "calls": calls(entry, device, sources, start),
            "sensors": await _async_told(call.hass, sources, start),
        }
        if not call.data[_DRY_RUN]:
            entry.runtime_data.imports.async_start(device, start, tuple(sources))
    return response


async def _async_moved(call: ServiceCall, entity_id: str) -> ServiceResponse:
    """Put another sensor's statistics in front of one of ours, or take them away."""
    if call.data[_UNDO]:
        return {entity_id: {"undone": await async_undo(call.hass, entity_id)}}
    if _SOURCE not in call.data:
        raise ServiceValidationError(
            translation_domain=DOMAIN, translation_key="no_source"
        )
    move = await async_move(call.hass, entity_id, call.data[_SOURCE])
    if not call.data[_DRY_RUN]:
        async_make(call.hass, move)
    return {entity_id: move.as_response()}


@callback
def async_wanted(
    hass: HomeAssistant, entry: HomeBatteryConfigEntry, device: Device
) -> dict[str, Source]:
    """Return what is brought in of a device if nothing else is said."""
    known = async_sources(hass, entry, device)
    return {key: known[key] for key in USUAL if key in known}


def calls(
    entry: HomeBatteryConfigEntry,
    device: Device,
    sources: dict[str, Source],
    start: datetime,
) -> int:
    """Return about how many calls it costs to bring in a device's past; a house's none."""
    if device.role is Role.HOUSE:
        return 0
    runtime = entry.runtime_data
    account, zone, now = (
        runtime.account,
        runtime.readings.zone(device),
        dt_util.utcnow(),
    )
    total = 0
    for resolution in {source.resolution for source in sources.values()}:
        reach = account.history_reach(resolution)
        first = start if reach is None else max(start, now - reach)
        keys = {one.told_by for one in sources.values() if one.resolution is resolution}
        for window in windows(first, now, account.history_days, zone):
            request = HistoryRequest(
                start=window.start,
                end=window.end,
                resolution=resolution,
                keys=frozenset(keys),
                time_zone=zone,
            )
            total += account.history_calls(device, request)
    return total


def _wanted(call: ServiceCall, target: Target) -> dict[str, Source]:
    """Return what is to be brought in of a device.

    Raises:
        ServiceValidationError: It has no past that is told, or not of a reading.
    """
    known = async_sources(call.hass, target.entry, target.device)
    if not known:
        raise ServiceValidationError(
            translation_domain=DOMAIN,
            translation_key="no_history",
            translation_placeholders={"device": target.device.name},
        )
    for key in call.data.get(_KEYS, ()):
        if key not in known:
            raise ServiceValidationError(
                translation_domain=DOMAIN,
                translation_key="unknown_import_key",
                translation_placeholders={
                    "key": key,
                    "device": target.device.name,
                    "options": ", ".join(sorted(known)),
                },
            )
    if _KEYS in call.data:
        return {key: known[key] for key in call.data[_KEYS]}
    return async_wanted(call.hass, target.entry, target.device)


def _start(call: ServiceCall, target: Target) -> datetime:
    """Return the midnight from which on the past is wanted."""
    zone = target.entry.runtime_data.readings.zone(target.device)
    now = dt_util.utcnow()
    start: datetime = call.data.get(_START, now - timedelta(days=USUAL_DAYS))
    start = start if start.tzinfo else start.replace(tzinfo=zone)
    if start >= now:
        raise ServiceValidationError(
            translation_domain=DOMAIN, translation_key="history_in_future"
        )
    return midnight(start, zone)


async def _async_told(
    hass: HomeAssistant, sources: dict[str, Source], start: datetime
) -> dict[str, Any]:
    """Return what would be put in front of each sensor's statistics."""
    known = await async_known(
        hass, {source.entity_id: source.unit for source in sources.values()}
    )
    told: dict[str, Any] = {}
    for source in sources.values():
        there = known.get(source.entity_id)
        told[source.entity_id] = {
            "key": source.key,
            "begins": there and there.first.isoformat(),
            "complete": there is not None and there.first <= start,
        }
    return told
