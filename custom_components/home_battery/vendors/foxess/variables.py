"""The variables of the Open API beyond the common readings (Fox ESS notes, section 6)."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
import re
from typing import Final

from ...battery.fields import Field, number
from ...battery.model import Value

_PV_STRINGS = range(1, 25)
_PHASES: Final = {"r": 1, "s": 2, "t": 3}
_PACKS = (1, 2)
# A string that does not exist shows some volts of noise and no power.
_NOISE_VOLTS: Final = 10.0
_MAX_TEXT: Final = 255
_NO_CODE: Final = "-"


class Quantity(StrEnum):
    """What a variable measures; it decides unit and limit."""

    POWER = "power"
    VOLTAGE = "voltage"
    CURRENT = "current"
    FREQUENCY = "frequency"
    TEMPERATURE = "temperature"
    ENERGY = "energy"
    DAY_ENERGY = "day_energy"
    PERCENT = "soc"
    REACTIVE_POWER = "reactive_power"
    RATIO = "ratio"
    COUNT = "count"
    CODE = "code"


# The factor to our unit, and the largest magnitude that any hardware reaches.
_SCALES: Final[Mapping[Quantity, tuple[float, float]]] = {
    Quantity.POWER: (1000, 200_000),
    Quantity.VOLTAGE: (1, 2_000),
    Quantity.CURRENT: (1, 1_000),
    Quantity.FREQUENCY: (1, 100),
    Quantity.TEMPERATURE: (1, 200),
    Quantity.ENERGY: (1, 20_000_000),
    Quantity.DAY_ENERGY: (1, 4_800),
    Quantity.PERCENT: (1, 100),
    Quantity.REACTIVE_POWER: (1000, 200_000),
    Quantity.RATIO: (1, 1),
    Quantity.COUNT: (1, 10_000),
}


@dataclass(frozen=True, kw_only=True)
class Variable:
    """One variable of the vendor's table.

    Attributes:
        key: The reading's key.
        name: The vendor's name, in lower case.
        quantity: What it measures.
        text: Key of its translated name, which numbered ones share.
        number: Which string, phase or pack it belongs to.
    """

    key: str
    name: str
    quantity: Quantity
    text: str
    number: int | None = None

    def read(self, raw: Mapping[str, object]) -> Value | None:
        """Return the variable's value in our unit, `None` where there is none."""
        if self.quantity is Quantity.CODE:
            # An empty code is told too: it says that a fault is over.
            return _NO_CODE if raw.get(self.name) == "" else _text(raw.get(self.name))
        scale, limit = _SCALES[self.quantity]
        field = Field(key=self.key, names=(self.name,), scale=scale, limit=limit)
        return field.read(raw)


def _numbered(
    group: str, quantities: Mapping[str, Quantity], numbers: Mapping[str, int]
) -> Iterator[Variable]:
    """Yield the variables that exist once per string, phase or pack.

    Args:
        group: First part of the key.
        quantities: What is measured, by the vendor's name with `#` for the place.
        numbers: Our number of each place, by what the vendor puts there.
    """
    for place, number_ in numbers.items():
        for name, quantity in quantities.items():
            yield Variable(
                key=f"{group}_{number_}_{quantity}",
                name=name.replace("#", place),
                quantity=quantity,
                text=f"{group}_{quantity}",
                number=number_,
            )


def _single(key: str, name: str, quantity: Quantity) -> Variable:
    """Return a variable that exists once."""
    return Variable(key=key, name=name, quantity=quantity, text=key)


VARIABLES: Final = (
    *_numbered(
        "pv_string",
        {
            "pv#power": Quantity.POWER,
            "pv#volt": Quantity.VOLTAGE,
            "pv#current": Quantity.CURRENT,
        },
        {str(string): string for string in _PV_STRINGS},
    ),
    *_numbered(
        "phase",
        {
            "#power": Quantity.POWER,
            "#volt": Quantity.VOLTAGE,
            "#current": Quantity.CURRENT,
            "#freq": Quantity.FREQUENCY,
        },
        _PHASES,
    ),
    *_numbered("load_phase", {"loadspower#": Quantity.POWER}, _PHASES),
    *_numbered("meter_phase", {"meterpower#": Quantity.POWER}, _PHASES),
    *_numbered(
        "eps_phase",
        {
            "epspower#": Quantity.POWER,
            "epsvolt#": Quantity.VOLTAGE,
            "epscurrent#": Quantity.CURRENT,
        },
        _PHASES,
    ),
    *_numbered(
        "pack",
        {
            "soc_#": Quantity.PERCENT,
            "invbatpower_#": Quantity.POWER,
            "batvolt_#": Quantity.VOLTAGE,
            "batcurrent_#": Quantity.CURRENT,
            "battemperature_#": Quantity.TEMPERATURE,
        },
        {str(pack): pack for pack in _PACKS},
    ),
    _single("meter_power", "meterpower", Quantity.POWER),
    _single("second_meter_power", "meterpower2", Quantity.POWER),
    _single("second_meter_energy_exported", "feedin2", Quantity.ENERGY),
    _single("second_meter_energy_imported", "gridconsumption2", Quantity.ENERGY),
    _single("inverter_energy", "generation", Quantity.ENERGY),
    _single("battery_throughput", "energythroughput", Quantity.ENERGY),
    _single("inverter_energy_today", "todayyield", Quantity.DAY_ENERGY),
    _single("inverter_battery_voltage", "invbatvolt", Quantity.VOLTAGE),
    _single("bms_current", "batcurrent", Quantity.CURRENT),
    _single("max_charge_current", "maxchargecurrent", Quantity.CURRENT),
    _single("max_discharge_current", "maxdischargecurrent", Quantity.CURRENT),
    _single("ambient_temperature", "ambienttemperation", Quantity.TEMPERATURE),
    _single("boost_temperature", "boosttemperation", Quantity.TEMPERATURE),
    _single("charger_temperature", "chargetemperature", Quantity.TEMPERATURE),
    _single("dsp_temperature", "dsptemperature", Quantity.TEMPERATURE),
    _single("reactive_power", "reactivepower", Quantity.REACTIVE_POWER),
    _single("power_factor", "powerfactor", Quantity.RATIO),
    # Of old batteries what is left in kWh, of newer ones what they can hold.
    _single("residual_energy", "residualenergy", Quantity.COUNT),
    _single("fault_count", "currentfaultcount", Quantity.COUNT),
    _single("fault_codes", "currentfault", Quantity.CODE),
    _single("running_state", "runningstate", Quantity.CODE),
    _single("battery_status", "batstatus", Quantity.CODE),
    _single("battery_status_text", "batstatusv2", Quantity.CODE),
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
_KNOWN: Final = _COMMON | {variable.name for variable in VARIABLES}


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
        value = number(raw[name])
        if value is None:
            value = _text(raw[name])
        if value is not None:
            values[FIELD_PREFIX + re.sub(r"\W", "_", name)] = value
    return values


def _is_connected(raw: Mapping[str, object], string: int | None) -> bool:
    """Tell whether a PV string exists, by its power or more than noise of volts."""
    power = number(raw.get(f"pv{string}power"))
    volts = number(raw.get(f"pv{string}volt"))
    return bool(power) or (volts is not None and volts > _NOISE_VOLTS)


def _text(value: object) -> str | None:
    """Return a text that says something and fits into a state."""
    if isinstance(value, bool) or value is None:
        return None
    text = str(value).strip()
    return text if 0 < len(text) <= _MAX_TEXT else None
