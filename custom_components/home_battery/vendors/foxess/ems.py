"""EMS: what stands above several inverters and tells what they come to (Fox ESS notes, 1.12)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final, Self

from ...battery.model import Device, Record, Role
from .discovery import station_key, zones_of
from .models import Plant, RealTime, identity, mapping, text
from .readings import EXPORT, record_of

EMS: Final = "ems"
# The name of each variable, and of the inverters' variable that means the same.
# The vendor documents the first two only; the others follow their pattern.
VARIABLES: Final[Mapping[str, str]] = {
    "totalFeedinPower": "feedinpower",
    "totalLoadsPower": "loadspower",
    "totalGridConsumptionPower": "gridconsumptionpower",
    "totalPVPower": "pvpower",
    "totalInvBatPower": "invbatpower",
    "SoC": "soc",
}
DOCUMENTED: Final = ("totalFeedinPower", "totalLoadsPower")
# The readings, and all that each of them takes.
READINGS: Final[Mapping[str, frozenset[str]]] = {
    "pv_power": frozenset({"totalPVPower"}),
    "load_power": frozenset({"totalLoadsPower"}),
    "grid_power": frozenset({"totalGridConsumptionPower", "totalFeedinPower"}),
    "battery_power": frozenset({"totalInvBatPower"}),
    "battery_soc": frozenset({"SoC"}),
}
# What `DeviceMemory` calls it when a device refuses the others.
TOTALS: Final = "ems_totals"
_MEANINGS: Final = {name.lower(): same for name, same in VARIABLES.items()}


@dataclass(frozen=True, kw_only=True)
class EmsEntry:
    """An EMS in `ems/list`; a few calls want its id instead of its serial number."""

    serial: str
    id: str | None
    station: str | None
    model: str | None

    @classmethod
    def parse(cls, data: object) -> Self:
        """Read one item of the list."""
        data = mapping(data)
        return cls(
            serial=identity(data, "emsSN"),
            id=text(data, "emsID"),
            station=text(data, "plantID"),
            model=text(data, "productType"),
        )


def ems_devices(entries: Sequence[EmsEntry], plants: Sequence[Plant]) -> list[Device]:
    """Return the EMS as systems, whose inverters stand beside them in the house."""
    zones = zones_of(plants)
    return [
        Device(
            kind=EMS,
            id=entry.serial,
            role=Role.SYSTEM,
            name="Fox ESS EMS",
            model=entry.model,
            serial=entry.serial,
            parent=station_key(entry.station),
            time_zone=zones.get(entry.station),
            totals=True,
            vendor_id=entry.id,
        )
        for entry in entries
    ]


def ems_record(real_time: RealTime) -> Record:
    """Return all that one record of an EMS tells.

    What goes into the grid is told by itself only while it takes no part in the
    grid's power, which wants the other direction too.
    """
    values = as_inverter(real_time.values)
    record = record_of(replace(real_time, values=values), has_battery=True)
    exported = EXPORT.read(values)
    if exported is None or "grid_power" in record.values:
        return record
    return record.updated({"feed_in_power": exported})


def as_inverter(values: Mapping[str, object]) -> dict[str, object]:
    """Return a record's values under the names that an inverter has for them."""
    return {_MEANINGS.get(name, name): value for name, value in values.items()}
