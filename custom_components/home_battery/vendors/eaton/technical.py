"""What only the technician's account is told (Eaton notes, 1.5)."""

from collections.abc import Iterator, Mapping
from functools import partial
import math
from typing import Any, Final

from ...battery.fields import Field, number
from ...battery.model import Value
from ...battery.variables import Quantity, Variable, numbered, single
from .models import Unit, mapping, mappings, text, whole

_PHASES: Final = (1, 2, 3)
_LETTERS: Final = "RST"
# A 0 of these is a reading that failed, not a cold or empty battery.
_NO_ZERO: Final = frozenset({0.0})
_NEVER_ZERO: Final = {Quantity.TEMPERATURE}
_LIMITS: Final[Mapping[Quantity, float]] = {
    Quantity.POWER: 50_000,
    Quantity.REACTIVE_POWER: 50_000,
    Quantity.VOLTAGE: 2_000,
    Quantity.CURRENT: 1_000,
    Quantity.FREQUENCY: 100,
    Quantity.TEMPERATURE: 150,
    Quantity.RATIO: 1,
    Quantity.LOAD: 100,
}


def _field(key: str, names: tuple[str, ...], quantity: Quantity) -> Field:
    """Return where a variable is found, and what of it cannot be."""
    return Field(
        key=key,
        names=names,
        limit=_LIMITS.get(quantity, math.inf),
        sentinels=_NO_ZERO if quantity in _NEVER_ZERO else frozenset(),
    )


_single = partial(single, make=_field)
_numbered = partial(numbered, make=_field)

# Common readings that only the technician's account is told.
COMMON: Final = (
    _single("inverter_power", Quantity.POWER, "inverterPower"),
    _single("inverter_temperature", Quantity.TEMPERATURE, "inverterTemperature"),
    _single("battery_temperature", Quantity.TEMPERATURE, "bmsTemperature"),
)
VOLTAGE: Final = Field(
    key="battery_voltage", names=("bmsVoltage",), limit=2_000, sentinels=_NO_ZERO
)
CELLS: Final = tuple(
    Field(key=f"{which}_cell_voltage", names=(name,), scale=0.001, least=1, limit=10)
    for which, name in (
        ("highest", "bmsHighestCellVoltage"),
        ("lowest", "bmsLowestCellVoltage"),
    )
)
CHARGES: Final = tuple(
    Field(key=f"battery_{which}_total", names=(name,), least=0, sentinels=_NO_ZERO)
    for which, name in (
        ("charge", "bmsTotalCharge"),
        ("discharge", "bmsTotalDischarge"),
    )
)
_METERS: Final = {1: "meter_phase", 2: "second_meter_phase"}
_OF_METER: Final = {
    Quantity.POWER: "activePower",
    Quantity.VOLTAGE: "voltage",
    Quantity.CURRENT: "current",
    Quantity.REACTIVE_POWER: "reactivePower",
    Quantity.FREQUENCY: "frequency",
}
# The version of a protocol by which the unit's portal shows a second string.
_TWO_STRINGS: Final = "1.1"
_SECOND_STRING: Final = "pv_string_2"
_STRINGS: Final = "pv_string_"
_OTHER_PHASES: Final = ("phase_2_", "phase_3_")

