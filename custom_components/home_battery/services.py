"""The actions, which mean the same on every vendor's systems."""

from datetime import datetime
from typing import Any, Final

import probatio

from homeassistant.auth.permissions.const import POLICY_CONTROL, POLICY_READ
from homeassistant.const import ATTR_DEVICE_ID, ATTR_MODE, CONF_ENABLED
from homeassistant.core import (
    HomeAssistant,
    ServiceCall,
    ServiceResponse,
    SupportsResponse,
    callback,
)
from homeassistant.exceptions import ServiceValidationError
from homeassistant.helpers import config_validation as cv
from homeassistant.util import dt as dt_util

from .battery.change import Change, ControlChange, ScheduleChange
from .battery.fit import TooMany
from .battery.schedule import Schedule
from .call_api import async_setup_call_api
from .const import DOMAIN
from .energy_setup import async_setup_energy_dashboard
from .export import EXPORT_SCHEMA, async_export_history
from .history import HISTORY_SCHEMA, async_get_history
from .import_history import IMPORT_SCHEMA, async_import_history
from .parameters import (
    READ_PARAMETER_SCHEMA,
    async_read_parameter,
    async_setup_write_parameter,
)
from .schedule_view import PERIOD_SCHEMA, period_from, schedule_data
from .steering import (
    FORCE_SCHEMA,
    HOLD_SCHEMA,
    as_moment,
    async_force_charge,
    async_force_discharge,
    async_hold,
    async_stop_override,
    next_moment,
)
from .targets import Target, async_systems, permitted

_SOC_LIMITS: Final = ("min_soc", "min_soc_on_grid", "max_soc")

_TARGET: Final = {
    probatio.Required(ATTR_DEVICE_ID): probatio.All(
        probatio.EnsureList(), probatio.Length(min=1), [cv.string]
    )
}
# Templates send numbers as text; ranges are the device's own and checked there.
_NUMBER: Final = probatio.Coerce(float)

_STATUS_SCHEMA: Final = probatio.Schema(_TARGET)
_SET_SCHEDULE_SCHEMA: Final = probatio.Schema(
    {
        **_TARGET,
        probatio.Required("periods"): probatio.All(
            probatio.EnsureList(), probatio.Length(min=1), [PERIOD_SCHEMA]
        ),
        probatio.Optional(CONF_ENABLED, default=True): cv.boolean,
        probatio.Optional("valid_until"): as_moment,
        probatio.Optional("if_too_many", default=TooMany.ERROR): probatio.Coerce(
            TooMany
        ),
    }
)
_SET_OPERATING_MODE_SCHEMA: Final = probatio.Schema(
    {**_TARGET, probatio.Required(ATTR_MODE): cv.string}
)
_SET_SOC_LIMITS_SCHEMA: Final = probatio.All(
    probatio.Schema(
        {**_TARGET, **{probatio.Optional(key): _NUMBER for key in _SOC_LIMITS}}
    ),
    probatio.AtLeastOne(*_SOC_LIMITS),
)


@callback
def async_setup_services(hass: HomeAssistant) -> None:
    """Register the actions, which are there also while no entry is loaded."""
    only, optional = SupportsResponse.ONLY, SupportsResponse.OPTIONAL
    for name, handler, schema, policy, response in (
        ("get_status", _async_get_status, _STATUS_SCHEMA, POLICY_READ, only),
        ("get_history", async_get_history, HISTORY_SCHEMA, POLICY_READ, only),
        ("get_schedule", _async_get_schedule, _STATUS_SCHEMA, POLICY_READ, only),
        (
            "growatt_read_parameter",
            async_read_parameter,
            READ_PARAMETER_SCHEMA,
            POLICY_READ,
            only,
        ),
        *(
            (name, handler, schema, POLICY_CONTROL, optional)
            for name, handler, schema in (
                ("import_history", async_import_history, IMPORT_SCHEMA),
                ("export_history", async_export_history, EXPORT_SCHEMA),
                ("set_schedule", _async_set_schedule, _SET_SCHEDULE_SCHEMA),
                ("clear_schedule", _async_clear_schedule, _STATUS_SCHEMA),
                (
                    "set_operating_mode",
                    _async_set_operating_mode,
                    _SET_OPERATING_MODE_SCHEMA,
                ),
                ("set_soc_limits", _async_set_soc_limits, _SET_SOC_LIMITS_SCHEMA),
                ("force_charge", async_force_charge, FORCE_SCHEMA),
                ("force_discharge", async_force_discharge, FORCE_SCHEMA),
                ("hold", async_hold, HOLD_SCHEMA),
                ("stop_override", async_stop_override, _STATUS_SCHEMA),
            )
        ),
    ):
        hass.services.async_register(
            DOMAIN,
            name,
            permitted(handler, policy),
            schema=schema,
            supports_response=response,
        )
    async_setup_call_api(hass)
    async_setup_write_parameter(hass)
    async_setup_energy_dashboard(hass)


