"""What a Growatt account has, as devices of the house (Growatt notes, 1.3 and 1.4)."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Final

from homeassistant.util import dt as dt_util

from ...battery.model import Device, Role
from .families import (
    BOOST,
    DATALOGGER,
    ENV,
    HPS,
    INVERTER,
    MAX,
    METER,
    MIN,
    NEXA,
    NOAH,
    PBD,
    PCS,
    SPA,
    SPH,
    SPH_S,
    STORAGE,
    WIT,
    Family,
)
from .models import Attached, DeviceEntry, Logger, Plant, PlantDetails

PLANT: Final = "plant"
_NAMES: Final = {
    INVERTER: "inverter",
    STORAGE: "storage",
    MAX: "MAX",
    SPH: "SPH",
    SPA: "SPA",
    MIN: "MIN",
    PCS: "PCS",
    HPS: "HPS",
    PBD: "PBD",
    BOOST: "GroBoost",
    WIT: "WIT",
    SPH_S: "SPH-S",
    NOAH: "NOAH",
    NEXA: "NEXA",
    METER: "meter",
    ENV: "environment sensor",
    DATALOGGER: "data logger",
}
_HOUR: Final = timedelta(hours=1)


def house(plant: Plant, details: PlantDetails | None) -> Device:
    """Return a plant as a house."""
    return Device(
        kind=PLANT,
        id=plant.id,
        role=Role.HOUSE,
        name=plant.name,
        time_zone=None if details is None else zone_of(details),
    )


def zone_of(details: PlantDetails) -> str | None:
    """Return the zone of a plant, `None` where it is that of Home Assistant.

    A bare offset does not tell whether it follows summer time. So it counts only
    where it is not that of Home Assistant's zone at any time of the year.
    """
    if details.time_zone is not None or details.offset is None:
        return details.time_zone
    new_year = dt_util.now().replace(month=1, day=1)
    offset = details.offset.utcoffset(None)
    if offset in {new_year.utcoffset(), new_year.replace(month=7).utcoffset()}:
        return None
    if offset % _HOUR:
        return None
    # These names count to the west.
    return f"Etc/GMT{-(offset // _HOUR):+d}"


def device_of(
    entry: DeviceEntry, family: Family, role: Role, parent: Device | None
) -> Device:
    """Return an entry of the lists as a device."""
    return Device(
        kind=family.key,
        id=entry.serial,
        role=role,
        name=f"Growatt {_NAMES[family]}",
        serial=entry.serial,
        parent=None if parent is None else parent.key,
        time_zone=None if parent is None else parent.time_zone,
    )


def logger_of(logger: Logger, plant: Device, behind: str | None) -> Device:
    """Return a data logger, with the key of a device that reports through it."""
    return Device(
        kind=DATALOGGER.key,
        id=logger.serial,
        role=Role.PART,
        name=f"Growatt {_NAMES[DATALOGGER]}",
        model=logger.model,
        serial=logger.serial,
        parent=plant.key,
        time_zone=plant.time_zone,
        vendor_id=behind,
    )


def attached_of(attached: Attached, family: Family, plant: Device) -> Device:
    """Return a meter or a sensor, which has no serial number but an address.

    A meter is no part, because what it measures is the house's grid.
    """
    return Device(
        kind=family.key,
        id=f"{attached.logger}-{attached.address}",
        role=Role.PRODUCER if family is METER else Role.PART,
        name=f"Growatt {_NAMES[family]}",
        model=attached.name,
        parent=plant.key,
        time_zone=plant.time_zone,
    )


def address_of(device: Device) -> Attached:
    """Return what a meter or a sensor is asked by."""
    logger, _, address = device.id.rpartition("-")
    return Attached(
        logger=logger, address=address, name=device.model, kind=None, online=None
    )


def role_of(family: Family, *, has_battery: bool) -> Role:
    """Return what a device of a family is to the house."""
    if family.has_battery is None:
        return Role.SYSTEM if has_battery else Role.PRODUCER
    return Role.SYSTEM if family.has_battery else Role.PRODUCER


def anchors(devices: Iterable[Device]) -> list[str]:
    """Return the ids that an account can be known by, the best first: its plants'."""
    return [
        device.id
        for device in sorted(devices, key=lambda one: (one.kind != PLANT, one.id))
    ]
