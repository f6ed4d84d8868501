"""From a Growatt record of any family to the common readings (Growatt notes, section 5).

A record's own `lost` is not believed: the documents show it set beside the status
"Normal" and a running power. Whether a device is lost, the lists of devices say; whether
what it says is live, the record's time, for the cloud repeats the last one. The counters
of a day are left to the vendor's fields: they show yesterday's value for a while after
midnight, so that today's energies come from the guarded lifetime counters instead.
"""

from collections.abc import Mapping
from datetime import datetime, tzinfo
import math
from typing import Final

from ...battery.fields import number
from ...battery.model import Record, Value
from . import noah
from .measures import MEASURES, OUTPUT_ENERGY
from .status import state_of
from .sums import lowered, read
from .times import moment_of
from .variables import values_of

NOAHS: Final = frozenset({"noah", "nexa"})

_TIMES: Final = (
    "time",
    "timetext",
    "lastupdatetime",
    "last_update_time",
    "calendar",
    "timecalendar",
)
# What these list themselves of being there is believed.
_LISTED: Final = frozenset({"datalogger", "meter", "env"})
_BATTERY_PROOF: Final = (
    "battery_soc",
    "battery_power",
    "battery_voltage",
    "battery_energy_charged",
    "battery_energy_discharged",
)
_METER_PROOF: Final = ("grid_power", "grid_energy_imported", "grid_energy_exported")
_METERED: Final = ("grid_", "load_")
# Of these, 0 means that nothing measures them.
_NEVER_ZERO: Final = (
    "battery_soh",
    "battery_voltage",
    "battery_temperature",
    "battery_cycles",
    "inverter_temperature",
)
_ENERGY: Final = "_energy"
# What stays true of a device that is lost.
_LASTING: Final = frozenset({"battery_soc", "battery_soh", "battery_cycles"})


def record_of(
    family: str, raw: Mapping[str, object], *, zone: tzinfo, lost: bool = False
) -> Record:
    """Return all that one record tells.

    Args:
        family: The family of the device that sent it, or `plant`.
        raw: The record, by the vendor's names, of whichever version of the API.
        zone: The plant's zone, by whose clock most times are written.
        lost: The vendor lists the device as lost, so that nothing is live.
    """
    fields = lowered(raw)
    time = time_of(family, fields, zone)
    values = common_of(family, fields)
    has_battery = any(key.startswith("battery_") for key in values)
    values |= values_of(family, raw, has_battery=has_battery)
    values |= state_of(family, fields)
    if lost:
        values = {
            key: value
            for key, value in values.items()
            if _ENERGY in key or key in _LASTING
        }
    if family in _LISTED and (gone := _flag(fields.get("lost"))) is not None:
        values["online"] = not (gone or lost)
    if time is not None:
        values["last_data"] = time
    return Record(time=time, values=values)


def time_of(family: str, record: Mapping[str, object], zone: tzinfo) -> datetime | None:
    """Return a record's own time.

    The text by the plant's clock comes first: what is counted in milliseconds beside
    it was made of that text by the server's clock.
    """
    if family in NOAHS:
        return noah.time_of(record, zone)
    moments = (moment_of(record.get(name), zone) for name in _TIMES)
    return next(filter(None, moments), None)


def common_of(family: str, record: Mapping[str, object]) -> dict[str, Value]:
    """Return the common readings of a record, by names in lower case."""
    values = {
        key: value
        for key, sums in MEASURES.get(family, {}).items()
        if (value := read(sums, record)) is not None
    }
    if family in NOAHS:
        return _sound(noah.refined(record, values))
    has_battery = any(values.get(key) for key in _BATTERY_PROOF)
    if not has_battery:
        values = _without(values, "battery_", "eps_")
        # What such an inverter puts out is PV alone, and some count nothing else.
        output = read(OUTPUT_ENERGY, record)
        if "pv_energy" in values and not values["pv_energy"] and output:
            values["pv_energy"] = output
    if not any(values.get(key) for key in _METER_PROOF):
        # Without a meter the cloud sends zeros, and the yield as the load.
        values = _without(values, *_METERED)
    if family == "meter":
        # Most makes leave most fields at 0.
        values = {
            key: value for key, value in values.items() if value or key == "grid_power"
        }
    if family == "spa" and not values.get("pv_power") and not values.get("pv_energy"):
        values = _without(values, "pv_")
    return _sound(values)


def _sound(values: Mapping[str, float]) -> dict[str, Value]:
    """Return readings without those that another one belies."""
    result: dict[str, Value] = {
        key: value for key, value in values.items() if value or key not in _NEVER_ZERO
    }
    power = values.get("battery_power")
    if values.get("battery_soc") == 0 and (power or values.get("battery_voltage") == 0):
        del result["battery_soc"]
    current = result.pop("battery_current", None)
    if isinstance(current, int | float) and power:
        # Families and firmwares differ in its sign; the power's is known.
        result["battery_current"] = math.copysign(current, power)
    return result


def _without(values: Mapping[str, float], *prefixes: str) -> dict[str, float]:
    """Return the values whose keys begin otherwise."""
    return {key: value for key, value in values.items() if not key.startswith(prefixes)}


def _flag(value: object) -> bool | None:
    """Return a yes or no, which comes as such, as a number or as a text."""
    if isinstance(value, bool):
        return value
    if isinstance(value, str) and value.lower() in ("true", "false"):
        return value.lower() == "true"
    counted = number(value)
    return None if counted is None else bool(counted)
