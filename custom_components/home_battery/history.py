"""The action that tells the past, from what the vendor has kept."""

import asyncio
from collections import Counter
from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from itertools import batched
from typing import Any, Final, NamedTuple

import probatio

from homeassistant.const import ATTR_DEVICE_ID
from homeassistant.core import HomeAssistant, ServiceCall, ServiceResponse, callback
from homeassistant.exceptions import ServiceValidationError
from homeassistant.helpers import config_validation as cv
from homeassistant.util import dt as dt_util

from .battery.history import LONGEST, History, HistoryRequest, Point, Resolution
from .battery.model import Role
from .const import DOMAIN
from .errors import async_failed
from .targets import Target, async_systems
from .transport.errors import ApiError

_START: Final = "start"
_END: Final = "end"
_RESOLUTION: Final = "resolution"
_KEYS: Final = "keys"

_MOST_CALLS: Final = 400
# So many points are put into the response before others get the loop.
_PARTS: Final = 1000


def moment(value: object) -> datetime:
    """Return a moment, of a date its midnight; as yet it may lack a zone."""
    if isinstance(value, date) and not isinstance(value, datetime):
        value = datetime.combine(value, time())
    moment = cv.datetime(value)
    if not 2000 <= moment.year < 2100:
        raise probatio.Invalid("The year must be between 2000 and 2099")
    return moment


HISTORY_SCHEMA: Final = probatio.Schema(
    {
        probatio.Required(ATTR_DEVICE_ID): probatio.All(
            probatio.EnsureList(), probatio.Length(min=1), [cv.string]
        ),
        probatio.Required(_START): moment,
        probatio.Optional(_END): moment,
        probatio.Required(_RESOLUTION): probatio.Coerce(Resolution),
        probatio.Optional(_KEYS): probatio.All(
            probatio.EnsureList(), probatio.Length(min=1), [cv.string]
        ),
    }
)


class _Question(NamedTuple):
    """What is asked of one device, and the name of its zone."""

    target: Target
    request: HistoryRequest
    zone_name: str


async def async_get_history(call: ServiceCall) -> ServiceResponse:
    """Return the past of each device, once all questions are found to be sound."""
    questions = [await _async_question(call, target) for target in _targets(call)]
    _check_calls(questions)
    return {
        question.target.device_id: await _async_answer(
            call.hass, question, complete=_KEYS in call.data
        )
        for question in questions
    }


@callback
def _targets(call: ServiceCall) -> list[Target]:
    """Return the systems and PV inverters that the action names.

    Raises:
        ServiceValidationError: A device is unknown, foreign, or has no history.
    """
    targets = async_systems(call, steer=False)
    for _, entry, device in targets:
        account = entry.runtime_data.account
        if device.role is Role.HOUSE or not account.history_keys(
            device, call.data[_RESOLUTION]
        ):
            raise ServiceValidationError(
                translation_domain=DOMAIN,
                translation_key="no_history",
                translation_placeholders={"device": device.name},
            )
    return targets


async def _async_question(call: ServiceCall, target: Target) -> _Question:
    """Return what is asked of a device.

    Raises:
        ServiceValidationError: It makes no sense.
    """
    resolution: Resolution = call.data[_RESOLUTION]
    zone, zone_name = await _async_zone(call.hass, target.device.time_zone)
    start, end = await async_range(
        call, target, longest=LONGEST[resolution], name=resolution
    )
    request = HistoryRequest(
        start=start,
        end=end,
        resolution=resolution,
        keys=_keys(call, target, resolution),
        time_zone=zone,
    )
    return _Question(target, request, zone_name)


