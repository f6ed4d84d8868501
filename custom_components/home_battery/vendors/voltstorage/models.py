"""What VoltStorage's cloud tells, typed: products, moments and statistics."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any, Final, Self

from ...battery.fields import number
from .errors import ShapeError

STORAGE: Final = "storage"
LATEST_DATA: Final = "latest-data"

_NAME_LENGTH: Final = 64

type Told = float | str


class Timespan(StrEnum):
    """How long each object of the statistics is."""

    HOUR = "hour"
    DAY = "day"
    MONTH = "month"
    YEAR = "year"
    LIFETIME = "lifetime"


@dataclass(frozen=True, kw_only=True)
class Product:
    """One product of an account.

    Attributes:
        id: The vendor's number of it, which never changes.
        base: What it is at bottom, such as `storage`.
        group: The home that it is in, `None` where it is in none.
        errors: What the vendor finds wrong, in words of its own.
        online: Whether it is connected, `None` if that is not told.
    """

    id: str
    serial: str | None = None
    type_name: str | None = None
    base: str | None = None
    hardware: str | None = None
    time_zone: str | None = None
    group: str | None = None
    group_name: str | None = None
    errors: tuple[str, ...] = ()
    online: bool | None = None

    @classmethod
    def parse(cls, data: Mapping[str, Any]) -> Self | None:
        """Read an item of the list; what has no number is no product."""
        if (identity := _identity(data.get("id"))) is None:
            return None
        kind, group = _mapping(data.get("type")), _mapping(data.get("group"))
        errors, online = data.get("errors"), data.get("online")
        return cls(
            id=identity,
            serial=_name(data.get("serialNumber")),
            type_name=_name(kind.get("name")),
            base=_name(kind.get("baseType")),
            hardware=_name(data.get("hardwareVersion")),
            time_zone=_name(data.get("timezone")),
            group=_identity(data.get("groupId")) or _identity(group.get("id")),
            group_name=_name(group.get("name")),
            errors=(
                tuple(filter(None, map(_name, errors)))
                if isinstance(errors, list)
                else ()
            ),
            online=online if isinstance(online, bool) else None,
        )


@dataclass(frozen=True, kw_only=True)
class Sample:
    """Some of what a product measured, by the vendor's names.

    Attributes:
        time: When, in UTC.
        values: Numbers and texts; what did not change may be left out.
    """

    time: datetime
    values: Mapping[str, Told] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Bucket:
    """The statistics of one stretch of time.

    Attributes:
        start: When it begins, in UTC.
        values: Numbers by the vendor's names, in the vendor's units.
    """

    start: datetime
    values: Mapping[str, float]

    @classmethod
    def parse(cls, data: Mapping[str, Any]) -> Self | None:
        """Read an object; one without a start is none.

        A mean of no samples says nothing.
        """
        if (start := moment(data.get("timespan_start"))) is None:
            return None
        values: dict[str, float] = {}
        for key, told in data.items():
            if isinstance(told, Mapping):
                weights = (told.get("nSamples"), told.get("totalWeight"))
                told = None if 0 in weights else told.get("value")
            if key != "timespan_start" and (value := number(told)) is not None:
                values[key] = value
        return cls(start=start, values=values)


def moment(value: object) -> datetime | None:
    """Return a UNIX time, in seconds, as a moment."""
    if isinstance(value, str) or (seconds := number(value)) is None:
        return None
    try:
        return datetime.fromtimestamp(seconds, UTC)
    except ValueError, OverflowError, OSError:
        return None


def latest_sample(answer: Any, now: datetime) -> Sample:
    """Read the latest data, with its time or without (VoltStorage notes, 1.5).

    Raises:
        ShapeError: It has not the documented shape.
    """
    if not isinstance(answer, Mapping):
        raise ShapeError("The latest data are no object")
    data = answer.get("data")
    if isinstance(data, Mapping):
        if (time := moment(answer.get("time"))) is None:
            raise ShapeError("The latest data have no time")
        return Sample(time=time, values=told_in(data))
    values = told_in(answer)
    if not any(isinstance(value, float) for value in values.values()):
        raise ShapeError("The latest data tell nothing")
    return Sample(time=now, values=values)


def streamed_sample(message: Any) -> Sample | None:
    """Read a message of the stream; of unknown ones there is nothing to read."""
    if not isinstance(message, Mapping) or message.get("type") != LATEST_DATA:
        return None
    data, time = message.get("data"), moment(message.get("time"))
    if not isinstance(data, Mapping) or time is None:
        return None
    return Sample(time=time, values=told_in(data))


def buckets_in(answer: Any) -> list[Bucket]:
    """Read statistics, oldest first.

    Raises:
        ShapeError: They have not the documented shape.
    """
    if not isinstance(answer, list):
        raise ShapeError("The statistics are no list")
    items = [item for item in answer if isinstance(item, Mapping)]
    found = [bucket for item in items if (bucket := Bucket.parse(item))]
    if answer and not found:
        raise ShapeError("The statistics tell nothing")
    return sorted(found, key=lambda bucket: bucket.start)


def told_in(data: Mapping[Any, Any]) -> dict[str, Told]:
    """Return the numbers and texts of an object; anything else says nothing to us."""
    told: dict[str, Told] = {}
    for name, value in data.items():
        if not isinstance(name, str) or not 0 < len(name) <= _NAME_LENGTH:
            continue
        if (counted := number(value)) is not None:
            told[name] = counted
        elif isinstance(value, str) and (text := _name(value)) is not None:
            told[name] = text
    return told


def _identity(value: object) -> str | None:
    """Return a number that names something."""
    if isinstance(value, bool) or not isinstance(value, int | str):
        return None
    return str(value).strip() or None


def _name(value: object) -> str | None:
    """Return a text that says something."""
    text = value.strip() if isinstance(value, str) else ""
    return text[:255] or None


def _mapping(value: object) -> Mapping[str, Any]:
    """Return an object, an empty one where there is none."""
    return value if isinstance(value, Mapping) else {}
