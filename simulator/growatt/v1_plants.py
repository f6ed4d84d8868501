"""Plants by v1 (Growatt notes 1.4 and 5.4)."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Final

from ..chance import fraction
from ..jsontypes import Json, JsonObject
from .account import Plant
from .call import Call
from .device import VENDOR
from .endpoint import Reply
from .errors import MistakeError, Problem
from .times import offset_name

_POINTS: Final = 288
_STEP: Final = timedelta(minutes=5)
_CO2_PER_KWH: Final = 0.997
_MOST_YEARS: Final = 20


def plant_list(call: Call) -> Reply:
    """Answer plant/list."""
    wanted = call.params.get("search_keyword", "")
    rows: list[Json] = [
        plant_row(call, plant)
        for plant in call.account.plants
        if wanted.lower() in plant.name.lower()
    ]
    return Reply(data={"count": len(rows), "plants": call.page(rows)})


def plants_of_user(call: Call) -> Reply:
    """Answer plant/user_plant_list; whom the account does not know has none."""
    name = call.text("user_name", Problem.SYSTEM)
    own = name == call.account.user.name
    rows: list[Json] = [plant_row(call, plant) for plant in call.account.plants if own]
    return Reply(data={"count": len(rows), "plants": call.page(rows)})


def plant_of_device(call: Call) -> Reply:
    """Answer plant/sn_plant."""
    device = call.device("device_sn")
    for plant, known in call.devices():
        if known is device:
            return Reply(data={"plant": plant_row(call, plant)})
    raise MistakeError(Problem.DEVICE)


def plant_details(call: Call) -> Reply:
    """Answer plant/details, which counts devices and names none."""
    plant = find_plant(call)
    inverters: list[Json] = [
        {"inverter_man": "Growatt", "inverter_md": "", "inverter_num": 1}
        for device in plant.devices
        if 1 in device.profile.types
    ]
    maxs: list[Json] = [
        {"max_man": "Growatt", "max_md": "", "max_num": 1}
        for device in plant.devices
        if device.family.key == "MAX"
    ]
    empty: dict[str, Json] = dict.fromkeys(_EMPTY_DETAILS, "")
    loggers = len(plant.loggers)
    return Reply(
        data={
            **empty,
            "name": plant.name,
            "address1": "Musterweg 1",
            "city": plant.city,
            "country": plant.country,
            "create_date": plant.created.isoformat(),
            "currency": "EUR",
            "timezone": zone_name(plant),
            "latitude": "52.5",
            "longitude": "13.4",
            "locale": "en_US",
            "peak_power": plant.peak_kw,
            "plant_type": 0,
            "user_id": call.account.user.id,
            "image_url": None,
            "dataloggers": [
                {"datalogger_man": "Growatt", "datalogger_md": "", "num": loggers}
            ],
            "inverters": inverters,
            "maxs": maxs,
            "arrays": [{"module_man": "Growatt", "module_md": "", "num_modules": 0}],
            **plant.details,
        }
    )


def plant_data(call: Call) -> Reply:
    """Answer plant/data: energies are text, the present power is kW, W or 0 as the server likes."""
    plant = find_plant(call)
    stamps = [device.records[-1] for device in plant.devices if device.records]
    shown = [device.latest for device in plant.devices]
    latest = [record for record in shown if record is not None]
    watts = sum(record.generation for record in latest)
    total = sum(record.energies.pv for record in latest)
    updated = max((record.text for record in stamps), default="")
    return Reply(
        data={
            "current_power": _present(call, watts),
            "today_energy": f"{sum(record.today.pv for record in latest):.1f}",
            "monthly_energy": f"{sum(record.month.pv for record in latest):.1f}",
            "yearly_energy": f"{sum(record.year.pv for record in latest):.1f}",
            "total_energy": f"{total:.1f}",
            "peak_power_actual": plant.peak_kw,
            "efficiency": "",
            "carbon_offset": f"{total * _CO2_PER_KWH:.1f}",
            "last_update_time": updated,
            "timezone": zone_name(plant),
        }
    )


def plant_power(call: Call) -> Reply:
    """Answer plant/power: 288 points in no order, null where there is none."""
    plant = find_plant(call, Problem.DATE)
    day = call.day("date")
    assert day is not None
    zone = plant.house.time_zone
    begin = datetime(day.year, day.month, day.day, tzinfo=zone)
    points: dict[int, float] = {}
    for device in plant.devices:
        for record in device.records:
            local = record.at.astimezone(zone)
            if local.date() == day:
                at = (local.hour * 60 + local.minute) // 5
                points[at] = points.get(at, 0.0) + record.generation
    rows: list[JsonObject] = [
        {
            "time": (begin + at * _STEP).strftime("%Y-%m-%d %H:%M"),
            "power": round(points[at], 1) if at in points else None,
        }
        for at in range(_POINTS)
    ]
    rows.sort(key=lambda row: fraction("unsorted", str(row["time"])))
    return Reply(data={"count": _POINTS, "powers": rows})


def plant_energy(call: Call) -> Reply:
    """Answer plant/energy by day, month or year; what was before the house's time is not there."""
    plant = find_plant(call)
    unit = call.text("time_unit", Problem.DATE)
    first, last = call.day("start_date"), call.day("end_date")
    assert first is not None
    assert last is not None
    if last < first or _too_long(unit, first, last):
        raise MistakeError(Problem.DATE)
    rows: list[Json] = [
        {"date": name, "energy": f"{energy:.1f}"}
        for name, energy in _energies(plant, unit, first, last)
    ]
    return Reply(
        data={"count": len(rows), "time_unit": unit, "energys": call.page(rows)}
    )


