"""The variables of the Open API beyond the common readings (Fox ESS notes, section 6)."""

from collections.abc import Mapping
from functools import partial
import math
import re
from typing import Final

from ...battery.fields import Field, number
from ...battery.model import Value
from ...battery.variables import Quantity, numbered, single, value_of

_PHASES = (1, 2, 3)
# A string that does not exist shows some volts of noise and no power.
_NOISE_VOLTS: Final = 10.0

# The factor to our unit, and the largest magnitude that any hardware reaches.
_SCALES: Final[Mapping[Quantity, tuple[float, float]]] = {
    Quantity.POWER: (1000, 200_000),
    Quantity.VOLTAGE: (1, 2_000),
    Quantity.CURRENT: (1, 1_000),
    Quantity.FREQUENCY: (1, 100),
    Quantity.TEMPERATURE: (1, 200),
    Quantity.ENERGY: (1, 20_000_000),
    Quantity.DAY_ENERGY: (1, 4_800),
    Quantity.SOC: (1, 100),
    Quantity.REACTIVE_POWER: (1000, 200_000),
    Quantity.RATIO: (1, 1),
    Quantity.COUNT: (1, 10_000),
}


def _field(key: str, names: tuple[str, ...], quantity: Quantity) -> Field:
    """Return where a variable is found, and within which limits."""
    scale, limit = _SCALES.get(quantity, (1, math.inf))
    return Field(key=key, names=names, scale=scale, limit=limit)


_numbered = partial(numbered, make=_field)
_single = partial(single, make=_field)

VARIABLES: Final = (
    *_numbered(
        "pv_string",
        range(1, 25),
        {
            Quantity.POWER: ("pv{n}power",),
            Quantity.VOLTAGE: ("pv{n}volt",),
            Quantity.CURRENT: ("pv{n}current",),
        },
    ),
    *_numbered(
        "phase",
        _PHASES,
        {
            Quantity.POWER: ("{p}power",),
            Quantity.VOLTAGE: ("{p}volt",),
            Quantity.CURRENT: ("{p}current",),
            Quantity.FREQUENCY: ("{p}freq",),
        },
    ),
    *_numbered("load_phase", _PHASES, {Quantity.POWER: ("loadspower{p}",)}),
    *_numbered("meter_phase", _PHASES, {Quantity.POWER: ("meterpower{p}",)}),
    *_numbered(
        "eps_phase",
        _PHASES,
        {
            Quantity.POWER: ("epspower{p}",),
            Quantity.VOLTAGE: ("epsvolt{p}",),
            Quantity.CURRENT: ("epscurrent{p}",),
        },
    ),
    *_numbered(
        "pack",
        (1, 2),
        {
            Quantity.SOC: ("soc_{n}",),
            Quantity.POWER: ("invbatpower_{n}",),
            Quantity.VOLTAGE: ("batvolt_{n}",),
            Quantity.CURRENT: ("batcurrent_{n}",),
            Quantity.TEMPERATURE: ("battemperature_{n}",),
        },
    ),
    _single("meter_power", Quantity.POWER, "meterpower"),
    _single("second_meter_power", Quantity.POWER, "meterpower2"),
    _single("second_meter_energy_exported", Quantity.ENERGY, "feedin2"),
    _single("second_meter_energy_imported", Quantity.ENERGY, "gridconsumption2"),
    _single("inverter_energy", Quantity.ENERGY, "generation"),
    _single("battery_throughput", Quantity.ENERGY, "energythroughput"),
    _single("inverter_energy_today", Quantity.DAY_ENERGY, "todayyield"),
    _single("inverter_battery_voltage", Quantity.VOLTAGE, "invbatvolt"),
    _single("bms_current", Quantity.CURRENT, "batcurrent"),
    _single("max_charge_current", Quantity.CURRENT, "maxchargecurrent"),
    _single("max_discharge_current", Quantity.CURRENT, "maxdischargecurrent"),
    _single("ambient_temperature", Quantity.TEMPERATURE, "ambienttemperation"),
    _single("boost_temperature", Quantity.TEMPERATURE, "boosttemperation"),
    _single("charger_temperature", Quantity.TEMPERATURE, "chargetemperature"),
    _single("dsp_temperature", Quantity.TEMPERATURE, "dsptemperature"),
    _single("reactive_power", Quantity.REACTIVE_POWER, "reactivepower"),
    _single("power_factor", Quantity.RATIO, "powerfactor"),
    # Of old batteries what is left in kWh, of newer ones what they can hold.
    _single("residual_energy", Quantity.COUNT, "residualenergy"),
    _single("fault_count", Quantity.COUNT, "currentfaultcount"),
    _single("fault_codes", Quantity.FAULT, "currentfault"),
    _single("running_state", Quantity.CODE, "runningstate"),
    _single("battery_status", Quantity.CODE, "batstatus"),
    _single("battery_status_text", Quantity.CODE, "batstatusv2"),
)
FIELD_PREFIX: Final = "foxess_"
# What the common readings are made of needs no entity of its own.
_COMMON: Final = frozenset(
    {
        "pvpower",
        "loadspower",
        "generationpower",
        "epspower",
        "feedinpower",
        "gridconsumptionpower",
        "batchargepower",
        "batdischargepower",
        "invbatpower",
        "invbatcurrent",
        "soc",
        "soh",
        "battemperature",
        "batvolt",
        "invtemperation",
        "chargeenergytotal",
        "dischargeenergytotal",
        "gridconsumption",
        "feedin",
        "loads",
        "pvenergytotal",
    }
)
_KNOWN: Final = _COMMON.union(*(variable.names for variable in VARIABLES))


def values_of(raw: Mapping[str, object], *, has_battery: bool) -> dict[str, Value]:
    """Return what a record tells beyond the common readings.

    A variable that the table does not know is a field under the vendor's name.
    """
    values: dict[str, Value] = {}
    for variable in VARIABLES:
        if not has_battery and variable.key.startswith(("pack_", "battery_", "bms_")):
            continue
        if variable.text.startswith("pv_string_") and not _is_connected(
            raw, variable.number
        ):
            continue
        if (value := variable.read(raw)) is not None:
            values[variable.key] = value
    for name in raw.keys() - _KNOWN:
        if (value := value_of(raw[name])) is not None:
            values[FIELD_PREFIX + re.sub(r"\W", "_", name)] = value
    return values


def _is_connected(raw: Mapping[str, object], string: int | None) -> bool:
    """Tell whether a PV string exists, by its power or more than noise of volts."""
    power = number(raw.get(f"pv{string}power"))
    volts = number(raw.get(f"pv{string}volt"))
    return bool(power) or (volts is not None and volts > _NOISE_VOLTS)
