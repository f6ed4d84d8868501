"""What only some devices have beside their settings (Fox ESS notes 1.11 and 0)."""

from ..jsontypes import Json, JsonObject
from .call import Call
from .device import Inverter
from .display import DISPLAY_FIELDS, display_sleep_json, read_display_sleep
from .errors import UNSUPPORTED, ApiError
from .meter_reader import read_meter_reader


def meter_reader_get(call: Call) -> JsonObject:
    """Answer device/getMeterReader, the meter's password included."""
    return _with_meter_reader(call, call.fields("sn").text("sn")).meter_reader.as_json()


def meter_reader_set(call: Call) -> JsonObject:
    """Answer device/setMeterReader."""
    fields = call.fields("sn", "readerType", "readerInfo")
    inverter = _with_meter_reader(call, fields.text("sn"), write=True)
    reader = read_meter_reader(fields)
    return call.write(inverter, lambda: setattr(inverter, "meter_reader", reader))


def display_sleep_get(call: Call) -> JsonObject:
    """Answer device/displaySleep/get."""
    inverter = _with_display(call, call.fields("sn").text("sn"))
    return display_sleep_json(inverter.display_sleep)


def display_sleep_set(call: Call) -> JsonObject:
    """Answer device/displaySleep/set, which wants everything at once."""
    fields = call.fields("sn", *DISPLAY_FIELDS)
    inverter = _with_display(call, fields.text("sn"), write=True)
    values = read_display_sleep(fields)
    return call.write(inverter, lambda: inverter.display_sleep.update(values))


def boarding_get(call: Call) -> JsonObject:
    """Answer device/boarding/status: 0 pending, 1 confirmed."""
    inverter = call.device(call.queried())[1]
    return {"sn": inverter.serial, "status": inverter.boarding}


def boarding_set(call: Call) -> JsonObject:
    """Answer device/boarding/status/set, which concerns the cloud and not the device."""
    fields = call.fields("sn", "status")
    inverter = call.device(fields.text("sn"))[1]
    status = fields.whole("status", 0, 1)
    return call.write(inverter, lambda: setattr(inverter, "boarding", status))


def installer_count(call: Call) -> list[Json]:
    """Answer device/installer/count: devices by year and country."""
    call.fields()
    countries: dict[str, int] = {}
    for station, _ in call.devices():
        countries[station.country] = countries.get(station.country, 0) + 1
    counts: list[Json] = [
        {"country": country, "deviceCount": count}
        for country, count in countries.items()
    ]
    return [{"year": call.clock.start.year, "deviceCountryCounts": counts}]


def _with_meter_reader(call: Call, serial: str, *, write: bool = False) -> Inverter:
    """Return a device that can read a foreign meter."""
    inverter = call.reach(serial, write=write)
    if not inverter.profile.meter_reader:
        raise ApiError(UNSUPPORTED)
    return inverter


def _with_display(call: Call, serial: str, *, write: bool = False) -> Inverter:
    """Return a device with a display that can sleep."""
    inverter = call.reach(serial, write=write)
    if not inverter.profile.display_sleep:
        raise ApiError(UNSUPPORTED)
    return inverter
