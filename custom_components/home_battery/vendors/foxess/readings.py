"""From a Fox ESS record to the common readings (Fox ESS notes, section 6)."""

from collections.abc import Iterable, Mapping
import math
from typing import Final

from ...battery.fields import Field, number
from ...battery.model import Record, Status, Value
from .models import RealTime
from .variables import values_of

_KILO = 1000.0
_MAX_HOUSE_W = 200_000.0
# A glitch sets the high bits of a 32-bit counter of 0.1 kWh.
_MAX_KWH = 20_000_000.0
_MAX_CELSIUS = 200.0
_MAX_VOLTS = 2000.0
_MAX_AMPERES = 2000.0


def _power(key: str, *names: str) -> Field:
    """Return the field of a power, which comes in kW."""
    return Field(key=key, names=names, scale=_KILO, limit=_MAX_HOUSE_W)


def _energy(key: str, *names: str) -> Field:
    """Return the field of a lifetime counter in kWh."""
    return Field(key=key, names=names, limit=_MAX_KWH, least=0)


FIELDS: Final = (
    _power("pv_power", "pvpower"),
    _power("load_power", "loadspower"),
    _power("inverter_power", "generationpower"),
    _power("eps_power", "epspower"),
    _energy("battery_energy_charged", "chargeenergytotal"),
    _energy("battery_energy_discharged", "dischargeenergytotal"),
    _energy("grid_energy_imported", "gridconsumption"),
    _energy("grid_energy_exported", "feedin"),
    _energy("load_energy", "loads"),
    Field(key="battery_soh", names=("soh", "soh_1"), limit=100, least=0),
    Field(
        key="battery_temperature",
        names=("battemperature", "battemperature_1"),
        limit=_MAX_CELSIUS,
    ),
    Field(
        key="battery_voltage",
        names=("batvolt", "batvolt_1", "invbatvolt"),
        limit=_MAX_VOLTS,
    ),
    Field(
        key="battery_current",
        names=("invbatcurrent", "invbatcurrent_1"),
        limit=_MAX_AMPERES,
    ),
    Field(key="inverter_temperature", names=("invtemperation",), limit=_MAX_CELSIUS),
)
_IMPORT = _power("import", "gridconsumptionpower")
EXPORT = _power("export", "feedinpower")
_METER = _power("meter", "meterpower")
_CHARGE = _power("charge", "batchargepower")
_DISCHARGE = _power("discharge", "batdischargepower")
_BATTERY = (_power("battery", "invbatpower"),)
_BATTERY_PACKS = tuple(_power("battery", f"invbatpower_{pack}") for pack in (1, 2))
_SOC = (Field(key="soc", names=("soc",), limit=100, least=0),)
_SOC_PACKS = tuple(
    Field(key="soc", names=(f"soc_{pack}",), limit=100, least=0) for pack in (1, 2)
)
_PV_ENERGY = _energy("pv_energy", "pvenergytotal")
_YIELD = _energy("pv_energy", "generation")
_CHARGE_LIMIT = Field(key="charge", names=("maxchargecurrent",), limit=_MAX_AMPERES)
_DISCHARGE_LIMIT = Field(
    key="discharge", names=("maxdischargecurrent",), limit=_MAX_AMPERES
)

_SOURCES: Final[Mapping[str, tuple[Field, ...]]] = {
    **{field.key: (field,) for field in FIELDS},
    "grid_power": (_IMPORT, EXPORT, _METER),
    "battery_power": (*_BATTERY, *_BATTERY_PACKS, _CHARGE, _DISCHARGE),
    "battery_soc": (*_SOC, *_SOC_PACKS),
    "battery_max_charge_power": (_CHARGE_LIMIT,),
    "battery_max_discharge_power": (_DISCHARGE_LIMIT,),
    "pv_energy": (_PV_ENERGY, _YIELD),
}
_STATE_NAMES: Final = {
    "status": ("runningstate",),
    "grid_connected": ("runningstate",),
    "problem": ("runningstate", "currentfaultcount"),
}
# What a reading is worked out from beside its own fields.
_NEEDS: Final = {
    "battery_max_charge_power": ("battery_voltage",),
    "battery_max_discharge_power": ("battery_voltage",),
}

_STATES: Final[Mapping[int, Status]] = {
    160: Status.CHECKING,
    161: Status.WAITING,
    162: Status.CHECKING,
    163: Status.RUNNING,
    164: Status.OFF_GRID,
    165: Status.FAULT,
    166: Status.FAULT,
    167: Status.STANDBY,
    168: Status.UPDATING,
    169: Status.CHECKING,
    170: Status.FAULT,
}
_METERED: Final = ("grid_power", "grid_energy", "load_")
_METER_KEYS: Final = ("grid_power", "grid_energy_imported", "grid_energy_exported")
_GRID_STATES: Final = {163: True, 164: False}