async def async_range(
    call: ServiceCall, target: Target, *, longest: timedelta, name: str
) -> tuple[datetime, datetime]:
    """Return the stretch of time that an action asks for, in UTC.

    Args:
        call: The action, with a start and perhaps an end.
        target: The device on whose clock they are if they have no offset.
        longest: So long it may be.
        name: What is asked for, as an error calls it.

    Raises:
        ServiceValidationError: It makes no sense, or is too long.
    """
    zone, _ = await _async_zone(call.hass, target.device.time_zone)
    now = dt_util.utcnow()
    start = _utc(call.data[_START], zone)
    end = _utc(call.data[_END], zone) if _END in call.data else now
    if end <= start and _END in call.data:
        raise ServiceValidationError(
            translation_domain=DOMAIN, translation_key="history_end_before_start"
        )
    if start >= now:
        raise ServiceValidationError(
            translation_domain=DOMAIN, translation_key="history_in_future"
        )
    end = min(end, now)
    if _naive(end, zone) - _naive(start, zone) > longest:
        raise ServiceValidationError(
            translation_domain=DOMAIN,
            translation_key="history_too_long",
            translation_placeholders={
                "resolution": name,
                "limit": str(longest.days),
            },
        )
    return start, end


def _keys(call: ServiceCall, target: Target, resolution: Resolution) -> frozenset[str]:
    """Return the readings that are asked for, all if none is named."""
    known = target.entry.runtime_data.account.history_keys(target.device, resolution)
    for key in call.data.get(_KEYS, ()):
        if key not in known:
            raise ServiceValidationError(
                translation_domain=DOMAIN,
                translation_key="unknown_history_key",
                translation_placeholders={
                    "key": key,
                    "device": target.device.name,
                    "options": ", ".join(sorted(known)),
                },
            )
    return frozenset(call.data.get(_KEYS, known))


async def _async_zone(hass: HomeAssistant, name: str | None) -> tuple[tzinfo, str]:
    """Return the zone whose wall clock a device lives by, with its name."""
    if name and (zone := await dt_util.async_get_time_zone(name)):
        return zone, name
    return dt_util.get_default_time_zone(), hass.config.time_zone


def _utc(moment: datetime, zone: tzinfo) -> datetime:
    """Return a moment in UTC; without an offset it is on the device's wall clock."""
    return (moment if moment.tzinfo else moment.replace(tzinfo=zone)).astimezone(UTC)


def _naive(moment: datetime, zone: tzinfo) -> datetime:
    """Return what the wall clock shows: a month in autumn has 31 days and an hour."""
    return moment.astimezone(zone).replace(tzinfo=None)


def _check_calls(questions: Iterable[_Question]) -> None:
    """Raise if the questions take more calls than their vendors give now."""
    calls: Counter[int] = Counter()
    for target, request, _ in questions:
        runtime = target.entry.runtime_data
        limiter = runtime.limiter
        calls[id(limiter)] += runtime.account.history_calls(target.device, request)
        free = _MOST_CALLS
        if limiter.calls_free is not None:
            free = min(free, limiter.calls_free)
        if (needed := calls[id(limiter)]) > free:
            raise ServiceValidationError(
                translation_domain=DOMAIN,
                translation_key="history_too_many_calls",
                translation_placeholders={
                    "calls": str(needed),
                    "free": str(free),
                    "days": str((request.end - request.start).days * free // needed),
                },
            )


async def _async_answer(
    hass: HomeAssistant, question: _Question, *, complete: bool
) -> dict[str, Any]:
    """Return the past of one device, with each key that was asked for if `complete`."""
    target, request, zone_name = question
    runtime, device = target.entry.runtime_data, target.device
    try:
        history: History = await runtime.account.history(device, request)
    except ApiError as err:
        raise async_failed(hass, target.entry, err) from err
    keys: dict[str, list[dict[str, Any]]] = {}
    for key in sorted(request.keys):
        points = history.points.get(key, ())
        if not points and not complete:
            continue
        keys[key] = []
        for part in batched(points, _PARTS, strict=False):
            keys[key] += (
                _as_response(point, request.time_zone)
                for point in part
                if not runtime.readings.is_noise(device, key, point.value)
            )
            await asyncio.sleep(0)
    return {
        "name": device.name,
        "resolution": str(request.resolution),
        "time_zone": zone_name,
        "keys": keys,
    }


def _as_response(point: Point, zone: tzinfo) -> dict[str, Any]:
    """Return a point in the device's own time."""
    response: dict[str, Any] = {"start": point.start.astimezone(zone).isoformat()}
    if point.end is not None:
        response["end"] = point.end.astimezone(zone).isoformat()
    return {**response, "value": point.value}
