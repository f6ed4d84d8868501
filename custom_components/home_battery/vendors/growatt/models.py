"""What the Growatt cloud tells of plants and devices, typed; parsers forgive."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timezone, tzinfo
import re
from typing import Any, Final, Self

from ...battery.fields import number
from ...transport.errors import TransientError
from .families import MAX, Family, family_of_check, family_of_v1, family_of_v4
from .times import moment_of, offset_of

_ZONE: Final = re.compile(r"[A-Za-z]+(?:/[A-Za-z0-9_+-]+)+")


def mapping(data: object) -> Mapping[str, Any]:
    """Return the data if it is an object; where there is nothing, it is a text."""
    if not isinstance(data, dict):
        raise TransientError("The answer has another shape than documented")
    return data


def _text(data: Mapping[str, Any], *keys: str) -> str | None:
    """Return the first text that says something."""
    for key in keys:
        value = data.get(key)
        if isinstance(value, str | int | float) and str(value).strip():
            return str(value).strip()
    return None


def _identity(data: Mapping[str, Any], *keys: str) -> str:
    """Return a text or a number without which the object is of no use."""
    if (value := _text(data, *keys)) is None:
        raise TransientError(f"The answer lacks {keys[0]}")
    return value


def _word(data: Mapping[str, Any], *keys: str) -> str | None:
    """Return the first text that says something, which no number does."""
    return _text(
        {key: data[key] for key in keys if isinstance(data.get(key), str)}, *keys
    )


def _serial(data: Mapping[str, Any], *keys: str) -> str:
    """Return a serial number, which is a text.

    What is no text is no identity either: it would be taken for another device.
    """
    if (value := _word(data, *keys)) is None:
        raise TransientError(f"The answer lacks {keys[0]}")
    return value


def _online(data: Mapping[str, Any]) -> bool | None:
    """Return what `lost` denies, which is a boolean or the text of one."""
    if (lost := data.get("lost")) is None:
        return None
    return str(lost).lower() not in {"1", "true"}


@dataclass(frozen=True, kw_only=True)
class Plant:
    """A power station."""

    id: str
    name: str

    @classmethod
    def parse(cls, data: object) -> Self:
        """Read one item of `plant/list`."""
        data = mapping(data)
        plant = _identity(data, "plant_id")
        return cls(id=plant, name=_text(data, "name") or plant)


@dataclass(frozen=True, kw_only=True)
class PlantDetails:
    """Where a plant is, as far as its clock is concerned.

    Attributes:
        time_zone: Its zone by name, which the vendor hardly ever tells.
        offset: Its offset, of which is not known whether it follows summer time.
    """

    time_zone: str | None
    offset: timezone | None

    @classmethod
    def parse(cls, data: object) -> Self:
        """Read `plant/details`."""
        zone = _text(mapping(data), "timezone")
        named = zone is not None and _ZONE.fullmatch(zone) is not None
        return cls(time_zone=zone if named else None, offset=offset_of(zone))


@dataclass(frozen=True, kw_only=True)
class PlantData:
    """What a plant's inverters give together.

    Attributes:
        time: When the plant's data came last.
        current_power: In kW or W, which the vendor leaves open (notes, 0.4).
        energy_today: In kWh, reset late.
        energy_total: In kWh, at night at times 0.
    """

    time: datetime | None
    current_power: float | None
    energy_today: float | None
    energy_total: float | None

    @classmethod
    def parse(cls, data: object) -> Self:
        """Read `plant/data`, whose numbers may be texts."""
        data = mapping(data)
        zone = offset_of(data.get("timezone"))
        return cls(
            time=zone and moment_of(data.get("last_update_time"), zone),
            current_power=number(data.get("current_power")),
            energy_today=number(data.get("today_energy")),
            energy_total=number(data.get("total_energy")),
        )


@dataclass(frozen=True, kw_only=True)
class PowerPoint:
    """The power of a plant in W at one moment."""

    time: datetime
    power: float

    @classmethod
    def parse_all(cls, data: object, zone: tzinfo) -> list[Self]:
        """Read `plant/power`, which is in no order and empty where nothing is yet."""
        items = mapping(data).get("powers")
        points = [
            cls(time=time, power=power)
            for item in (items if isinstance(items, list) else [])
            if isinstance(item, dict)
            and (time := moment_of(item.get("time"), zone)) is not None
            and (power := number(item.get("power"))) is not None
        ]
        return sorted(points, key=lambda point: point.time)


@dataclass(frozen=True, kw_only=True)
class DayEnergy:
    """What a plant's PV gave on a day of its own zone, in kWh."""

    day: date
    energy: float

    @classmethod
    def parse_all(cls, items: Iterable[Mapping[str, Any]]) -> list[Self]:
        """Read the `energys` of `plant/energy` by days."""
        days: list[Self] = []
        for item in items:
            try:
                day = date.fromisoformat(str(item.get("date")))
            except ValueError:
                continue
            if (energy := number(item.get("energy"))) is not None:
                days.append(cls(day=day, energy=energy))
        return days