def record_of(real_time: RealTime, *, has_battery: bool) -> Record:
    """Return all that one inverter's record tells."""
    raw = real_time.values
    values = common_of(raw, has_battery=has_battery)
    values |= values_of(raw, has_battery=has_battery)
    if real_time.time is not None:
        values["last_data"] = real_time.time
    return Record(time=real_time.time, values=values)


def common_of(raw: Mapping[str, object], *, has_battery: bool) -> dict[str, Value]:
    """Return the common readings of a record."""
    values: dict[str, Value] = {
        field.key: value
        for field in FIELDS
        if (value := field.read(raw)) is not None
        and (has_battery or not field.key.startswith("battery_"))
    }
    values |= _grid(raw) | _state(raw)
    if not has_battery and not any(values.get(key) for key in _METER_KEYS):
        # Without a meter the cloud sends zeros, and the yield as the load.
        values = {
            key: value for key, value in values.items() if not key.startswith(_METERED)
        }
    pv_energy = _PV_ENERGY.read(raw)
    # The cloud keeps no PV total for inverters without a battery: what they
    # yield is PV alone.
    if not has_battery and not pv_energy:
        pv_energy = _YIELD.read(raw)
    if pv_energy is not None:
        values["pv_energy"] = pv_energy
    if has_battery:
        values |= _battery(raw, values)
    return values


def record_keys(*, has_battery: bool) -> frozenset[str]:
    """Return the readings that a record can have, beside its time."""
    return frozenset(
        key
        for key in (*_SOURCES, *_STATE_NAMES)
        if has_battery or not key.startswith("battery_")
    )


def names_of(keys: Iterable[str], *, has_battery: bool) -> set[str]:
    """Return the variables, in lower case, that readings are made of."""
    wanted = set(keys)
    for key in tuple(wanted):
        wanted.update(_NEEDS.get(key, ()))
    # Only these tell whether an inverter without a battery has a meter.
    if not has_battery and any(key.startswith(_METERED) for key in wanted):
        wanted.update(_METER_KEYS)
    names = {name for key in wanted for name in _STATE_NAMES.get(key, ())}
    for key in wanted:
        names.update(name for field in _SOURCES.get(key, ()) for name in field.names)
    return names


def _grid(raw: Mapping[str, object]) -> dict[str, Value]:
    """Return the grid's power in W, positive when it imports."""
    imported, exported = _IMPORT.read(raw), EXPORT.read(raw)
    if imported is not None and exported is not None:
        return {"grid_power": round(imported - exported, 3)}
    meter = _METER.read(raw)
    return {} if meter is None else {"grid_power": meter}


def _battery(
    raw: Mapping[str, object], values: Mapping[str, Value]
) -> dict[str, Value]:
    """Return what the packs come to together."""
    result: dict[str, Value] = {}
    if (power := _battery_power(raw)) is not None:
        result["battery_power"] = power
    socs = _present(_SOC, raw) or _present(_SOC_PACKS, raw)
    if socs:
        result["battery_soc"] = round(sum(socs) / len(socs), 1)
    voltage = values.get("battery_voltage")
    for key, field in (
        ("battery_max_charge_power", _CHARGE_LIMIT),
        ("battery_max_discharge_power", _DISCHARGE_LIMIT),
    ):
        current = field.read(raw)
        if current is not None and isinstance(voltage, int | float):
            result[key] = round(current * voltage)
    return result


def _battery_power(raw: Mapping[str, object]) -> float | None:
    """Return the battery's power in W, positive when it discharges."""
    if powers := _present(_BATTERY, raw) or _present(_BATTERY_PACKS, raw):
        return round(math.fsum(powers), 3)
    charge, discharge = _CHARGE.read(raw), _DISCHARGE.read(raw)
    if charge is None or discharge is None:
        return None
    return round(discharge - charge, 3)


def _present(fields: Iterable[Field], raw: Mapping[str, object]) -> list[float]:
    """Return the values that the record has."""
    return [value for field in fields if (value := field.read(raw)) is not None]


def _state(raw: Mapping[str, object]) -> dict[str, Value]:
    """Return the inverter's state and whether it has a problem."""
    result: dict[str, Value] = {}
    state = number(raw.get("runningstate"))
    faults = number(raw.get("currentfaultcount"))
    if state is not None and (status := _STATES.get(int(state))) is not None:
        result["status"] = status.value
        if int(state) in _GRID_STATES:
            result["grid_connected"] = _GRID_STATES[int(state)]
    if state is not None or faults is not None:
        result["problem"] = bool(faults) or result.get("status") == Status.FAULT
    return result
