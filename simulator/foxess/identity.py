"""Plants and devices (Fox ESS notes 1.5)."""

from ..jsontypes import Json, JsonObject
from .account import Station
from .call import Call
from .device import Inverter, midnight_before
from .errors import BAD_BODY, ApiError
from .paging import page


def plant_list(call: Call) -> JsonObject:
    """Answer plant/list."""
    return page(
        call,
        [
            {
                "stationID": station.id,
                "name": station.name,
                "ianaTimezone": station.time_zone,
            }
            for station in call.account.stations
        ],
    )


def plant_detail(call: Call) -> JsonObject:
    """Answer plant/detail, personal data included as the vendor does."""
    plant_id = call.queried("id")
    for station in call.account.stations:
        if station.id == plant_id:
            return _plant(station)
    raise ApiError(BAD_BODY)


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


def module_list(call: Call) -> JsonObject:
    """Answer module/list: every inverter has a data logger of its own."""
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


def _by_module(call: Call, serial: str) -> tuple[Station, Inverter]:
    """Return the device behind a data logger."""
    for station, inverter in call.devices():
        if inverter.module_serial == serial:
            return station, inverter
    raise ApiError(BAD_BODY)


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


def _plant(station: Station) -> JsonObject:
    """Return a plant in detail, with invented people."""
    first = station.inverters[0]
    created = first.local(midnight_before(first.clock.start, first, days=400))
    person = {
        "name": "Simulated Owner",
        "email": "owner@example.com",
        "phone": "+00 000 000000",
    }
    return {
        "stationName": station.name,
        "country": "Germany",
        "city": "Musterstadt",
        "address": "Musterweg 1",
        "postcode": "00000",
        "createDate": created.strftime("%Y-%m-%d %H:%M:%S %Z%z"),
        "capacity": sum(inverter.profile.rated_w for inverter in station.inverters)
        / 1000,
        "timezone": station.time_zone,
        "user": person,
        "installer": {**person, "name": "Simulated Installer"},
        "modules": [
            {"moduleSN": inverter.module_serial, "deviceSN": inverter.serial}
            for inverter in station.inverters
        ],
    }