VARIABLES: Final[tuple[Variable, ...]] = (
    _single("grid_frequency", Quantity.FREQUENCY, "gridFrequency"),
    *_numbered(
        "phase",
        (1,),
        {Quantity.VOLTAGE: ("gridVoltage",), Quantity.CURRENT: ("currentToGrid",)},
    ),
    *_numbered(
        "pv_string",
        (1, 2),
        {Quantity.VOLTAGE: ("pv{n}Voltage",), Quantity.CURRENT: ("pv{n}Current",)},
    ),
    _single("bus_voltage", Quantity.VOLTAGE, "busVoltage"),
    # Which way is plus is not known, so it is not the common reading.
    _single("bms_current", Quantity.CURRENT, "bmsCurrent"),
    _single("battery_average_temperature", Quantity.TEMPERATURE, "bmsAvgTemperature"),
    _single("battery_max_temperature", Quantity.TEMPERATURE, "bmsMaxTemperature"),
    _single("battery_min_temperature", Quantity.TEMPERATURE, "bmsMinTemperature"),
    # In a unit that nobody has told.
    *(
        Variable(
            field=_field(
                f"phase_{place}_dc_injection",
                (f"dcCurrentInjection{letter}",),
                Quantity.COUNT,
            ),
            quantity=Quantity.COUNT,
            text="phase_dc_injection",
            number=place,
        )
        for place, letter in zip(_PHASES, _LETTERS, strict=True)
    ),
    _single("grid_code", Quantity.CODE, "gridCode"),
    *(
        variable
        for place, group in _METERS.items()
        for variable in (
            *_numbered(
                group,
                _PHASES,
                {
                    quantity: (f"meter{place}.{{n}}.{name}",)
                    for quantity, name in _OF_METER.items()
                },
            ),
            *(
                Variable(
                    field=_field(
                        f"{group}_{phase}_power_factor",
                        (f"meter{place}.{phase}.powerFactor",),
                        Quantity.RATIO,
                    ),
                    quantity=Quantity.RATIO,
                    text=f"{group}_power_factor",
                    number=phase,
                )
                for phase in _PHASES
            ),
        )
    ),
)
CPU: Final = _single("cpu_load", Quantity.LOAD, "used")


def technical_values(raw: Any, unit: Unit) -> dict[str, Value]:
    """Return the readings of the technical status, without what the unit lacks."""
    flat = {**mapping(raw), **dict(_flat_meters(mapping(raw).get("meters")))}
    values: dict[str, Value | None] = {
        variable.key: variable.read(flat) for variable in (*COMMON, *VARIABLES)
    }
    for field in (VOLTAGE, *CELLS, *CHARGES):
        values[field.key] = field.read(flat)
    highest, lowest = (number(values[field.key]) for field in CELLS)
    if highest is not None and lowest is not None:
        values["cell_voltage_difference"] = round(highest - lowest, 3)
    if (frequency := number(values["grid_frequency"])) is not None:
        # The one 0 that is true: so an outage looks.
        values["grid_connected"] = frequency > 0
    if "bmsFaultCode" in flat:
        codes = flat["bmsFaultCode"]
        told = codes if isinstance(codes, list) else []
        values["fault_codes"] = ", ".join(map(str, told)) or "-"
    lacks: tuple[str, ...] = () if unit.has_pv else (_STRINGS,)
    if text(flat.get("tidaProtocolVersion")) != _TWO_STRINGS:
        lacks += (_SECOND_STRING,)
    if unit.single_phase:
        lacks += _OTHER_PHASES
    return {
        key: value
        for key, value in values.items()
        if value is not None and not key.startswith(lacks)
    }


def diagnostic_values(raw: Any, _unit: Unit) -> dict[str, Value]:
    """Return how busy and how full the unit's small computer is, in %."""
    raw = mapping(raw)
    ram = mapping(raw.get("ramUsage"))
    disks = [
        share
        for disk in mappings(mapping(raw.get("diskUsage")).get("partition"))
        if (share := _share(disk.get("used"), disk.get("size"))) is not None
    ]
    values: dict[str, Value | None] = {
        CPU.key: CPU.read(mapping(raw.get("cpuUsage"))),
        "memory_load": _share(ram.get("used"), ram.get("total")),
        "disk_load": max(disks, default=None),
    }
    return {key: value for key, value in values.items() if value is not None}


def _flat_meters(meters: object) -> Iterator[tuple[str, object]]:
    """Yield what the meters tell, by meter, phase and name."""
    for meter in mappings(meters):
        place = whole(meter.get("number"))
        for phase in mappings(meter.get("phases")):
            letter = text(phase.get("phaseType"))
            if letter is None or letter not in _LETTERS:
                continue
            for name, value in phase.items():
                yield f"meter{place}.{_LETTERS.index(letter) + 1}.{name}", value


def _share(part: object, whole_of: object) -> float | None:
    """Return a part of a whole in %."""
    some, everything = number(part), number(whole_of)
    if some is None or not everything:
        return None
    return round(some / everything * 100, 1)
