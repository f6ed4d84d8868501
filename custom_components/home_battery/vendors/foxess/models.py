"""What the Fox ESS Open API tells, typed; parsers forgive what has been seen."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
import re
from typing import Any, Final, Self

from ...battery.fields import number
from ...transport.errors import TransientError

# The zone's name has 0 to 5 characters and tells nothing that the offset does not.
_TIME = re.compile(
    r"(\d{4})-(\d\d)-(\d\d) (\d\d):(\d\d):(\d\d).*?([+-])(\d\d):?(\d\d)$"
)
_UNKNOWN_VERSIONS = frozenset({"", "--"})

# The schedule's numbers, in the spelling of a group.
GROUP_PARAMS: Final = (
    "minSocOnGrid",
    "fdSoc",
    "fdPwr",
    "maxSoc",
    "importLimit",
    "exportLimit",
    "pvLimit",
)
_YES: Final = frozenset({"1", "true", "enable"})
_NO: Final = frozenset({"0", "false", "disable"})
FLAT_PARAMS: Final = {0: GROUP_PARAMS[:3], 1: GROUP_PARAMS[:4]}


def mapping(data: object) -> Mapping[str, Any]:
    """Return the data if it is an object."""
    if not isinstance(data, dict):
        raise TransientError("The answer has another shape than documented")
    return data


def text(data: Mapping[str, Any], key: str) -> str | None:
    """Return a text that says something."""
    value = data.get(key)
    if value is None or str(value) in _UNKNOWN_VERSIONS:
        return None
    return str(value)


def identity(data: Mapping[str, Any], key: str) -> str:
    """Return a text without which the object is of no use.

    What is no text is no identity either: it would be taken for another object.
    """
    value = text(data, key)
    if value is None or not isinstance(data[key], str):
        raise TransientError(f"The answer lacks {key}")
    return value


def certain(data: Mapping[str, Any], key: str) -> bool:
    """Return a flag that must be one to be believed."""
    value = str(data.get(key)).lower()
    if value not in {*_YES, *_NO}:
        raise TransientError(f"The answer lacks {key}")
    return value in _YES


def truth(value: object) -> bool:
    """Return a flag that comes as a boolean, a number or a text."""
    return str(value).lower() in _YES


@dataclass(frozen=True, kw_only=True)
class Plant:
    """A power station."""

    id: str
    name: str
    time_zone: str | None

    @classmethod
    def parse(cls, data: object) -> Self:
        """Read one item of `plant/list`."""
        data = mapping(data)
        station = identity(data, "stationID")
        return cls(
            id=station,
            name=text(data, "name") or station,
            time_zone=text(data, "ianaTimezone"),
        )


@dataclass(frozen=True, kw_only=True)
class DeviceEntry:
    """An inverter in `device/list`.

    Attributes:
        station: The id of its power station.
        logger: The serial number of the data logger that it reports through.
    """

    serial: str
    model: str | None
    station: str | None
    logger: str | None
    has_battery: bool

    @classmethod
    def parse(cls, data: object) -> Self:
        """Read one item of the list."""
        data = mapping(data)
        return cls(
            serial=identity(data, "deviceSN"),
            model=text(data, "deviceType"),
            station=text(data, "stationID"),
            logger=text(data, "moduleSN"),
            has_battery=data.get("hasBattery", True) is not False,
        )


@dataclass(frozen=True, kw_only=True)
class BatteryUnit:
    """One entry of `batteryList`.

    Attributes:
        type: `bcu` for a controller, `bmu` for a pack, `ivu` for the inverter's side.
        capacity: In kWh; only packs tell it, and they do in Wh.
    """

    serial: str | None
    type: str | None
    model: str | None
    version: str | None
    capacity: float | None

    @classmethod
    def parse(cls, data: Mapping[str, Any]) -> Self:
        """Read an entry; the documents spell the capacity `capicty`."""
        capacity = number(data.get("capacity")) or number(data.get("capicty"))
        return cls(
            serial=text(data, "batterySN"),
            type=text(data, "type"),
            model=text(data, "model"),
            version=text(data, "version"),
            capacity=capacity / 1000 if capacity else None,
        )


@dataclass(frozen=True, kw_only=True)
class DeviceDetail:
    """What `device/detail` adds.

    Attributes:
        rated_power: In W.
        batteries: What the battery is made of, `None` if the detail does not tell.
    """

    rated_power: float | None
    batteries: tuple[BatteryUnit, ...] | None
    manager_version: str | None
    master_version: str | None
    hardware_version: str | None
    has_scheduler: bool

    @classmethod
    def parse(cls, data: object) -> Self:
        """Read the detail of one inverter."""
        data = mapping(data)
        kilowatts = number(data.get("capacity"))
        function = data.get("function")
        batteries = data.get("batteryList")
        return cls(
            rated_power=kilowatts * 1000 if kilowatts else None,
            batteries=tuple(
                BatteryUnit.parse(item) for item in batteries if isinstance(item, dict)
            )
            if isinstance(batteries, list)
            else None,
            manager_version=text(data, "managerVersion"),
            master_version=text(data, "masterVersion"),
            hardware_version=text(data, "hardwareVersion"),
            has_scheduler=not isinstance(function, dict)
            or function.get("scheduler") is not False,
        )

    @property
    def battery_capacity(self) -> float | None:
        """Return what the packs come to, in kWh."""
        total = sum(unit.capacity or 0 for unit in self.batteries or ())
        return round(total, 3) or None


@dataclass(frozen=True, kw_only=True)
class RealTime:
    """The latest record of one device.

    Attributes:
        serial: The device.
        time: The device's own time; `None` if it has no readable one.
        values: By the variable's name in lower case; powers still in kW.
    """

    serial: str
    time: datetime | None
    values: Mapping[str, object]

    @classmethod
    def parse(cls, data: object, name: str = "deviceSN") -> Self:
        """Read one record of `device/real/query`, or of one that names devices otherwise."""
        data = mapping(data)
        items = data.get("datas")
        return cls(
            serial=identity(data, name),
            time=parse_time(data.get("time")),
            values={
                str(item["variable"]).lower(): item.get("value")
                for item in (items if isinstance(items, list) else [])
                if isinstance(item, dict) and item.get("variable") is not None
            },
        )


def parse_time(text: object) -> datetime | None:
    """Return a device's time from a text such as `2025-09-14 18:43:09 BST+0100`."""
    if not isinstance(text, str) or (match := _TIME.match(text.strip())) is None:
        return None
    *parts, sign, hours, minutes = match.groups()
    offset = timedelta(hours=int(hours), minutes=int(minutes))
    try:
        zone = timezone(offset if sign == "+" else -offset)
        year, month, day, hour, minute, second = map(int, parts)
        return datetime(year, month, day, hour, minute, second, tzinfo=zone)
    except ValueError:
        return None


