"""Devices (Fox ESS notes 1.5)."""

from ..jsontypes import Json, JsonObject
from .account import Station
from .call import Call
from .device import Inverter
from .paging import page


def device_list(call: Call) -> JsonObject:
    """Answer device/list."""
    return page(call, [_row(station, inverter) for station, inverter in call.devices()])


def device_detail_v0(call: Call) -> JsonObject:
    """Answer v0 device/detail."""
    return _detail(*call.device(call.queried()))


def device_detail_v1(call: Call) -> JsonObject:
    """Answer v1 device/detail."""
    station, inverter = call.device(call.queried())
    return {**_detail(station, inverter), "thirdPartyGen": False}


def _row(station: Station, inverter: Inverter) -> JsonObject:
    """Return a device as lists show it."""
    profile = inverter.profile
    return {
        "deviceSN": inverter.serial,
        "moduleSN": inverter.module_serial,
        "stationID": station.id,
        "stationName": station.name,
        "status": inverter.status,
        "hasPV": bool(profile.pv_peak_w),
        "hasBattery": profile.has_battery,
        "deviceType": profile.device_type,
        "productType": profile.product_type,
    }


def _detail(station: Station, inverter: Inverter) -> JsonObject:
    """Return a device in detail; half kilowatts of its size are lost."""
    profile = inverter.profile
    return {
        **_row(station, inverter),
        "masterVersion": "1.34",
        "slaveVersion": "1.01",
        "managerVersion": "1.28",
        "afciVersion": "",
        "hardwareVersion": "--",
        "capacity": profile.rated_w // 1000,
        "function": {"scheduler": 0 not in profile.scheduler_refusals},
        "batteryList": _batteries(inverter) if profile.has_battery else None,
    }


def _batteries(inverter: Inverter) -> list[Json]:
    """Return the parts of the battery: controller, packs, and an empty rest."""
    tail = inverter.serial[-6:]
    packs = inverter.profile.packs
    controller: JsonObject = {
        "batterySN": f"BC{tail}0",
        "model": packs[0].model,
        "type": "bcu",
        "version": "1.005",
    }
    bodies: list[Json] = [
        {
            "batterySN": f"BM{tail}{number}",
            "model": pack.model,
            "type": "bmu",
            "version": "1.05",
            "capacity": pack.capacity_wh,
        }
        for number, pack in enumerate(packs, 1)
    ]
    return [
        controller,
        *bodies,
        {"batterySN": f"BV{tail}0", "type": "ivu", "version": "0.00"},
    ]
