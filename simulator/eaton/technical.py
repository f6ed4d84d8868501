"""What only technicians see: the inverter's and the battery's own numbers, and the card's health."""

from datetime import timedelta
from struct import pack, unpack
from typing import TYPE_CHECKING, Final

from ..chance import fraction, smooth
from ..jsontypes import Json, JsonObject
from .alerts import BATTERY_CODES
from .meters import read_meters
from .status import battery_status, operation_mode
from .times import seconds

if TYPE_CHECKING:
    from .device import XStorage

_CELLS: Final = 24
_EMPTY_CELL_MV: Final = 3350
_FULL_CELL_MV: Final = 4150
_SPREAD_MV: Final = 9
_NOMINAL_V: Final = 92.0
_STRINGS: Final = ((0.55, 312.0), (0.45, 268.0))
_PHASES: Final = {True: {"R": 1.0}, False: {"R": 0.5, "S": 0.3, "T": 0.2}}
_VOLTS: Final = 230.0
# How often a single value cannot be read, and is 0.
_FAILED_READS: Final = 0.01
_MEASURED_AGO: Final = timedelta(seconds=53)


def technical_status(unit: XStorage) -> JsonObject:
    """Return grid, inverter, panels and battery."""
    profile, readings = unit.profile, read_meters(unit)
    volts = 0.0 if unit.outage else _wobble(unit, "volts", _VOLTS + 8, 7)
    strings = _STRINGS if readings.dc_pv and profile.has_pv else ((0.0, 0.0),) * 2
    codes: list[Json] = [
        BATTERY_CODES[code] for code in unit.fault_codes if code in BATTERY_CODES
    ]
    return {
        "operationMode": operation_mode(unit),
        "gridVoltage": _single(volts),
        "gridFrequency": 0
        if unit.outage
        else round(_wobble(unit, "hertz", 50, 0.05), 2),
        "currentToGrid": _single(abs(readings.inverter) / (volts or _VOLTS)),
        "inverterPower": round(abs(readings.inverter)),
        "inverterTemperature": _read(
            unit, "inverterTemperature", _single(31 + abs(readings.inverter) / 250)
        ),
        "busVoltage": _single(_wobble(unit, "bus", 394, 2)),
        "gridCode": profile.grid_code,
        "dcCurrentInjectionR": 0,
        "dcCurrentInjectionS": 0,
        "dcCurrentInjectionT": 0,
        "inverterModel": profile.model_name,
        "inverterPowerRating": 0,
        **{
            key: value
            for number, (share, string_volts) in enumerate(strings, 1)
            for key, value in (
                (f"pv{number}Voltage", _single(string_volts)),
                (
                    f"pv{number}Current",
                    _single(readings.dc_pv * share / (string_volts or 1)),
                ),
            )
        },
        **_battery(unit),
        "bmsFaultCode": codes or None,
        "tidaProtocolVersion": profile.tida_version,
        "invBootloaderVersion": "04.00",
        "meters": _meters(unit, volts),
    }


def diagnostics(unit: XStorage) -> JsonObject:
    """Return how full the card's disk and memory are, in bytes."""
    now = unit.house.at
    stamps = {"updatedAt": seconds(now - _MEASURED_AGO), "createdAt": 69}
    used = 14790656 + seconds(now) % 1000 * 4096
    return {
        "updatedAt": seconds(now),
        "createdAt": seconds(now),
        "diskUsage": {
            **stamps,
            "partition": [
                _partition("/", 486416384, 150028288),
                _partition("/mnt/DB", 447496192, used),
            ],
        },
        "ramUsage": {**stamps, "total": 120078336, "used": 30228480},
        "cpuUsage": {**stamps, "used": 4 + 6 * fraction(seconds(now) // 60, "cpu")},
    }


def _battery(unit: XStorage) -> JsonObject:
    """Return the battery's numbers, of which any may not have been read."""
    soc, ledger = (unit.soc or 0.0) / 100, unit.unit.ledger
    cell = round(_EMPTY_CELL_MV + (_FULL_CELL_MV - _EMPTY_CELL_MV) * soc)
    volts = _single(cell * _CELLS / 1000)
    warmth = unit.battery_temperature
    numbers = {
        "bmsVoltage": volts,
        "bmsTemperature": _single(warmth),
        "bmsMaxTemperature": _single(warmth + 1.3),
        "bmsMinTemperature": _single(warmth - 1.1),
        "bmsTotalCharge": int(ledger.charge * 1000 / _NOMINAL_V),
        "bmsTotalDischarge": int(ledger.discharge * 1000 / _NOMINAL_V),
        "bmsHighestCellVoltage": cell + _SPREAD_MV,
    }
    lowest = cell - _SPREAD_MV
    return {
        **{key: _read(unit, key, value) for key, value in numbers.items()},
        # What cannot be read is a text here now and then.
        "bmsLowestCellVoltage": _read(unit, "bmsLowestCellVoltage", lowest) or "n/a",
        "bmsCurrent": _single(abs(unit.unit.flow.battery) / volts),
        "bmsAvgTemperature": 0,
        "bmsStateOfCharge": round(100 * soc),
        "bmsState": battery_status(unit),
    }


def _meters(unit: XStorage, volts: float) -> Json:
    """Return what the meters show by phases: the grid (+ import), and the plant (+ production)."""
    readings = read_meters(unit)
    shown = (
        (unit.profile.sees_house, readings.grid),
        (unit.profile.sees_foreign_pv, readings.ac_pv),
    )
    meters: list[Json] = [
        {
            "number": number,
            "phases": [
                _phase(unit, name, watts * share, volts)
                for name, share in _PHASES[unit.profile.single_phase].items()
            ],
        }
        for number, (wired, watts) in enumerate(shown, 1)
        if wired
    ]
    return meters or None


def _phase(unit: XStorage, name: str, watts: float, volts: float) -> JsonObject:
    """Return one phase of a meter."""
    factor = 0.97
    return {
        "phaseType": name,
        "voltage": _single(volts),
        "current": _single(abs(watts) / factor / (volts or _VOLTS)),
        "activePower": _single(watts),
        "reactivePower": _single(abs(watts) * 0.25),
        "powerFactor": factor,
        "frequency": 0 if unit.outage else round(_wobble(unit, "hertz", 50, 0.05), 2),
    }


def _read(unit: XStorage, key: str, value: float) -> float:
    """Return a value, or 0 because it could not be read."""
    minute = seconds(unit.house.at) // 60
    failed = fraction(unit.serial, key, minute) < _FAILED_READS
    if failed or unit.switchboard.affects(unit.vendor, "glitch", unit.serial):
        return 0
    return value


def _wobble(unit: XStorage, key: str, middle: float, width: float) -> float:
    """Return a number that changes gently around a middle."""
    position = seconds(unit.house.at) / 300
    return middle + width * (smooth(position, unit.serial, key) - 0.5)


def _single(value: float) -> float:
    """Return a number of one decimal as single precision makes it, such as 241.40001."""
    tenths = round(value * 10)
    (single,) = unpack("f", pack("f", tenths * unpack("f", pack("f", 0.1))[0]))
    for digits in range(6, 10):
        shortest = float(f"{single:.{digits}g}")
        if unpack("f", pack("f", shortest))[0] == single:
            return shortest
    return float(single)


def _partition(name: str, size: int, used: int) -> JsonObject:
    """Return a partition in bytes."""
    return {"name": name, "free": size - used, "used": used, "size": size}