@dataclass(frozen=True, kw_only=True)
class DeviceEntry:
    """A device in the lists of API v1 and v4.

    Attributes:
        serial: Its serial number.
        family: Its family; `None` where we know none.
        plant: The id of its plant, which only v1 tells.
        logger: The serial number of the data logger that speaks for it.
        model: A code of its model, which only v1 tells.
        online: Whether it is, which only v1 tells.
        in_v1: It is in the list of API v1.
        in_v4: It is in the list of API v4.
    """

    serial: str
    family: Family | None
    plant: str | None = None
    logger: str | None = None
    model: str | None = None
    online: bool | None = None
    in_v1: bool = False
    in_v4: bool = False

    @classmethod
    def parse_v1(cls, data: object, plant: str) -> Self:
        """Read one item of `device/list` of a plant."""
        data = mapping(data)
        return cls(
            serial=_serial(data, "device_sn"),
            family=family_of_v1(number(data.get("type"))),
            plant=plant,
            logger=_text(data, "datalogger_sn"),
            model=_text(data, "model"),
            online=_online(data),
            in_v1=True,
        )

    @classmethod
    def parse_v4(cls, data: object) -> Self:
        """Read one item of `queryDeviceList`."""
        data = mapping(data)
        return cls(
            serial=_serial(data, "deviceSn"),
            family=family_of_v4(_text(data, "deviceType")),
            logger=_text(data, "datalogSn"),
            in_v4=True,
        )

    def joined(self, other: DeviceEntry) -> DeviceEntry:
        """Return what two lists say together of one device.

        A MAX is listed as an inverter too, and v4 knows families that v1 does not.
        """
        families = [entry.family for entry in (self, other) if entry.family]
        if MAX in families:
            families = [MAX]
        return replace(
            self,
            family=families[0] if families else None,
            plant=self.plant or other.plant,
            logger=self.logger or other.logger,
            model=self.model or other.model,
            online=other.online if self.online is None else self.online,
            in_v1=self.in_v1 or other.in_v1,
            in_v4=self.in_v4 or other.in_v4,
        )


def join(entries: Iterable[DeviceEntry]) -> dict[str, DeviceEntry]:
    """Return each device once, by serial number; what is said first counts first."""
    devices: dict[str, DeviceEntry] = {}
    for entry in entries:
        known = devices.get(entry.serial)
        devices[entry.serial] = known.joined(entry) if known else entry
    return devices


@dataclass(frozen=True, kw_only=True)
class Logger:
    """A data logger of a plant."""

    serial: str
    model: str | None
    online: bool | None

    @classmethod
    def parse(cls, data: object) -> Self:
        """Read one item of `device/datalogger/list`."""
        data = mapping(data)
        return cls(
            serial=_serial(data, "sn", "datalogger_sn"),
            model=_text(data, "model"),
            online=_online(data),
        )


@dataclass(frozen=True, kw_only=True)
class Attached:
    """A meter or a sensor on the bus of a data logger, with no serial number.

    Attributes:
        logger: The serial number of the logger.
        address: Its address on the bus.
        name: The vendor's name for its kind.
        kind: The vendor's number for its kind.
        online: Whether it answers.
    """

    logger: str
    address: str
    name: str | None
    kind: int | None
    online: bool | None

    @classmethod
    def parse(cls, data: object, logger: str) -> Self:
        """Read one item of `meter_list` or `env_list`, in either spelling."""
        data = mapping(data)
        kind = number(_text(data, "device_type", "deviceType"))
        return cls(
            logger=_word(data, "datalog_sn", "datalogSn") or logger,
            address=_identity(data, "address"),
            name=_text(data, "device_name", "deviceName"),
            kind=None if kind is None else int(kind),
            online=_online(data),
        )


@dataclass(frozen=True, kw_only=True)
class CheckedSerial:
    """What a serial number says: family, model and rated power in W."""

    family: Family | None
    model: str | None
    rated_power: float | None

    @classmethod
    def parse(cls, data: object) -> Self:
        """Read `device/check/sn`."""
        data = mapping(data)
        model = _word(data, "model")
        return cls(
            family=family_of_check(number(data.get("deviceType")), model),
            model=model,
            rated_power=number(data.get("normalPower")) or None,
        )
