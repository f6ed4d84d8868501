"""What a Fox ESS account has, as devices of the house (Fox ESS notes, 1.5)."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Final

from ...battery.model import Device, Role
from ..naming import distinct
from .models import DeviceDetail, DeviceEntry, Plant

ACCOUNT: Final = "account"
STATION: Final = "station"
INVERTER: Final = "inverter"


def stations(plants: Sequence[Plant]) -> list[Device]:
    """Return the stations as houses."""
    return [
        Device(
            kind=STATION,
            id=plant.id,
            role=Role.HOUSE,
            name=plant.name,
            time_zone=plant.time_zone,
        )
        for plant in plants
    ]


def inverters(entries: Sequence[DeviceEntry], plants: Sequence[Plant]) -> list[Device]:
    """Return the inverters, by whether they have a battery."""
    zones = zones_of(plants)
    return distinct(
        Device(
            kind=INVERTER,
            id=entry.serial,
            role=Role.SYSTEM if entry.has_battery else Role.PRODUCER,
            name=f"Fox ESS {entry.model or 'inverter'}",
            model=entry.model,
            serial=entry.serial,
            parent=station_key(entry.station),
            time_zone=zones.get(entry.station),
        )
        for entry in entries
    )


def account_of(devices: Sequence[Device]) -> list[Device]:
    """Return what stands for the account itself, unless there is nothing to name it by.

    It has the id that the entry has.
    """
    return [
        Device(kind=ACCOUNT, id=anchor, role=Role.ACCOUNT, name="Fox ESS account")
        for anchor in anchors(devices)[:1]
    ]


def anchors(devices: Iterable[Device]) -> list[str]:
    """Return the ids that an account can be known by, the best first.

    They are those of its stations, without any those of its inverters, and
    only then those of what else there is.
    """
    ranks = {STATION: 0, INVERTER: 1}
    return [
        device.id
        for device in sorted(devices, key=lambda one: (ranks.get(one.kind, 2), one.id))
    ]


def zones_of(plants: Sequence[Plant]) -> dict[str | None, str | None]:
    """Return the time zone of each station, by its id."""
    return {plant.id: plant.time_zone for plant in plants}


def station_key(station: str | None) -> str | None:
    """Return the key of a station as a device."""
    return f"{STATION}_{station}" if station else None


def inverter_key(serial: str) -> str:
    """Return the key of an inverter as a device."""
    return f"{INVERTER}_{serial}"


def described(device: Device, detail: DeviceDetail) -> Device:
    """Return the device with what its detail says."""
    return replace(
        device,
        rated_power=detail.rated_power,
        capacity=detail.battery_capacity,
        sw_version=detail.manager_version or detail.master_version,
        hw_version=detail.hardware_version,
    )


def with_nameplate(device: Device, known: Device) -> Device:
    """Return the device with what was known before, where its detail fails."""
    return replace(
        device,
        rated_power=known.rated_power,
        capacity=known.capacity,
        sw_version=known.sw_version,
        hw_version=known.hw_version,
    )
