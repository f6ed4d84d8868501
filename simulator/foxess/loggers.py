"""Data loggers: each inverter has one of its own (Fox ESS notes 1.12)."""

from base64 import b64decode, b64encode
import binascii

from ..jsontypes import JsonObject
from .account import Station
from .call import Call
from .device import Inverter
from .errors import BAD_BODY, DEVICE_TIMEOUT, ApiError
from .modbus import answer_frame
from .paging import page

_LONGEST_WAIT_S = 60


def module_list(call: Call) -> JsonObject:
    """Answer module/list."""
    return page(
        call, [_module(station, inverter) for station, inverter in call.devices()]
    )


def module_detail(call: Call) -> JsonObject:
    """Answer module/detail."""
    return _module(*_by_module(call, call.queried()))


def module_signal(call: Call) -> JsonObject:
    """Answer module/getSignal, in dBm."""
    _, inverter = _by_module(call, call.fields("sn").text("sn"))
    return {
        "timestamp": int(call.now().timestamp() * 1000),
        "signal": -58 if inverter.reachable else -90,
    }


def module_lan(call: Call) -> JsonObject:
    """Answer module/getLanInfo."""
    return _network(_reach(call, call.fields("sn").text("sn")))


def module_wifi(call: Call) -> JsonObject:
    """Answer module/getWifiInfo; beyond the network's name the fields are those of the cable."""
    inverter = _reach(call, call.fields("sn").text("sn"))
    return {"ssid": "Simulated Wi-Fi", **_network(inverter)}


def modbus_commands(call: Call) -> JsonObject:
    """Answer module/modbus/commands: every register that can be read is 0, and none can be written."""
    fields = call.fields("sn", "data", optional=("timeout",))
    if fields.has("timeout"):
        fields.number("timeout", 1, _LONGEST_WAIT_S)
    inverter = _by_module(call, fields.text("sn"))[1]
    try:
        frame = b64decode(fields.text("data"), validate=True)
    except binascii.Error, ValueError:
        raise ApiError(BAD_BODY) from None
    answer = answer_frame(frame) if inverter.reachable else None
    if answer is None:
        raise ApiError(DEVICE_TIMEOUT)
    return {"data": b64encode(answer).decode()}


def _by_module(call: Call, serial: str) -> tuple[Station, Inverter]:
    """Return the device behind a data logger."""
    for station, inverter in call.devices():
        if inverter.module_serial == serial:
            return station, inverter
    raise ApiError(BAD_BODY)


def _reach(call: Call, serial: str) -> Inverter:
    """Return the device behind a data logger that has to answer itself."""
    inverter = _by_module(call, serial)[1]
    if not inverter.reachable:
        raise ApiError(DEVICE_TIMEOUT)
    return inverter


def _network(inverter: Inverter) -> JsonObject:
    """Return a data logger's address, which no real network routes."""
    host = int(inverter.serial[-3:]) % 250 + 2
    return {"ip": f"192.0.2.{host}", "gateway": "192.0.2.1", "mask": "255.255.255.0"}


def _module(station: Station, inverter: Inverter) -> JsonObject:
    """Return a data logger."""
    return {
        "moduleSN": inverter.module_serial,
        "stationID": station.id,
        "status": 1 if inverter.reachable else 2,
        "signal": 76 if inverter.reachable else 0,
        "webVersion": "1.27",
        "softVersion": "--",
    }
