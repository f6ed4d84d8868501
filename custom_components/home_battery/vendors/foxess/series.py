"""What Fox ESS history and reports answer, typed (Fox ESS notes 1.7)."""

import asyncio
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from ...battery.fields import number
from ...transport.errors import TransientError
from .models import RealTime, parse_time

# What the inverter gives on its AC side, battery included.
YIELD: Final = "generation"
# What reports call the common energies.
ENERGIES: Final = {
    "battery_energy_charged": "chargeEnergyToTal",
    "battery_energy_discharged": "dischargeEnergyToTal",
    "grid_energy_imported": "gridConsumption",
    "grid_energy_exported": "feedin",
    "load_energy": "loads",
    "pv_energy": "PVEnergyTotal",
}
# What no house has: above it, the high bits of a 32-bit counter are noise.
_MAX_HOUSE_KW: Final = 200.0


async def parse_series(data: object, serial: str) -> list[RealTime]:
    """Read `history/query`: a series for each variable becomes a record for each time.

    A day has thousands of values, so others get the loop between two series.
    """
    records: dict[datetime, dict[str, object]] = {}
    times: dict[str, datetime | None] = {}
    for device in objects(data):
        for series in objects(device.get("datas")):
            name = str(series.get("variable")).lower()
            for item in objects(series.get("data")):
                if not isinstance(text := item.get("time"), str):
                    continue
                if text not in times:
                    times[text] = parse_time(text)
                if (at := times[text]) is not None:
                    records.setdefault(at, {})[name] = item.get("value")
            await asyncio.sleep(0)
    return [
        RealTime(serial=serial, time=at, values=values)
        for at, values in records.items()
    ]


def parse_moments(data: object, serial: str) -> list[RealTime]:
    """Read `gmax/history/query`, where each record stands by itself."""
    return [
        RealTime(
            serial=serial,
            time=parse_time(item.get("time")),
            values={str(name).lower(): value for name, value in item.items()},
        )
        for device in objects(data)
        for item in objects(device.get("datas"))
    ]


def parse_report(
    data: object, variables: Sequence[str], *, by_order: bool
) -> dict[str, list[object]]:
    """Read `report/query`: the values of each variable, slot by slot.

    Args:
        data: The answer.
        variables: What was asked for.
        by_order: The names in the answer are not to be believed, but its order.
    """
    rows = list(objects(data))
    if by_order and rows and len(rows) != len(variables):
        raise TransientError("The report has another shape than asked for")
    names = variables if by_order else [str(row.get("variable")) for row in rows]
    return {
        name: values
        for name, row in zip(names, rows, strict=False)
        if name in variables and isinstance(values := row.get("values"), list)
    }


def sound_energy(value: object, hours: float) -> float | None:
    """Return an energy in kWh that a house can have had in so many hours."""
    energy = number(value)
    if energy is None or not 0 <= round(energy, 1) <= _MAX_HOUSE_KW * hours:
        return None
    return energy


def objects(data: object) -> Iterator[Mapping[str, Any]]:
    """Yield the objects of a list; `null` is how the vendor says that there are none."""
    if data is None:
        return
    if not isinstance(data, list):
        raise TransientError("The answer has another shape than documented")
    yield from (item for item in data if isinstance(item, dict))
