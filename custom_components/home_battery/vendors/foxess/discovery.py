"""What a Fox ESS account has, as devices of the house (Fox ESS notes, 1.5)."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from ...battery.model import Device, Role
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
    zones = {plant.id: plant.time_zone for plant in plants}
    models = [entry.model for entry in entries]
    return [
        Device(
            kind=INVERTER,
            id=entry.serial,
            role=Role.SYSTEM if entry.has_battery else Role.PRODUCER,
            name=_name(entry, unique=models.count(entry.model) == 1),
            model=entry.model,
            serial=entry.serial,
            parent=station_key(entry.station),
            time_zone=zones.get(entry.station or ""),
        )
        for entry in entries
    ]


def account_of(devices: Sequence[Device]) -> list[Device]:
    """Return what stands for the account itself, unless there is nothing to name it by.

    It has the id that the entry has: that of the first station or inverter.
    """
    anchors = [device.id for device in devices if device.role is Role.HOUSE] or [
        device.id for device in devices
    ]
    return [
        Device(kind=ACCOUNT, id=anchor, role=Role.ACCOUNT, name="Fox ESS account")
        for anchor in sorted(anchors)[:1]
    ]


def station_key(station: str | None) -> str | None:
    """Return the key of a station as a device."""
    return f"{STATION}_{station}" if station else None


def _name(entry: DeviceEntry, *, unique: bool) -> str:
    """Return a name for people: the model, with the serial's end among equals."""
    name = f"Fox ESS {entry.model or 'inverter'}"
    return name if unique else f"{name} {entry.serial[-4:]}"


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
