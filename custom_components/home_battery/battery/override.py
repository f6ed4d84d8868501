"""Overrides: something that runs for a while over the schedule that people see.

An override is said to a device together with its end, so that it ends also when
nobody is there to end it. On a device with a schedule it is a period that lies
over the base schedule, which is put back afterwards.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta, tzinfo
from enum import StrEnum
import math
from typing import Final

from .capabilities import ScheduleCapabilities
from .change import Change, ControlChange, ScheduleChange
from .control import ControlValue, NumberControl
from .errors import ChangeError, Problem
from .model import Mode, Record
from .overlay import overlay
from .schedule import Period, Schedule, validate, with_defaults

_DAY: Final = timedelta(days=1)


class Ending(StrEnum):
    """What becomes of an override on the device if nobody ends it.

    SELF_ENDING is over by itself, REPEATS_DAILY comes again the next day, and
    STICKY stays.
    """

    SELF_ENDING = "self_ending"
    REPEATS_DAILY = "repeats_daily"
    STICKY = "sticky"


class Direction(StrEnum):
    """What a held battery must not do."""

    DISCHARGE = "discharge"
    CHARGE = "charge"
    BOTH = "both"


class Pace(StrEnum):
    """How a target is made for."""

    FULL = "full"
    JUST_IN_TIME = "just_in_time"


# What of a battery each limit binds.
_BINDING: Final = {
    "min_soc": (Direction.DISCHARGE, Direction.BOTH),
    "max_soc": (Direction.CHARGE, Direction.BOTH),
}


@dataclass(frozen=True, kw_only=True)
class Override:
    """What a person or an automation wants for a while.

    Attributes:
        mode: Force charge, force discharge or hold.
        start: When it begins.
        end: When it is over, `None` if somebody will stop it.
        power: W at the battery, `None` for as much as the device can.
        target_soc: SOC in % at which it is over before its end.
        direction: What a held battery must not do.
        pace: How a target is made for.
    """

    mode: Mode
    start: datetime
    end: datetime | None = None
    power: float | None = None
    target_soc: float | None = None
    direction: Direction = Direction.DISCHARGE
    pace: Pace = Pace.FULL

    def is_reached(self, soc: float, slack: float = 0) -> bool:
        """Tell whether an SOC in % is what it was wanted for, or so nearly."""
        if self.target_soc is None:
            return False
        if self.mode is Mode.FORCE_CHARGE:
            return soc >= self.target_soc - slack
        return self.mode is Mode.FORCE_DISCHARGE and soc <= self.target_soc + slack

    def means_the_same(self, other: Override) -> bool:
        """Tell whether another one wants the same, whatever its times."""
        return replace(other, start=self.start, end=self.end) == self


@dataclass(frozen=True, kw_only=True)
class Stint:
    """What a device is to do of an override, as it is told.

    Attributes:
        start: From when on.
        end: Until when the device does it if nobody says anything more.
        power: W, `None` for as much as it can.
        soc: The present SOC in %, which a hold keeps; `None` if unknown.
    """

    start: datetime
    end: datetime
    power: float | None = None
    soc: float | None = None


@dataclass(frozen=True, kw_only=True)
class Plan:
    """How a stint is said to a device.

    Attributes:
        change: What the device is to hold.
        ending: What becomes of it if nobody ends it.
        until: When the device itself ends it.
        period: The period that says it, where the schedule does.
    """

    change: Change
    ending: Ending
    until: datetime
    period: Period | None = None


def check_reserve(override: Override, settings: Record) -> None:
    """Check that a discharge leaves what is kept for an outage.

    Raises:
        ChangeError: Its target is below the minimum SOC off grid.
    """
    reserve = settings.controls.get("min_soc")
    if (
        override.mode is Mode.FORCE_DISCHARGE
        and override.target_soc is not None
        and isinstance(reserve, NumberControl)
        and reserve.value is not None
        and override.target_soc < reserve.value
    ):
        raise ChangeError(
            Problem.TARGET_BELOW_RESERVE,
            value=override.target_soc,
            reserve=f"{reserve.value:g}",
        )


def plan_of(
    override: Override, stint: Stint, base: Schedule, settings: Record, zone: tzinfo
) -> Plan:
    """Return how a device's schedule, or else its SOC limits, say a stint.

    Args:
        override: What is wanted.
        stint: What of it the device is to be told.
        base: The schedule over which it lies.
        settings: What the device holds, and can hold.
        zone: The zone of the device's wall clock.

    Raises:
        ChangeError: The device cannot be told so.
    """
    if settings.schedule is None:
        raise ChangeError(Problem.OVERRIDE_UNSUPPORTED, mode=override.mode)
    capabilities = settings.schedule.capabilities
    meaning = _meaning(override, stint, capabilities)
    if meaning is None and override.mode is Mode.HOLD:
        return _by_limits(override, stint, settings)
    if meaning is None:
        raise ChangeError(Problem.OVERRIDE_UNSUPPORTED, mode=override.mode)
    start, end = _wall_clock(stint, zone, capabilities)
    period = replace(meaning, start=start.time(), end=end.time())
    completed = with_defaults(Schedule(enabled=True, periods=(period,)), capabilities)
    validate(completed, capabilities)
    (period,) = completed.periods
    return Plan(
        change=ScheduleChange(overlay(base, period, capabilities)),
        ending=Ending.REPEATS_DAILY,
        until=end.replace(tzinfo=zone),
        period=period,
    )


def _meaning(
    override: Override, stint: Stint, capabilities: ScheduleCapabilities
) -> Period | None:
    """Return the period that says a stint, without its times; `None` if none can."""
    midnight = datetime.min.time()
    period = Period(start=midnight, end=midnight, mode=override.mode)
    if override.mode is Mode.HOLD and (
        limits := _limits(override.direction, stint.soc, capabilities)
    ):
        return replace(
            period,
            mode=Mode.SELF_CONSUMPTION,
            min_soc=limits.get("min_soc"),
            max_soc=limits.get("max_soc"),
        )
    word: str = override.mode
    if word not in capabilities.modes:
        word = capabilities.overrides.get(word, word)
    if (mode := capabilities.modes.get(word)) is None:
        return None
    if override.mode is Mode.HOLD:
        return replace(period, mode=word)
    return replace(
        period,
        mode=word,
        power=stint.power,
        # Where the device cannot stop by itself, somebody has to watch it.
        target_soc=override.target_soc if mode.target_soc else None,
    )


def _limits(
    direction: Direction, soc: float | None, capabilities: ScheduleCapabilities
) -> dict[str, float]:
    """Return the SOC limits of a self-consumption that keeps an SOC in %, if any can.

    So PV goes on to serve the house.
    """
    normal = capabilities.modes.get(Mode.SELF_CONSUMPTION)
    if normal is None or soc is None:
        return {}
    limits = {}
    for name, has, limit, kept in (
        ("min_soc", normal.min_soc, capabilities.min_soc, math.floor(soc)),
        ("max_soc", normal.max_soc, capabilities.max_soc, math.ceil(soc)),
    ):
        if direction in _BINDING[name]:
            if not has or limit is None:
                return {}
            limits[name] = limit.nearest(min(max(kept, limit.minimum), limit.maximum))
    return limits


def _by_limits(override: Override, stint: Stint, settings: Record) -> Plan:
    """Return how the limits outside the schedule hold an SOC, until they are put back."""
    values: dict[str, ControlValue] = {}
    for key, name, kept in (
        ("min_soc_on_grid", "min_soc", math.floor),
        ("max_soc", "max_soc", math.ceil),
    ):
        control = settings.controls.get(key)
        if override.direction in _BINDING[name]:
            if not isinstance(control, NumberControl) or stint.soc is None:
                raise ChangeError(Problem.OVERRIDE_UNSUPPORTED, mode=override.mode)
            limit = min(max(kept(stint.soc), control.minimum), control.maximum)
            values[key] = control.nearest(limit)
    return Plan(change=ControlChange(values), ending=Ending.STICKY, until=stint.end)


def _wall_clock(
    stint: Stint, zone: tzinfo, capabilities: ScheduleCapabilities
) -> tuple[datetime, datetime]:
    """Return start and end of a stint on the device's wall clock, without a zone.

    They lie on its steps, less than a day apart.
    """
    step = timedelta(minutes=capabilities.minute_step)
    start, end = (
        moment.astimezone(zone).replace(tzinfo=None)
        for moment in (stint.start, stint.end)
    )
    least = max(timedelta(minutes=capabilities.min_minutes), step)
    start -= (start - datetime.min) % step
    end += (datetime.min - end) % step
    return start, min(max(end, start + least), start + _DAY - least)
