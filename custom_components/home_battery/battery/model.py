"""Devices, records and the words that mean the same on every vendor."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from functools import cached_property
from typing import Any, Self

from .control import Control
from .schedule import ScheduleState

type Value = float | str | bool | datetime


class Mode(StrEnum):
    """What a battery system can be told to do, whoever made it."""

    SELF_CONSUMPTION = "self_consumption"
    FEED_IN_FIRST = "feed_in_first"
    BACKUP = "backup"
    FORCE_CHARGE = "force_charge"
    FORCE_DISCHARGE = "force_discharge"
    HOLD = "hold"
    PEAK_SHAVING = "peak_shaving"
    GRID_INJECTION_LIMIT = "grid_injection_limit"
    FREQUENCY_REGULATION = "frequency_regulation"
    OFF = "off"


class Status(StrEnum):
    """What a system is doing as a machine, apart from its mode."""

    RUNNING = "running"
    STANDBY = "standby"
    WAITING = "waiting"
    CHECKING = "checking"
    OFF_GRID = "off_grid"
    FAULT = "fault"
    UPDATING = "updating"
    SLEEPING = "sleeping"
    OFF = "off"


class Role(StrEnum):
    """What a device is to the house."""

    HOUSE = "house"
    SYSTEM = "system"
    PART = "part"
    PRODUCER = "producer"
    ACCOUNT = "account"


@dataclass(frozen=True, kw_only=True)
class Device:
    """One thing in Home Assistant's device registry.

    Attributes:
        kind: The vendor's word for it, part of every identifier (`inverter`).
        id: Serial number or vendor id, unique within the kind.
        role: What it is to the house.
        name: Shown to people; never translated, so that entity ids agree.
        model: The vendor's model name.
        serial: Serial number, `None` where the vendor has none.
        parent: Key of the device that this one belongs to.
        rated_power: Rated AC power in W.
        capacity: Nominal battery capacity in kWh.
        time_zone: IANA name of the zone whose wall clock the device lives by.
        totals: What it tells is what other devices of the house come to.
        vendor_id: What some of the vendor's calls name it by instead.
    """

    kind: str
    id: str
    role: Role
    name: str
    model: str | None = None
    serial: str | None = None
    sw_version: str | None = None
    hw_version: str | None = None
    parent: str | None = None
    rated_power: float | None = None
    capacity: float | None = None
    time_zone: str | None = None
    totals: bool = False
    vendor_id: str | None = None

    @cached_property
    def key(self) -> str:
        """Return the identity within the account: kind and id."""
        return f"{self.kind}_{self.id}"

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Self:
        """Read a device back from its stored form."""
        return cls(**{**data, "role": Role(data["role"])})


@dataclass(frozen=True)
class Inventory:
    """Every device of an account, parents before their children."""

    devices: Mapping[str, Device] = field(default_factory=dict)

    @classmethod
    def of(cls, devices: Iterable[Device]) -> Self:
        """Make an inventory in which parents stand before their children."""
        by_key = {device.key: device for device in devices}
        return cls(
            dict(
                sorted(
                    by_key.items(), key=lambda item: (_depth(item[1], by_key), item[0])
                )
            )
        )

    def only(self, keys: Iterable[str]) -> Inventory:
        """Return the inventory without the devices that are not named."""
        return Inventory.of(self.devices[key] for key in keys)

    def with_role(self, *roles: Role) -> list[Device]:
        """Return the devices with one of the roles."""
        return [device for device in self.devices.values() if device.role in roles]

    def members(self, house: str) -> list[Device]:
        """Return the systems and producers of a house."""
        return [
            device
            for device in self.with_role(Role.SYSTEM, Role.PRODUCER)
            if device.parent == house
        ]

    def system_of(self, key: str) -> Device | None:
        """Return the system that a device is, or is a part of."""
        device = self.devices.get(key)
        while device is not None and device.role is not Role.SYSTEM:
            device = self.devices.get(device.parent or "")
        return device


def _depth(device: Device, by_key: Mapping[str, Device]) -> int:
    """Return how many parents a device has, a missing one counting as none."""
    depth = 0
    while (parent := by_key.get(device.parent or "")) is not None:
        depth, device = depth + 1, parent
    return depth


@dataclass(frozen=True, kw_only=True)
class Happening:
    """Something that happened at a device, and is not so by now.

    Attributes:
        key: What it is about.
        type: What happened.
        attributes: What else is told of it.
    """

    key: str
    type: str
    attributes: Mapping[str, str | bool] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Record:
    """What a device sent at one moment.

    Attributes:
        time: The device's own time of it, `None` where it gives none.
        values: Readings by key, in W, kWh, %, °C, V, A; signs as in the design.
        controls: What a person can set, by key.
        schedule: The device's schedule, where it has one.
        read: When a control was read, where not just now.
        seldom: The controls that are asked for every few hours only.
        wire: The vendor's own form of the settings, to write back what is
            written whole; only the vendor looks into it.
    """

    time: datetime | None = None
    values: Mapping[str, Value] = field(default_factory=dict)
    controls: Mapping[str, Control] = field(default_factory=dict)
    schedule: ScheduleState | None = None
    read: Mapping[str, datetime] = field(default_factory=dict, compare=False)
    seldom: frozenset[str] = frozenset()
    wire: object = None

    def updated(self, values: Mapping[str, Value]) -> Record:
        """Return the record with some readings added or replaced."""
        return replace(self, values={**self.values, **values})

    def without(self, keys: Collection[str]) -> Record:
        """Return the record with some readings left out."""
        kept = {key: value for key, value in self.values.items() if key not in keys}
        return replace(self, values=kept)