@dataclass(frozen=True, kw_only=True)
class SocLimits:
    """Minimum SOC off grid and on grid, in %."""

    minimum: float
    minimum_on_grid: float

    @classmethod
    def parse(cls, data: object) -> Self:
        """Read `battery/soc/get`; without both there is nothing to write back."""
        data = mapping(data)
        minimum = number(data.get("minSoc"))
        on_grid = number(data.get("minSocOnGrid"))
        if minimum is None or on_grid is None:
            raise TransientError("The answer lacks the SOC limits")
        return cls(minimum=minimum, minimum_on_grid=on_grid)

    def as_wire(self) -> dict[str, int]:
        """Return the body of `battery/soc/set`."""
        return {"minSoc": int(self.minimum), "minSocOnGrid": int(self.minimum_on_grid)}


@dataclass(frozen=True, kw_only=True)
class Setting:
    """One setting: its value as text, and the range or the words that it takes."""

    value: str
    minimum: float | None
    maximum: float | None
    precision: float
    options: tuple[str, ...]

    @classmethod
    def parse(cls, data: object) -> Self:
        """Read `setting/get`."""
        data = mapping(data)
        if data.get("value") is None:
            raise TransientError("The answer lacks the setting's value")
        limits = data.get("range")
        limits = limits if isinstance(limits, dict) else {}
        options = data.get("enumList")
        return cls(
            value=str(data["value"]),
            minimum=number(limits.get("min")),
            maximum=number(limits.get("max")),
            precision=number(data.get("precision")) or 1.0,
            options=tuple(map(str, options)) if isinstance(options, list) else (),
        )


