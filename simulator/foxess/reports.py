"""Energy reports and fault lists (Fox ESS notes 1.7)."""

from calendar import monthrange
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Final

from ..jsontypes import Json, JsonObject
from ..steered import midnight_before
from .call import Call
from .device import VENDOR, Inverter
from .errors import BAD_BODY, ApiError
from .readings import GLITCH_KWH
from .variables import ENERGY_NAMES, tenths

_DIMENSIONS: Final = ("day", "month", "year")
_FIRST_YEAR: Final = 2020
_METERED: Final = frozenset({"feedin", "gridConsumption", "loads", "PVEnergyTotal"})
_FAULTS: Final = {
    "4001": ("Grid lost", "电网丢失"),
    "4002": ("Grid voltage out of range", "电网电压超限"),
    "4101": ("Battery communication lost", "电池通信丢失"),
    "4102": ("Battery voltage out of range", "电池电压超限"),
    "4201": ("Isolation fault", "绝缘故障"),
}


def report_query(call: Call) -> list[Json]:
    """Answer device/report/query: kWh per hour, day or month in the plant's time zone."""
    fields = call.fields(
        "sn", "year", "dimension", "variables", optional=("month", "day")
    )
    inverter = call.device(fields.text("sn"))[1]
    dimension = fields.choice("dimension", _DIMENSIONS)
    year = fields.whole("year", _FIRST_YEAR, 2099)
    month = 1 if dimension == "year" else _needed(call, "month", 12)
    day = _needed(call, "day", monthrange(year, month)[1]) if dimension == "day" else 1
    variables = fields.texts("variables", len(ENERGY_NAMES))
    if not variables or not set(variables) <= ENERGY_NAMES.keys():
        raise ApiError(BAD_BODY)
    edges = _edges(inverter, dimension, year, month, day)
    names = _shown_names(inverter, dimension, variables)
    glitch = (
        call.switchboard.of_device(VENDOR, call.path, "glitch", inverter.serial)
        is not None
    )
    return [
        {
            "variable": shown,
            "unit": "kWh",
            "values": _values(inverter, name, edges, glitch=glitch),
        }
        for shown, name in zip(names, variables, strict=True)
    ]


def generation(call: Call) -> JsonObject:
    """Answer device/generation, in kWh: until the first upload of a day, `today` is yesterday's."""
    inverter = call.device(call.queried())[1]
    if not inverter.records:
        return {}
    latest = inverter.records[-1]
    midnight = midnight_before(latest.at, inverter.house)
    first = midnight.astimezone(inverter.house.time_zone).replace(day=1).astimezone(UTC)
    total = latest.energies.generation
    return {
        "today": tenths(total) - tenths(inverter.energies_at(midnight).generation),
        "month": tenths(total) - tenths(inverter.energies_at(first).generation),
        "cumulative": tenths(total),
    }


def fault_table(_: Call) -> list[Json]:
    """Answer device/fault/get."""
    return [
        {code: {"en": english, "zh_CN": chinese, "pl": english}}
        for code, (english, chinese) in _FAULTS.items()
    ]


def fault_history(call: Call) -> JsonObject:
    """Answer device/fault/history for one local day."""
    fields = call.fields("sn", "date")
    inverter = call.device(fields.text("sn"))[1]
    try:
        day = datetime.strptime(fields.text("date"), "%Y-%m-%d").date()
    except ValueError:
        raise ApiError(BAD_BODY) from None
    faults: list[Json] = [
        {
            "faultCode": event.code,
            "faultMessage": _FAULTS.get(event.code, ("Unknown fault", ""))[0],
            "timestamp": int(event.at.timestamp() * 1000),
        }
        for event in inverter.fault_events
        if inverter.local(event.at).date() == day
    ]
    return {"sn": inverter.serial, "faults": faults}


def _needed(call: Call, key: str, highest: int) -> int:
    """Return a part of the date that the dimension needs."""
    fields = call.fields(
        "sn", "year", "dimension", "variables", key, optional=("month", "day")
    )
    return fields.whole(key, 1, highest)


def _edges(
    inverter: Inverter, dimension: str, year: int, month: int, day: int
) -> list[datetime]:
    """Return the moments between which energy is counted, in UTC.

    Wall-clock hours stay 24: the hour that a change to summer time leaves out
    is empty, and the one that comes twice holds both.
    """
    zone = inverter.house.time_zone
    if dimension == "day":
        start = datetime(year, month, day, tzinfo=zone)
        walls = [start + timedelta(hours=hour) for hour in range(25)]
    elif dimension == "month":
        start = datetime(year, month, 1, tzinfo=zone)
        walls = [
            start + timedelta(days=number)
            for number in range(monthrange(year, month)[1] + 1)
        ]
    else:
        walls = [datetime(year, number, 1, tzinfo=zone) for number in range(1, 13)]
        walls.append(datetime(year + 1, 1, 1, tzinfo=zone))
    return [wall.astimezone(UTC) for wall in walls]


def _values(
    inverter: Inverter, name: str, edges: Sequence[datetime], *, glitch: bool
) -> list[Json]:
    """Return the energy between neighbouring moments, with the noise of a difference."""
    if not inverter.profile.has_battery and name in _METERED:
        return [0.0] * (len(edges) - 1)
    counters = [
        tenths(getattr(inverter.energies_at(edge), ENERGY_NAMES[name]))
        for edge in edges
    ]
    values: list[Json] = [later - earlier for earlier, later in pairwise(counters)]
    if glitch:
        values[0] = GLITCH_KWH
    return values


def _shown_names(inverter: Inverter, dimension: str, variables: list[str]) -> list[str]:
    """Return the names over the values, which the yearly report of three-phase devices mixes up."""
    if dimension == "year" and inverter.profile.phases == 3:
        return [*variables[1:], variables[0]]
    return variables
