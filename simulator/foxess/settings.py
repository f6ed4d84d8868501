"""Settings, SOC limits, charge windows and the device's own extras (Fox ESS notes 1.8, 1.9 and 1.11)."""

from datetime import UTC, datetime

from ..jsontypes import JsonObject
from ..wall_clock import minute_of_day
from .call import Call
from .charging import CHARGE_TIME_FIELDS, read_charge_times
from .device import Inverter
from .errors import (
    BAD_BODY,
    QUERY_FAILED,
    UNSUPPORTED,
    UNSUPPORTED_FUNCTION,
    WRITE_FAILED,
    ApiError,
)
from .heating import HEATING_FIELDS, heating_list, read_heating
from .registers import KEYS, Register, registers_of

_SOC_KEYS = frozenset({"MinSoc", "MinSocOnGrid", "MaxSoc"})
_CLOCK_PARTS = ("year", "month", "day", "hour", "minute", "second")
_HIGHEST_IMPORT_KW = 10000


def setting_get(call: Call) -> JsonObject:
    """Answer device/setting/get."""
    fields = call.fields("sn", "key")
    inverter = call.reach(fields.text("sn"))
    key = fields.text("key")
    return _register(inverter, key).as_json(inverter.settings[key])


def setting_set(call: Call) -> JsonObject:
    """Answer device/setting/set; the mode scheduler owns the work mode and the SOC limits."""
    fields = call.fields("sn", "key", "value")
    inverter = call.reach(fields.text("sn"), write=True)
    key, value = fields.text("key"), fields.text("value")
    register = _register(inverter, key)
    if register.read_only:
        raise ApiError(UNSUPPORTED_FUNCTION)
    register.check(value)
    if inverter.scheduler.enabled and key == "WorkMode":
        raise ApiError(UNSUPPORTED_FUNCTION)
    if inverter.scheduler.enabled and key in _SOC_KEYS:
        raise ApiError(WRITE_FAILED)
    return call.write(inverter, lambda: inverter.settings.update({key: value}))


def soc_get(call: Call) -> JsonObject:
    """Answer battery/soc/get, in percent."""
    inverter = _with_battery(call, call.queried())
    return {
        "minSoc": int(float(inverter.settings["MinSoc"])),
        "minSocOnGrid": int(float(inverter.settings["MinSocOnGrid"])),
    }


def soc_set(call: Call) -> JsonObject:
    """Answer battery/soc/set, in percent."""
    fields = call.fields("sn", "minSoc", "minSocOnGrid")
    inverter = _with_battery(call, fields.text("sn"), write=True)
    lowest = inverter.profile.lowest_soc
    values = {
        "MinSoc": str(fields.whole("minSoc", lowest, 100)),
        "MinSocOnGrid": str(fields.whole("minSocOnGrid", lowest, 100)),
    }
    _refuse_under_scheduler(inverter)
    return call.write(inverter, lambda: inverter.settings.update(values))


def charge_times_get(call: Call) -> JsonObject:
    """Answer battery/forceChargeTime/get."""
    return _with_battery(call, call.queried()).charge_times.as_json()


def charge_times_set(call: Call) -> JsonObject:
    """Answer battery/forceChargeTime/set."""
    fields = call.fields("sn", *CHARGE_TIME_FIELDS)
    inverter = _with_battery(call, fields.text("sn"), write=True)
    times = read_charge_times(fields)
    _refuse_under_scheduler(inverter)
    return call.write(inverter, lambda: setattr(inverter, "charge_times", times))


def time_get(call: Call) -> JsonObject:
    """Answer device/time/get: the device's wall clock, as strings."""
    inverter = call.reach(call.fields("sn").text("sn"))
    local = inverter.local(call.now())
    return {part: str(getattr(local, part)) for part in _CLOCK_PARTS}