@dataclass(frozen=True, kw_only=True)
class Group:
    """One group of the mode scheduler.

    Attributes:
        start: First minute of the day in force.
        end: Last minute in force: the wire's end is inclusive.
        work_mode: The vendor's word.
        params: The group's numbers, by the vendor's names.
    """

    start: int
    end: int
    work_mode: str
    params: Mapping[str, float] = field(default_factory=dict)

    @classmethod
    def parse(cls, data: Mapping[str, Any]) -> Self | None:
        """Read a group; `None` where it is an unused slot or the remaining time.

        Raises:
            TransientError: It cannot be read, and must not be taken for another.
        """
        work_mode = data.get("workMode", "")
        if work_mode in ("", "Invalid") or data.get("isRemainMode") is True:
            return None
        start, end = (_minutes(data, edge) for edge in ("start", "end"))
        if not isinstance(work_mode, str):
            raise TransientError("The answer has a group without a mode")
        if start == end == 0:
            return None
        extra = data.get("extraParam")
        source = extra if isinstance(extra, dict) else data
        return cls(
            start=start,
            end=end,
            work_mode=work_mode,
            params={
                name: value
                for name in GROUP_PARAMS
                if (value := number(source.get(name))) is not None
            },
        )

    def as_wire(self, version: int) -> dict[str, Any]:
        """Return the group as that version of the API takes it."""
        wire: dict[str, Any] = {
            "startHour": self.start // 60,
            "startMinute": self.start % 60,
            "endHour": self.end // 60,
            "endMinute": self.end % 60,
            "workMode": self.work_mode,
        }
        params = {name: int(value) for name, value in self.params.items()}
        if version < 3:
            wire["enable"] = 1
        if (flat := FLAT_PARAMS.get(version)) is not None:
            return wire | {name: params[name] for name in flat if name in params}
        return {**wire, "extraParam": params}


@dataclass(frozen=True, kw_only=True)
class Scheduler:
    """The mode scheduler as one version of the API shows it.

    Attributes:
        version: 0 to 3.
        enabled: The main switch.
        groups: The groups in use.
        modes: The vendor's mode words that the device takes.
        properties: The parameters that the device knows, in lower case.
        ranges: Minimum and maximum by parameter, in lower case.
        max_groups: How many groups the device says it holds.
    """

    version: int
    enabled: bool
    groups: tuple[Group, ...] = ()
    modes: tuple[str, ...] = ()
    properties: frozenset[str] = frozenset()
    ranges: Mapping[str, tuple[float, float]] = field(default_factory=dict)
    max_groups: int | None = None

    @classmethod
    def parse(cls, data: object, version: int) -> Self:
        """Read `scheduler/get` of any version.

        The whole answer is null where the mode was last set in the app.
        """
        data = mapping({} if data is None else data)
        groups = data.get("groups")
        properties = data.get("properties")
        properties = properties if isinstance(properties, dict) else {}
        max_groups = number(data.get("maxGroupCount"))
        return cls(
            version=version,
            enabled=truth(data.get("enable")),
            groups=tuple(
                group
                for item in (groups if isinstance(groups, list) else [])
                if isinstance(item, dict) and (group := Group.parse(item)) is not None
            ),
            modes=_modes(properties.get("workmode")),
            properties=frozenset(properties),
            ranges={
                name: limits
                for name, prop in properties.items()
                if (limits := _range(prop)) is not None
            },
            max_groups=None if max_groups is None else int(max_groups),
        )

    def as_wire(self) -> dict[str, Any]:
        """Return the body of `scheduler/enable`, which replaces all groups.

        Parameters that are left out keep their value: `isDefault` false.
        """
        body: dict[str, Any] = {
            "groups": [group.as_wire(self.version) for group in self.groups]
        }
        if self.version >= 2:
            body["isDefault"] = False
        return body


def _minutes(data: Mapping[str, Any], edge: str) -> int:
    """Return a time of a group in minutes."""
    hour, minute = number(data.get(f"{edge}Hour")), number(data.get(f"{edge}Minute"))
    if hour is None or minute is None:
        raise TransientError("The answer has a group without its times")
    return int(hour) * 60 + int(minute)


def _modes(prop: object) -> tuple[str, ...]:
    """Return the words of `properties.workmode`."""
    words = prop.get("enumList") if isinstance(prop, dict) else None
    return tuple(map(str, words)) if isinstance(words, list) else ()


def _range(prop: object) -> tuple[float, float] | None:
    """Return the limits of one entry of `properties`."""
    limits = prop.get("range") if isinstance(prop, dict) else None
    if not isinstance(limits, dict):
        return None
    minimum, maximum = number(limits.get("min")), number(limits.get("max"))
    return None if minimum is None or maximum is None else (minimum, maximum)


@dataclass(frozen=True, kw_only=True)
class AccessCount:
    """The account's calls a day, and those that are left of today's."""

    total: int | None
    remaining: int | None

    @classmethod
    def parse(cls, data: object) -> Self:
        """Read `user/getAccessCount`, whose numbers may be texts."""
        data = mapping(data)
        total, remaining = number(data.get("total")), number(data.get("remaining"))
        return cls(
            total=None if total is None else int(total),
            remaining=None if remaining is None else int(remaining),
        )
