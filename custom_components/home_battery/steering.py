"""The actions that run something over the schedule for a while."""

from collections.abc import Mapping, Sequence
from datetime import datetime, time, timedelta, tzinfo
from typing import Any, Final

import probatio

from homeassistant.const import ATTR_DEVICE_ID
from homeassistant.core import Context, ServiceCall, ServiceResponse
from homeassistant.exceptions import ServiceValidationError
from homeassistant.helpers import config_validation as cv
from homeassistant.util import dt as dt_util

from .battery.model import Mode
from .battery.override import Direction, Override, Pace
from .const import DOMAIN
from .overrides import Begun
from .targets import Target, async_systems

_DAY: Final = timedelta(days=1)
_NUMBER: Final = probatio.Coerce(float)
_PERCENT: Final = probatio.All(_NUMBER, probatio.Range(min=0, max=100))


def _duration(value: Any) -> timedelta:
    """Return a duration: minutes as a number or in a template's text, or a period."""
    try:
        return timedelta(minutes=float(value))
    except TypeError, ValueError:
        period: timedelta = cv.time_period(value)
        return period


def as_moment(value: Any) -> time | datetime:
    """Return a time of the day, or a date and time."""
    if isinstance(value, time | datetime):
        return value
    if (moment := dt_util.parse_datetime(str(value))) is not None:
        return moment
    return cv.time(value)


_TIMES: Final = {
    probatio.Required(ATTR_DEVICE_ID): probatio.All(
        probatio.EnsureList(), probatio.Length(min=1), [cv.string]
    ),
    probatio.Optional("start"): as_moment,
    probatio.Exclusive("end", "end"): as_moment,
    probatio.Exclusive("duration", "end"): probatio.All(
        _duration, probatio.Range(min=timedelta(minutes=1), max=7 * _DAY)
    ),
    probatio.Optional("take_control", default=False): cv.boolean,
}
FORCE_SCHEMA: Final = probatio.Schema(
    {
        **_TIMES,
        probatio.Optional("power"): probatio.All(
            _NUMBER, probatio.Range(min=0, min_included=False)
        ),
        probatio.Optional("target_soc"): _PERCENT,
        probatio.Optional("pace", default=Pace.FULL): probatio.Coerce(Pace),
        probatio.Optional("then_hold", default=False): cv.boolean,
    }
)
HOLD_SCHEMA: Final = probatio.Schema(
    {
        **_TIMES,
        probatio.Optional("direction", default=Direction.DISCHARGE): probatio.Coerce(
            Direction
        ),
    }
)


async def async_force_charge(call: ServiceCall) -> ServiceResponse:
    """Have systems charge, also from the grid, until a target or an end."""
    return await _async_override(call, Mode.FORCE_CHARGE)


async def async_force_discharge(call: ServiceCall) -> ServiceResponse:
    """Have systems discharge, also to the grid, until a target or an end."""
    return await _async_override(call, Mode.FORCE_DISCHARGE)


async def async_hold(call: ServiceCall) -> ServiceResponse:
    """Have systems keep their charge until an end."""
    return await _async_override(call, Mode.HOLD)


async def async_stop_override(call: ServiceCall) -> ServiceResponse:
    """End what runs on systems for a while; nothing running is fine as well."""
    return {
        system.device_id: {
            "outcome": await system.entry.runtime_data.overrides.async_stop(
                system.device
            )
        }
        for system in async_systems(call)
    }


async def _async_override(call: ServiceCall, mode: Mode) -> ServiceResponse:
    """Begin an override on every system that an action names."""
    begun = await async_begin(async_systems(call), mode, call.data, call.context)
    return {device_id: _as_response(one) for device_id, one in begun.items()}


async def async_begin(
    systems: Sequence[Target],
    mode: Mode,
    given: Mapping[str, Any],
    context: Context | None,
) -> dict[str, Begun]:
    """Begin an override on systems, once all of them could be told it.

    Args:
        systems: The systems.
        mode: What they are to do.
        given: How, as the schema of the mode's action takes it.
        context: Who asks for it.

    Returns:
        What became of it, by the device registry's ids.

    Raises:
        ServiceValidationError: One of them cannot, and nothing was sent.
        HomeAssistantError: It was refused, not sent, or is not confirmed.
    """
    wanted = [(system, _wanted(given, system, mode)) for system in systems]
    for system, override in wanted:
        system.entry.runtime_data.writer.check_control()
        await system.entry.runtime_data.overrides.async_check(system.device, override)
    return {
        system.device_id: await system.entry.runtime_data.overrides.async_start(
            system.device, override, context, take_control=given["take_control"]
        )
        for system, override in wanted
    }


def _wanted(given: Mapping[str, Any], system: Target, mode: Mode) -> Override:
    """Return what is wanted of a system, by the system's wall clock."""
    now = dt_util.utcnow()
    zone = system.entry.runtime_data.readings.zone(system.device)
    start = next_moment(given["start"], now, zone) if "start" in given else now
    end = None
    if "end" in given:
        end = next_moment(given["end"], max(start, now), zone)
    elif "duration" in given:
        end = start + given["duration"]
    if end is not None and end <= max(start, now):
        raise ServiceValidationError(
            translation_domain=DOMAIN, translation_key="override_past"
        )
    pace = given.get("pace", Pace.FULL)
    if pace is Pace.JUST_IN_TIME and (end is None or "target_soc" not in given):
        raise ServiceValidationError(
            translation_domain=DOMAIN, translation_key="pace_needs_target"
        )
    return Override(
        mode=mode,
        start=start,
        end=end,
        power=given.get("power"),
        target_soc=given.get("target_soc"),
        direction=given.get("direction", Direction.DISCHARGE),
        pace=pace,
        then_hold=given.get("then_hold", False),
    )


def next_moment(given: time | datetime, after: datetime, zone: tzinfo) -> datetime:
    """Return a moment, for a time of the day the next on a system's wall clock."""
    if isinstance(given, datetime):
        moment = given if given.tzinfo else given.replace(tzinfo=zone)
        return dt_util.as_utc(moment)
    local = after.astimezone(zone)
    moment = local.replace(
        hour=given.hour, minute=given.minute, second=given.second, microsecond=0, fold=0
    )
    if dt_util.as_utc(moment) <= after:
        moment += _DAY
    return dt_util.as_utc(moment)


def _as_response(begun: Begun) -> dict[str, Any]:
    """Return what became of it as an action's response."""
    running = begun.running
    if running is None:
        return {"outcome": begun.outcome}
    until = running.wanted.end
    return {
        "outcome": begun.outcome,
        "ending": running.ending,
        "until": until and until.isoformat(),
        "device_until": running.until and running.until.isoformat(),
    }
