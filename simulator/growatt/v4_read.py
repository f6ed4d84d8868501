"""Reading by v4 (Growatt notes 1.7)."""

from ..jsontypes import Json, JsonObject
from .call import Call
from .device import Device
from .endpoint import DONE, Reply
from .errors import MistakeError, Problem
from .families import NOAH, SPHS, STORAGE, V4_FAMILIES, Family
from .v1_data import records_between
from .wire import details, last_record, wire_record

_PER_PAGE = 100
_SIGNAL_DBM = -58
_NO_SIGNAL_DBM = -90


def device_list(call: Call) -> Reply:
    """Answer queryDeviceList: all devices that v4 knows, and no plants."""
    text = call.text("page", Problem.PAGE)
    if not text.isdigit() or int(text) < 1:
        raise MistakeError(Problem.PAGE)
    number = int(text)
    known: list[JsonObject] = [
        {
            "createDate": f"{plant.created.isoformat()} 09:30:00",
            "datalogSn": device.logger_serial,
            "deviceSn": device.serial,
            "deviceType": device.family.v4,
        }
        for plant, device in call.devices()
        if device.family.v4
    ]
    start = (number - 1) * _PER_PAGE
    pages = max(1, -(-len(known) // _PER_PAGE))
    return Reply(
        data={
            "count": len(known),
            "data": known[start : start + _PER_PAGE],
            "lastPager": number >= pages,
            "notPager": False,
            "other": None,
            "pages": pages,
            "pageSize": _PER_PAGE,
            "startCount": start,
        }
    )


def device_info(call: Call) -> Reply:
    """Answer queryDeviceInfo."""
    family = v4_family(call)
    rows = [details(device, v4=True) for device in call.several("deviceSn", family)]
    return Reply(data={family.v4: rows})


def last_data(call: Call) -> Reply:
    """Answer queryLastData."""
    family = v4_family(call)
    rows: list[Json] = [
        record
        for device in call.several("deviceSn", family)
        if (record := last_record(device, v4=True)) is not None
    ]
    return Reply(data={family.v4: rows} if rows else "")


def history(call: Call) -> Reply:
    """Answer queryHistoricalData: one day of one device."""
    device = v4_device(call)
    return Reply(data={"datas": _day(call, device), "haveNext": False, "start": False})


def histories(call: Call) -> Reply:
    """Answer queryDevicesHistoricalData: one day, by serial number."""
    devices = call.several("deviceSn", v4_family(call))
    return Reply(data={device.serial: _day(call, device) for device in devices})


def high_frequency(call: Call) -> Reply:
    """Answer queryDfcData, from which nobody has seen data yet."""
    v4_device(call)
    return Reply(data=None)


def device_param(call: Call) -> Reply:
    """Answer queryDeviceInfoParam: W and kWh, with the document's spelling."""
    profile = v4_device(call).profile
    return Reply(
        data={
            "deviceSn": call.params["deviceSn"],
            "deviceType": profile.family.v4,
            "deviceModel": profile.model if profile.packs else profile.key,
            "dataloggerModel": "ShineWiFi-X",
            "batteryModel": "ARK" if profile.has_battery else "",
            "norminalPower": profile.rated_w,
            "batteryCapacity": profile.capacity_wh / 1000,
            "batteryNominalPower": profile.battery_w,
            "hasBattery": profile.has_battery,
        }
    )


def power_limit(call: Call) -> Reply:
    """Answer readPower: percent, for a NOAH W."""
    device = v4_device(call)
    if device.family in {STORAGE, SPHS}:
        raise MistakeError(Problem.WRONG_TYPE)
    key = "defaultPower" if device.family is NOAH else "activeRate"
    value = call.reach(device).settings.get(key, 100)
    return Reply(data=int(value), message="success")


def wifi_signal(call: Call) -> Reply:
    """Answer getWiFiSignalByDevice: data and message have changed places."""
    device = v4_device(call)
    dbm = _SIGNAL_DBM if device.reachable else _NO_SIGNAL_DBM
    return Reply(data=DONE, message=str(dbm))


def v4_family(call: Call) -> Family:
    """Return the family that a call names."""
    family = V4_FAMILIES.get(call.params.get("deviceType", ""))
    if family is None:
        raise MistakeError(Problem.WRONG_TYPE)
    return family


def v4_device(call: Call) -> Device:
    """Return the one device that a call is about."""
    return call.device("deviceSn", v4_family(call))


def _day(call: Call, device: Device) -> list[Json]:
    """Return the records of a day, newest first."""
    day = call.day("date")
    assert day is not None
    return [
        wire_record(device, device.shown(record), v4=True)
        for record in records_between(device, day, day)
    ]