def time_set(call: Call) -> JsonObject:
    """Answer device/time/set; the year may come with or without its century."""
    fields = call.fields("sn", *_CLOCK_PARTS)
    inverter = call.reach(fields.text("sn"), write=True)
    year, month, day, hour, minute, second = (
        fields.digits(part, 0, 2099) for part in _CLOCK_PARTS
    )
    try:
        wall = datetime(
            year + 2000 if year < 100 else year, month, day, hour, minute, second
        )
    except ValueError:
        raise ApiError(BAD_BODY) from None
    offset = wall.replace(tzinfo=inverter.house.time_zone).astimezone(UTC) - call.now()
    return call.write(inverter, lambda: setattr(inverter, "clock_offset", offset))


def peak_shaving_get(call: Call) -> JsonObject:
    """Answer peakShaving/get: kW and percent."""
    inverter = _with_peak_shaving(call, call.fields("sn").text("sn"))
    return {
        "importLimit": {
            "value": f"{inverter.peak_import_kw:.3f}",
            "unit": "kW",
            "precision": 0.001,
            "range": {"min": 0, "max": _HIGHEST_IMPORT_KW},
        },
        "soc": {
            "value": str(inverter.peak_soc),
            "unit": "%",
            "precision": 1.0,
            "range": {"min": 10, "max": 100},
        },
    }


def peak_shaving_set(call: Call) -> JsonObject:
    """Answer peakShaving/set."""
    fields = call.fields("sn", "importLimit", "soc")
    inverter = _with_peak_shaving(call, fields.text("sn"), write=True)
    limit, soc = (
        fields.number("importLimit", 0, _HIGHEST_IMPORT_KW),
        fields.whole("soc", 10, 100),
    )

    def apply() -> None:
        inverter.peak_import_kw, inverter.peak_soc = limit, soc

    return call.write(inverter, apply)


def heating_get(call: Call) -> JsonObject:
    """Answer batteryHeating/get."""
    inverter = _with_heating(call, call.fields("sn").text("sn"))
    return {
        "dataList": heating_list(
            inverter.heating,
            temperature=inverter.battery_temperature,
            minute=minute_of_day(inverter.local(call.now())),
        )
    }


def heating_set(call: Call) -> JsonObject:
    """Answer batteryHeating/set, which wants everything at once."""
    fields = call.fields("sn", *HEATING_FIELDS)
    inverter = _with_heating(call, fields.text("sn"), write=True)
    values = read_heating(fields)
    return call.write(inverter, lambda: inverter.heating.update(values))


def _register(inverter: Inverter, key: str) -> Register:
    """Return a setting of a device, or refuse it as this device type does."""
    if key not in KEYS:
        raise ApiError(BAD_BODY)
    if (register := registers_of(inverter.profile).get(key)) is None:
        raise ApiError(inverter.profile.settings_refused.get(key, UNSUPPORTED))
    return register


def _refuse_under_scheduler(inverter: Inverter) -> None:
    """Refuse what the mode scheduler decides while it is on."""
    if inverter.scheduler.enabled:
        raise ApiError(UNSUPPORTED_FUNCTION)


def _with_battery(call: Call, serial: str, *, write: bool = False) -> Inverter:
    """Return a device that has a battery."""
    inverter = call.reach(serial, write=write)
    if not inverter.profile.has_battery:
        raise ApiError(UNSUPPORTED)
    return inverter


def _with_peak_shaving(call: Call, serial: str, *, write: bool = False) -> Inverter:
    """Return a device that knows peak shaving; others have no such parameters."""
    inverter = call.reach(serial, write=write)
    if not inverter.profile.peak_shaving:
        raise ApiError(BAD_BODY)
    return inverter


def _with_heating(call: Call, serial: str, *, write: bool = False) -> Inverter:
    """Return a device that can heat its battery; for others the query fails."""
    inverter = call.reach(serial, write=write)
    if not inverter.profile.heating:
        raise ApiError(QUERY_FAILED)
    return inverter