async def _async_get_status(call: ServiceCall) -> ServiceResponse:
    """Return every reading of each system, PV inverter or house."""
    return {
        system.device_id: {
            "name": system.device.name,
            "vendor": system.entry.runtime_data.vendor.key,
            **_readings(system),
        }
        for system in async_systems(call, steer=False)
    }


def _readings(system: Target) -> dict[str, Any]:
    """Return what is known of a device; nothing if it has never sent a record."""
    data = system.entry.runtime_data.readings.data.get(system.device.key)
    return {
        key: value.isoformat() if isinstance(value, datetime) else value
        for key, value in sorted(data.values.items() if data else ())
    }


async def _async_get_schedule(call: ServiceCall) -> ServiceResponse:
    """Return each system's schedule, and what its schedule can hold."""
    response: dict[str, Any] = {}
    for system in async_systems(call):
        runtime = system.entry.runtime_data
        settings = await runtime.writer.async_settings(system.device)
        if (state := settings.schedule) is None:
            raise ServiceValidationError(
                translation_domain=DOMAIN, translation_key="no_schedule"
            )
        response[system.device_id] = {
            "name": system.device.name,
            "time_zone": system.device.time_zone or call.hass.config.time_zone,
            **schedule_data(system.entry, system.device, state),
        }
    return response


async def _async_set_schedule(call: ServiceCall) -> ServiceResponse:
    """Have each system follow another schedule."""
    schedule = Schedule(
        enabled=call.data[CONF_ENABLED],
        periods=tuple(period_from(item) for item in call.data["periods"]),
    )
    if_too_many = call.data["if_too_many"]
    systems = async_systems(call)
    for system in systems:
        runtime = system.entry.runtime_data
        await runtime.writer.async_settings(system.device)
        fitted = runtime.schedules.fitted(system.device, schedule, if_too_many)
        await runtime.writer.async_check(system.device, ScheduleChange(fitted))
    return {
        system.device_id: await system.entry.runtime_data.schedules.async_set(
            system.device,
            schedule,
            call.context,
            until=_until(call, system),
            if_too_many=if_too_many,
        )
        for system in systems
    }


def _until(call: ServiceCall, system: Target) -> datetime | None:
    """Return when a schedule is over, for a time of the day the next on the wall clock."""
    if "valid_until" not in call.data:
        return None
    now = dt_util.utcnow()
    zone = system.entry.runtime_data.readings.zone(system.device)
    until = next_moment(call.data["valid_until"], now, zone)
    if until <= now:
        raise ServiceValidationError(
            translation_domain=DOMAIN, translation_key="override_past"
        )
    return until


async def _async_clear_schedule(call: ServiceCall) -> ServiceResponse:
    """Have each system follow no schedule."""
    response = await _async_change(
        call, ScheduleChange(Schedule(enabled=False)), always=True
    )
    for system in async_systems(call):
        system.entry.runtime_data.schedules.async_forget(system.device)
    return response


async def _async_set_operating_mode(call: ServiceCall) -> ServiceResponse:
    """Set the mode in which each system is outside its schedule."""
    return await _async_change(
        call, ControlChange({"operating_mode": call.data[ATTR_MODE]})
    )


async def _async_set_soc_limits(call: ServiceCall) -> ServiceResponse:
    """Set some of the SOC limits of each system."""
    return await _async_change(
        call,
        ControlChange({key: call.data[key] for key in _SOC_LIMITS if key in call.data}),
    )


async def _async_change(
    call: ServiceCall, change: Change, *, always: bool = False
) -> ServiceResponse:
    """Bring a change to every system, once all of them would take it."""
    systems = async_systems(call)
    for system in systems:
        await system.entry.runtime_data.writer.async_check(system.device, change)
    return {
        system.device_id: str(
            await system.entry.runtime_data.overrides.async_write(
                system.device, change, call.context, always=always
            )
        )
        for system in systems
    }
