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

from .capabilities import Range, ScheduleCapabilities
from .change import Change, ControlChange, ScheduleChange
from .control import ControlValue, NumberControl
from .errors import ChangeError, Problem
from .model import Mode, Record
from .overlay import overlay
from .schedule import Period, Schedule, validate, with_defaults

_FULL: Final = 100.0
_DAY: Final = timedelta(days=1)
# So long a device goes on with what has no end when nobody says anything more.
OPEN: Final = timedelta(hours=4)


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
        target_soc: SOC in % at which it is over before its end; without one a
            charge is over when the battery is full.
        direction: What a held battery must not do.
        pace: How a target is made for.
        then_hold: What was reached is held until the end.
    """

    mode: Mode
    start: datetime
    end: datetime | None = None
    power: float | None = None
    target_soc: float | None = None
    direction: Direction = Direction.DISCHARGE
    pace: Pace = Pace.FULL
    then_hold: bool = False

    @property
    def held(self) -> Override:
        """Return what goes on once the target is reached."""
        return Override(mode=Mode.HOLD, start=self.start, end=self.end)

    def is_reached(self, soc: float, slack: float = 0) -> bool:
        """Tell whether an SOC in % is what it was wanted for, or so nearly."""
        if self.mode is Mode.FORCE_CHARGE:
            target = _FULL if self.target_soc is None else self.target_soc
            return soc >= target - slack
        return (
            self.mode is Mode.FORCE_DISCHARGE
            and self.target_soc is not None
            and soc <= self.target_soc + slack
        )

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
    override: Override,
    stint: Stint,
    base: Schedule,
    settings: Record,
    zone: tzinfo,
    *,
    permitted_export: float | None = None,
) -> Plan:
    """Return how a device's schedule, or else its SOC limits, say a stint.

    Args:
        override: What is wanted.
        stint: What of it the device is to be told.
        base: The schedule over which it lies.
        settings: What the device holds, and can hold.
        zone: The zone of the device's wall clock.
        permitted_export: What the device may be told to export, in W.

    Raises:
        ChangeError: The device cannot be told so.
    """
    if settings.schedule is None:
        raise ChangeError(Problem.OVERRIDE_UNSUPPORTED, mode=override.mode)
    capabilities = settings.schedule.capabilities
    meaning = _meaning(override, stint, capabilities, permitted_export)
    if meaning is None and override.mode is Mode.HOLD:
        return _by_limits(override, stint, settings)
    if meaning is None:
        raise ChangeError(Problem.OVERRIDE_UNSUPPORTED, mode=override.mode)
    start, end = _wall_clock(stint, zone, capabilities)
    later = end - _local(stint.end, zone)
    period = replace(meaning, start=start.time(), end=end.time())
    completed = with_defaults(Schedule(enabled=True, periods=(period,)), capabilities)
    validate(completed, capabilities)
    (period,) = completed.periods
    return Plan(
        change=ScheduleChange(overlay(base, period, capabilities)),
        ending=Ending.REPEATS_DAILY,
        until=stint.end + later,
        period=period,
    )


def _meaning(
    override: Override,
    stint: Stint,
    capabilities: ScheduleCapabilities,
    permitted_export: float | None,
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
        if override.mode is Mode.HOLD and override.direction is not Direction.DISCHARGE:
            return None
    if (mode := capabilities.modes.get(word)) is None:
        return None
    if override.mode is Mode.HOLD:
        # What a mode would give out by default is not to be given out now.
        return replace(period, mode=word, power=0.0 if mode.power else None)
    return replace(
        period,
        mode=word,
        power=_power(override, word, stint, capabilities, permitted_export),
        # Where the device cannot stop by itself, somebody has to watch it.
        target_soc=override.target_soc if mode.target_soc else None,
    )


def _power(
    override: Override,
    word: str,
    stint: Stint,
    capabilities: ScheduleCapabilities,
    permitted_export: float | None,
) -> float | None:
    """Return the W to say, `None` where none can be said.

    Without a wish it is what a mode does by default, and as much as it can where
    the mode only stands in for another, as its default is meant for something
    else. A charge goes on with what the device takes where no power can be said.
    """
    mode = capabilities.modes[word]
    limits = capabilities.range_of(word, "power")
    if not mode.power or limits is None:
        return None if override.mode is Mode.FORCE_CHARGE else stint.power
    if stint.power is not None:
        return stint.power
    power = mode.defaults.get("power") if word == override.mode else limits.maximum
    if permitted_export is None or not mode.exports:
        return power
    return limits.at_most(
        permitted_export if power is None else min(power, permitted_export)
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
    for name, has, kept in (
        ("min_soc", normal.min_soc, math.floor(soc)),
        ("max_soc", normal.max_soc, math.ceil(soc)),
    ):
        if direction in _BINDING[name]:
            limit = capabilities.range_of(Mode.SELF_CONSUMPTION, name)
            if not has or limit is None:
                return {}
            if (bound := _bound(name, kept, limit)) is None:
                return {}
            limits[name] = bound
    return limits


def _bound(name: str, kept: float, limits: Range) -> float | None:
    """Return the limit that keeps an SOC in %, `None` if none of a range does.

    A floor may lie over it, and a ceiling under it, but not the other way round.
    """
    beyond = kept > limits.maximum if name == "min_soc" else kept < limits.minimum
    if beyond:
        return None
    return limits.nearest(min(max(kept, limits.minimum), limits.maximum))


def _by_limits(override: Override, stint: Stint, settings: Record) -> Plan:
    """Return how the limits outside the schedule hold an SOC, until they are put back."""
    values: dict[str, ControlValue] = {}
    for key, name, kept in (
        ("min_soc_on_grid", "min_soc", math.floor),
        ("max_soc", "max_soc", math.ceil),
    ):
        control = settings.controls.get(key)
        if override.direction in _BINDING[name]:
            bound = None
            if isinstance(control, NumberControl) and stint.soc is not None:
                limits = Range(control.minimum, control.maximum, control.step)
                bound = _bound(name, kept(stint.soc), limits)
            if bound is None:
                raise ChangeError(Problem.OVERRIDE_UNSUPPORTED, mode=override.mode)
            values[key] = bound
    return Plan(change=ControlChange(values), ending=Ending.STICKY, until=stint.end)


def _wall_clock(
    stint: Stint, zone: tzinfo, capabilities: ScheduleCapabilities
) -> tuple[datetime, datetime]:
    """Return start and end of a stint on the device's wall clock, without a zone.

    They lie on its steps, less than a day apart. Where the clock is put back
    meanwhile, the end is so much later: the device would take the time that it
    shows twice for the end already at first.
    """
    step = timedelta(minutes=capabilities.minute_step)
    start, end = _local(stint.start, zone), _local(stint.end, zone)
    end = max(end, start + (stint.end - stint.start))
    least = max(timedelta(minutes=capabilities.min_minutes), step)
    least += -least % step
    start -= (start - datetime.min) % step
    end += (datetime.min - end) % step
    # What lies on either side of midnight has to be long enough, too.
    start = min(start, _midnight(start) + _DAY - least)
    end = min(max(end, start + least), start + _DAY - least)
    if _midnight(end) > start and timedelta() < end - _midnight(end) < least:
        end = _midnight(end) + least
    return start, end


def _local(moment: datetime, zone: tzinfo) -> datetime:
    """Return what a clock shows at a moment."""
    return moment.astimezone(zone).replace(tzinfo=None, fold=0)


def _midnight(moment: datetime) -> datetime:
    """Return when the day of a moment began, without a zone."""
    return datetime.combine(moment, datetime.min.time())
