"""Typed records of an xStorage Home unit (Eaton notes, 1.4 to 1.8)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
import re
from typing import Any, Final, Self

from ...battery.errors import ChangeError, Problem
from ...battery.fields import number
from ...transport.errors import TransientError

# A place that has no meter is not left out.
_NO_METER: Final = "None"
_MIDNIGHT: Final = 2359


def mapping(value: object) -> Mapping[str, Any]:
    """Return a JSON object, an empty one where it is none."""
    return value if isinstance(value, Mapping) else {}


def mappings(value: object) -> list[Mapping[str, Any]]:
    """Return the JSON objects of a list."""
    return [*map(mapping, value)] if isinstance(value, list) else []


def text(value: object) -> str | None:
    """Return a text that says something."""
    return value.strip() or None if isinstance(value, str) else None


def whole(value: object) -> int | None:
    """Return a whole number, sent as a number or as text."""
    found = number(value)
    return None if found is None else round(found)


def minute_of(value: object) -> int | None:
    """Return the minute of the day of a time such as 1409 or 5 (00:05)."""
    found = whole(value)
    if found is None or not 0 <= found <= _MIDNIGHT or found % 100 >= 60:
        return None
    return found // 100 * 60 + found % 100


def time_number(minute: int) -> int:
    """Return a minute of the day as the unit writes it."""
    return minute // 60 * 100 + minute % 60


@dataclass(frozen=True, kw_only=True)
class Unit:
    """What the unit is (GET /device).

    Attributes:
        serial: The inverter's serial number.
        battery_serial: The battery's.
        model: The inverter's model, such as XSTH1P036P048V01.
        rating: Rated power in VA, which percentages are of.
        capacity: Nominal capacity in kWh.
        time_zone: IANA name of the zone that it lives in.
        firmware: Of the inverter.
        meters: The places that have a power meter: 1 is at the grid, 2 at PV.
        has_pv: PV is connected to the inverter itself.
        single_phase: It feeds one phase.
        powered: It is switched on.
        in_cloud: It listens to its cloud, which is no more, and refuses some of us.
        update: What an update of its firmware is at.
        country: Id of the country that it is set up for.
    """

    serial: str
    battery_serial: str | None = None
    model: str | None = None
    rating: float | None = None
    capacity: float | None = None
    time_zone: str | None = None
    firmware: str | None = None
    meters: frozenset[int] = frozenset()
    has_pv: bool = False
    single_phase: bool = False
    powered: bool | None = None
    in_cloud: bool | None = None
    update: str | None = None
    country: str | None = None

    @classmethod
    def from_api(cls, raw: Any) -> Self:
        """Read it from an answer.

        Raises:
            TransientError: It does not say which unit it is.
        """
        raw = mapping(raw)
        if (serial := text(raw.get("inverterSerialNumber"))) is None:
            raise TransientError("The unit does not tell its serial number")
        model = text(raw.get("inverterModelName"))
        zone = mapping(raw.get("timezone"))
        powered, in_cloud = raw.get("powerState"), raw.get("connected")
        return cls(
            serial=serial,
            battery_serial=text(raw.get("bmsSerialNumber")),
            model=model,
            rating=number(raw.get("inverterVaRating")) or _rating_of(model),
            capacity=number(raw.get("bmsCapacity")) or None,
            time_zone=text(zone.get("id")),
            firmware=text(raw.get("inverterFirmwareVersion")),
            meters=frozenset(
                place
                for meter in mappings(raw.get("powerMeters"))
                if text(meter.get("model")) not in (None, _NO_METER)
                and (place := whole(meter.get("position"))) is not None
            ),
            has_pv=raw.get("hasPv") is True,
            single_phase=raw.get("inverterIsSinglePhase") is True,
            powered=powered if isinstance(powered, bool) else None,
            in_cloud=in_cloud if isinstance(in_cloud, bool) else None,
            update=text(raw.get("updateStatus")),
            country=text(mapping(raw.get("country")).get("geonameId")),
        )


def _rating_of(model: str | None) -> float | None:
    """Return the rated power in VA that a model such as XSTH1P036P048V01 is named by."""
    found = re.match(r"XSTH\dP(\d{3})", model or "")
    return int(found[1]) * 100.0 if found else None


@dataclass(frozen=True, kw_only=True)
class ModeRecord:
    """A mode with its parameters, that runs, is stored or was commanded.

    Attributes:
        command: Such as SET_CHARGE.
        parameters: As the unit has them, by the unit's names.
        id: Of this record.
        type: MANUAL, SCHEDULE or DEFAULT.
        duration: Hours, of a command.
        start: Minute of the day at which it began, on the unit's wall clock.
        end: Minute of the day at which it ends.
    """

    command: str
    parameters: Mapping[str, Any] = field(default_factory=dict)
    id: str | None = None
    type: str | None = None
    duration: int | None = None
    start: int | None = None
    end: int | None = None

    @classmethod
    def from_api(cls, raw: Any) -> Self | None:
        """Read it from an answer, in which there may be none."""
        raw = mapping(raw)
        if (command := text(raw.get("command"))) is None:
            return None
        return cls(
            command=command,
            parameters=mapping(raw.get("parameters")),
            id=text(raw.get("id")),
            type=text(raw.get("type")),
            duration=whole(raw.get("duration")),
            start=minute_of(raw.get("startTime")),
            end=minute_of(raw.get("endTime")),
        )


@dataclass(frozen=True, kw_only=True)
class Status:
    """What the unit is doing (GET /device/status).

    Attributes:
        mode: The mode that runs.
        flow: Powers, roles and shares of this moment.
        today: What the day has come to.
        month: What the last 30 days have come to.
    """

    mode: ModeRecord | None
    flow: Mapping[str, Any]
    today: Mapping[str, Any]
    month: Mapping[str, Any]

    @classmethod
    def from_api(cls, raw: Any) -> Self:
        """Read it from an answer.

        Raises:
            TransientError: It tells nothing of the flow of energy.
        """
        raw = mapping(raw)
        if not (flow := mapping(raw.get("energyFlow"))):
            raise TransientError("The unit tells no energy flow")
        return cls(
            mode=ModeRecord.from_api(raw.get("currentMode")),
            flow=flow,
            today=mapping(raw.get("today")),
            month=mapping(raw.get("last30daysEnergyFlow")),
        )


@dataclass(frozen=True, kw_only=True)
class EnergySaving:
    """Whether the unit rests while the house uses less than a threshold in W."""

    enabled: bool
    threshold: int | None


@dataclass(frozen=True)
class UnitSettings:
    """The settings of the unit, which are put back as a whole (GET /settings/).

    Attributes:
        raw: As the unit sent them.
    """

    raw: Mapping[str, Any]

    @property
    def backup_level(self) -> int | None:
        """Return the SOC in % that is kept for an outage."""
        return whole(self.raw.get("bmsBackupLevel"))

    @property
    def default_mode(self) -> ModeRecord | None:
        """Return the mode that runs where neither a command nor the schedule says one."""
        return ModeRecord.from_api(self.raw.get("defaultMode"))

    @property
    def energy_saving(self) -> EnergySaving | None:
        """Return the energy saving mode, which older firmware lacks."""
        saving = mapping(self.raw.get("energySavingMode"))
        if not isinstance(enabled := saving.get("enabled"), bool):
            return None
        return EnergySaving(
            enabled=enabled, threshold=whole(saving.get("houseConsumptionThreshold"))
        )

    @property
    def country(self) -> str | None:
        """Return the id of the country that the unit is set up for."""
        return text(mapping(self.raw.get("country")).get("geonameId"))

    def as_written(
        self, mode: Mapping[str, Any] | None, changes: Mapping[str, Any]
    ) -> dict[str, Any]:
        """Return the settings with changes in the form in which they are put back.

        It is another one than that in which they were read: of objects the id
        alone, of the mode its command and parameters, and only these nine.

        Args:
            mode: The default mode, in the form in which it is put back.
            changes: What shall be otherwise, in that form.

        Raises:
            ChangeError: Something would be put back that was not read.
        """
        saving = self.energy_saving
        written: dict[str, Any] = {
            "name": self.raw.get("name"),
            "country": mapping(self.raw.get("country")).get("geonameId"),
            "timezone": mapping(self.raw.get("timezone")).get("id"),
            "city": mapping(self.raw.get("city")).get("geonameId"),
            "postalCode": self.raw.get("postalCode"),
            "bmsBackupLevel": self.backup_level,
            "updateBlockedState": self.raw.get("updateBlockedState"),
            "defaultMode": mode,
        }
        if saving is not None:
            written["energySavingMode"] = {
                "enabled": saving.enabled,
                "houseConsumptionThreshold": saving.threshold,
            }
        written |= changes
        if missing := [key for key, value in written.items() if value is None]:
            raise ChangeError(Problem.NOT_READ, control=", ".join(missing))
        return written


@dataclass(frozen=True, kw_only=True)
class ScheduleEvent:
    """A part of the day in which the schedule runs a mode.

    Attributes:
        id: The unit's id, `None` of what it does not hold yet.
        command: Such as SET_CHARGE.
        start: First minute of the day in force.
        end: First minute no longer in force, 1439 standing for midnight.
        recurrence: EVERYDAY, WEEK_DAYS or WEEKENDS.
        parameters: By the unit's names.
    """

    command: str
    start: int
    end: int
    recurrence: str
    parameters: Mapping[str, Any] = field(default_factory=dict)
    id: str | None = None

    @property
    def mode(self) -> ModeRecord:
        """Return the mode that it runs."""
        return ModeRecord(command=self.command, parameters=self.parameters)

    @classmethod
    def from_api(cls, raw: Mapping[str, Any]) -> Self | None:
        """Read it from an answer, `None` if it cannot be made out."""
        command = text(raw.get("command"))
        start, end = minute_of(raw.get("startTime")), minute_of(raw.get("endTime"))
        recurrence = text(raw.get("recurrence"))
        if command is None or start is None or end is None or recurrence is None:
            return None
        return cls(
            id=text(raw.get("id")) or text(raw.get("eventId")),
            command=command,
            start=start,
            end=end,
            recurrence=recurrence,
            parameters=mapping(raw.get("parameters")),
        )

    def as_written(self) -> dict[str, Any]:
        """Return it in the form in which it is sent."""
        return {
            "command": self.command,
            "startTime": time_number(self.start),
            "endTime": time_number(self.end),
            "recurrence": self.recurrence,
            "parameters": dict(self.parameters),
        }


@dataclass(frozen=True, kw_only=True)
class Alert:
    """A notification: something began, or something that had begun is over.

    Attributes:
        id: The alert's id.
        previous: Id of the alert that it ends, `None` if it begins something.
        level: INFO, WARNING or CRITICAL.
        kind: Such as BATTERY_VOLTAGE_LOW.
        read: Somebody has seen it.
        created: ms since the epoch.
    """

    id: str
    previous: str | None
    level: str
    kind: str
    read: bool
    created: float

    @classmethod
    def all_from_api(cls, raw: Any) -> list[Self]:
        """Read them from an answer, the oldest first.

        Raises:
            TransientError: It has no list: that is not an empty one.
        """
        results = mapping(raw).get("results")
        if not isinstance(results, list):
            raise TransientError("The answer has no list")
        listed = mappings(results)
        # The newest stands first, and many share a second.
        alerts = [
            cls(
                id=identity,
                previous=text(item.get("previousAlertId")),
                level=text(item.get("level")) or "INFO",
                kind=text(item.get("subType")) or "UNKNOWN_FAULT",
                read=item.get("status") == "READ",
                created=number(item.get("createdAt")) or 0.0,
            )
            for item in reversed(listed)
            if (identity := text(item.get("alertId"))) is not None
        ]
        return sorted(alerts, key=lambda alert: alert.created)

    @staticmethod
    def active(alerts: Iterable[Alert]) -> list[Alert]:
        """Return the critical alerts that nothing has ended."""
        alerts = list(alerts)
        ended = {alert.previous for alert in alerts if alert.level == "INFO"}
        return [
            alert
            for alert in alerts
            if alert.level == "CRITICAL"
            and alert.previous is None
            and alert.id not in ended
        ]
