"""Plants: looking at them, and creating, changing and deleting them (Fox ESS notes 1.5)."""

from dataclasses import replace
from datetime import timedelta
import re
from typing import Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from ..jsontypes import Json, JsonObject
from .account import Station
from .call import Call
from .device import Inverter
from .errors import BAD_BODY, OK, UNKNOWN_DEVICE, WRONG_SERIAL, ApiError
from .paging import page
from .schema import Fields

_OF_INVERTERS: Final = frozenset({1, 2})
_OF_CHARGERS: Final = 3
_OF_MICRO_INVERTERS: Final = 4
_MOST_DEVICES: Final = 100
_OPTIONAL: Final = ("devices", "pileSN", "position", "electricmeterSN", "layoutByMini")
_ADDRESS: Final = ("name", "countryCode", "city", "address", "postcode")
_MONEY: Final = ("price", "currency", "systemCapacity")
_COUNTRY: Final = re.compile("[A-Z]{2}")


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
    return _plant(call, _station(call, call.queried("id")))


def plant_create(call: Call) -> JsonObject:
    """Answer plant/create: devices that are free join it, others are refused one by one."""
    fields = call.fields("details", "timezone", optional=_OPTIONAL)
    details = Fields(
        fields.raw("details"), required=(*_ADDRESS, "type"), optional=_MONEY
    )
    station = _described(
        Station(id=call.accounts.new_id("station"), name="", time_zone=""),
        fields,
        details,
    )
    kind = int(details.member("type", (*_OF_INVERTERS, 3, 4)))
    _check_kind(fields, details, kind)
    wanted = _serials(fields)
    joined, answers = _join(call, wanted)
    call.account.stations.append(_with(station, joined))
    return {"stationID": station.id, "devices": answers}


def plant_update(call: Call) -> JsonObject:
    """Answer plant/update: as creating, with the id among the details; more devices may join."""
    fields = call.fields("details", "timezone", optional=_OPTIONAL)
    details = Fields(
        fields.raw("details"),
        required=(*_ADDRESS, "stationID"),
        optional=("type", *_MONEY),
    )
    held = _station(call, details.text("stationID"))
    changed = _described(held, fields, details)
    joined, answers = _join(call, _serials(fields), held)
    stations = call.account.stations
    stations[stations.index(held)] = _with(changed, joined)
    return {"stationID": held.id, "devices": answers}


def plant_delete(call: Call) -> JsonObject:
    """Answer plant/delete: its devices are free, and in no list until they join another plant."""
    station = _station(call, call.fields("stationID").text("stationID"))
    call.account.stations.remove(station)
    call.account.loose += [*station.inverters, *station.parts]
    return {"stationID": station.id}


def _station(call: Call, station_id: str) -> Station:
    """Return a station of the account."""
    if (station := call.account.station(station_id)) is None:
        raise ApiError(BAD_BODY)
    return station


def _described(station: Station, fields: Fields, details: Fields) -> Station:
    """Return a station with the name and the place that a request gives it."""
    country = details.text("countryCode")
    if _COUNTRY.fullmatch(country) is None:
        raise ApiError(BAD_BODY)
    zone = fields.text("timezone")
    try:
        ZoneInfo(zone)
    except ZoneInfoNotFoundError, ValueError, OSError:
        raise ApiError(BAD_BODY) from None
    for key in ("price", "systemCapacity"):
        if details.has(key):
            details.number(key, 0, 1e9)
    return replace(
        station,
        name=details.text("name"),
        time_zone=zone,
        country=country,
        city=details.text("city"),
        address=details.text("address"),
        postcode=details.text("postcode"),
    )


def _check_kind(fields: Fields, details: Fields, kind: int) -> None:
    """Refuse a plant without what its kind needs."""
    needed = {
        _OF_CHARGERS: fields.has("pileSN"),
        _OF_MICRO_INVERTERS: fields.has("layoutByMini"),
    }
    if not needed.get(kind, fields.has("devices")):
        raise ApiError(BAD_BODY)
    if kind != _OF_CHARGERS and not all(details.has(key) for key in _MONEY):
        raise ApiError(BAD_BODY)


def _serials(fields: Fields) -> list[str]:
    """Return the serial numbers of the devices, which may be those of their data loggers."""
    if not fields.has("devices"):
        return []
    return [
        Fields(item, required=("sn",), optional=("key",)).text("sn")
        for item in fields.items("devices", _MOST_DEVICES)
    ]


def _join(
    call: Call, serials: list[str], station: Station | None = None
) -> tuple[list[Inverter], list[Json]]:
    """Return the devices that may join a plant, and what is said about each that was named."""
    free = [device for device in call.account.loose if isinstance(device, Inverter)]
    joined: list[Inverter] = []
    answers: list[Json] = []
    for serial in serials:
        device = next((item for item in free if _is(item, serial)), None)
        held = next(
            (item for item in call.account.placed() if _is(item[1], serial)), None
        )
        errno = OK
        if device is not None:
            joined.append(device)
            call.account.loose.remove(device)
            free.remove(device)
        elif held is None:
            errno = UNKNOWN_DEVICE
        elif station is None or held[0].id != station.id:
            errno = WRONG_SERIAL
        answers.append({"device": {"sn": serial, "key": ""}, "errno": errno})
    return joined, answers


def _is(inverter: Inverter, serial: str) -> bool:
    """Return whether a serial number is that of a device or of its data logger."""
    return serial in {inverter.serial, inverter.module_serial}


def _with(station: Station, joined: list[Inverter]) -> Station:
    """Return a station that more inverters have joined."""
    for inverter in joined:
        inverter.station_id = station.id
    return replace(station, inverters=(*station.inverters, *joined))


def _plant(call: Call, station: Station) -> JsonObject:
    """Return a plant in detail, with invented people."""
    zone = ZoneInfo(station.time_zone)
    created = (call.clock.start.astimezone(zone) - timedelta(days=400)).replace(
        hour=0, minute=0, second=0, microsecond=0, fold=0
    )
    person = {
        "name": "Simulated Owner",
        "email": "owner@example.com",
        "phone": "+00 000 000000",
    }
    return {
        "stationName": station.name,
        "country": station.country,
        "city": station.city,
        "address": station.address,
        "postcode": station.postcode,
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