def plant_row(call: Call, plant: Plant) -> JsonObject:
    """Return a plant as lists show it: the present power is W here, and text."""
    latest = [
        record for record in (device.latest for device in plant.devices) if record
    ]
    watts = sum(record.generation for record in latest)
    return {
        "plant_id": plant.id,
        "name": plant.name,
        "user_id": call.account.user.id,
        "status": 1 if latest else 4,
        "peak_power": plant.peak_kw,
        "current_power": f"{watts:.1f}" if latest else "",
        "total_energy": f"{sum(record.energies.pv for record in latest):.1f}",
        "create_date": plant.created.isoformat(),
        "country": plant.country,
        "city": plant.city,
        "latitude": "52.5",
        "longitude": "13.4",
        "latitude_d": "",
        "latitude_f": "",
        "locale": "en-US",
        "image_url": "",
        "installer": "0",
        "operator": "0",
    }


def find_plant(call: Call, empty: Problem = Problem.PLANT_ID) -> Plant:
    """Return the plant that is asked for, brought up to date."""
    text = call.text("plant_id", empty)
    for plant in call.account.plants:
        if str(plant.id) == text:
            call.devices()
            return plant
    raise MistakeError(Problem.PLANT)


def zone_name(plant: Plant) -> str:
    """Return the zone of a plant, such as GMT+1."""
    return offset_name(plant.house.at.astimezone(plant.house.time_zone))


def _present(call: Call, watts: float) -> Json:
    """Return the present power: kW as documented, W or 0 as others have seen it."""
    fault = call.cloud.switchboard.take(VENDOR, call.path, "plant_power")
    if fault is None:
        return round(watts / 1000, 3)
    return round(watts, 1) if fault.value == "W" else 0


def _too_long(unit: str, first: date, last: date) -> bool:
    """Return whether a span has more than is allowed, or a unit that is not known."""
    match unit:
        case "day":
            return last - first > timedelta(days=7)
        case "month":
            return last.year - first.year > 1
        case "year":
            return last.year - first.year > _MOST_YEARS
    return True


def _energies(
    plant: Plant, unit: str, first: date, last: date
) -> Iterator[tuple[str, float]]:
    """Return the PV energy of each day, month or year of a span."""
    length = {"day": 10, "month": 7, "year": 4}[unit]
    sums: dict[str, float] = {}
    day = first
    while day <= last:
        if (energy := _day_energy(plant, day)) is not None:
            name = day.isoformat()[:length]
            sums[name] = sums.get(name, 0.0) + energy
        day += timedelta(days=1)
    yield from sums.items()


def _day_energy(plant: Plant, day: date) -> float | None:
    """Return the PV energy of a day in kWh, or None where the house was not there."""
    house = plant.house
    begin, end = (
        datetime(at.year, at.month, at.day, tzinfo=house.time_zone).astimezone(UTC)
        for at in (day, day + timedelta(days=1))
    )
    if begin > house.at or begin < house.begun:
        return None
    return sum(
        house.energies_at(device.unit, end).pv
        - house.energies_at(device.unit, begin).pv
        for device in plant.devices
    )


_EMPTY_DETAILS: Final = (
    *("address2", "description", "elevation", "fixed_azimuth", "fixed_tilt", "notes"),
    *("grid_type", "installed_ac_capacity", "installed_dc_capacity", "postal", "state"),
    *("installed_panel_area", "irradiationsensor_type", "status", "tracker_type"),
    *("weather_type", "weathersensor_man", "weathersensor_md", "weathersensor_num"),
    *(
        f"{who}{what}"
        for who in (
            "designer",
            "financier",
            "installer",
            "jurisdiction",
            "offtaker",
            "operator",
            "owner",
        )
        for what in ("contact", "organization")
    ),
)
