"""The common schedule and the unit's own: pure functions (Eaton notes, 1.8).

The unit's events lie within a day and recur every day, on weekdays or on
weekends. The last minute at which one can end stands for midnight.
"""

from collections.abc import Iterable, Mapping
from typing import Final

from ...battery.capabilities import (
    ModeCapabilities,
    PowerMeaning,
    PvEffect,
    Range,
    ScheduleCapabilities,
)
from ...battery.errors import Problem, ScheduleError
from ...battery.model import Mode
from ...battery.schedule import (
    ALL_DAYS,
    MINUTES_OF_DAY,
    Period,
    Schedule,
    normalize,
    spans_by_day,
    time_of_day,
)
from .models import ScheduleEvent, Unit
from .modes import (
    ALLOCATION,
    BASIC,
    INJECTION,
    MODES,
    OPTIMAL_SOC,
    PEAK,
    POWER,
    SOC,
    UnitMode,
    commands_of,
    mode_of,
    ranges_of,
)

_WEEK_DAYS: Final = (0, 1, 2, 3, 4)
_WEEKENDS: Final = (5, 6)
DAYS: Final[Mapping[str, frozenset[int]]] = {
    "EVERYDAY": ALL_DAYS,
    "WEEK_DAYS": frozenset(_WEEK_DAYS),
    "WEEKENDS": frozenset(_WEEKENDS),
}
_LAST_MINUTE: Final = MINUTES_OF_DAY - 1
_LEAST_MINUTES: Final = 30
# Finer, an end at 23:59 could not be told from one at midnight.
_MINUTE_STEP: Final = 5
# Nobody knows how many the unit takes.
_MANY: Final = 64

# Which field of a period says what of a command's parameters.
_FIELDS: Final[Mapping[str, str]] = {
    POWER: "power",
    INJECTION: "power",
    PEAK: "power",
    ALLOCATION: "power",
    SOC: "target_soc",
    OPTIMAL_SOC: "target_soc",
}
# The parameters that are a share of the rated power.
_SHARES: Final = {POWER, ALLOCATION}


def capabilities_of(unit: Unit, backup_level: float | None) -> ScheduleCapabilities:
    """Return what a unit's schedule can hold.

    Args:
        unit: The unit.
        backup_level: SOC in % that is kept for an outage, where no forced
            discharge goes below.
    """
    rating = _rating(unit)
    shares = ranges_of(unit)[POWER]
    step = rating / 100
    injection, peak = ranges_of(unit)[INJECTION], ranges_of(unit)[PEAK]
    modes = {
        BASIC: ModeCapabilities(pv=PvEffect.CONTINUES),
        Mode.FORCE_CHARGE: ModeCapabilities(
            power=True,
            target_soc=True,
            power_meaning=PowerMeaning.TARGET,
            defaults={"power": rating, "target_soc": 100},
        ),
        Mode.FORCE_DISCHARGE: ModeCapabilities(
            power=True,
            target_soc=True,
            exports=True,
            power_meaning=PowerMeaning.TARGET,
            defaults={"power": rating, "target_soc": backup_level or 0},
        ),
        Mode.SELF_CONSUMPTION: ModeCapabilities(pv=PvEffect.CONTINUES),
        Mode.GRID_INJECTION_LIMIT: ModeCapabilities(
            power=True,
            pv=PvEffect.CONTINUES,
            power_meaning=PowerMeaning.LIMIT,
            required=("power",),
            ranges={"power": injection},
        ),
        Mode.FREQUENCY_REGULATION: ModeCapabilities(
            power=True,
            target_soc=True,
            power_meaning=PowerMeaning.LIMIT,
            required=("power", "target_soc"),
            ranges={"power": Range(0, rating, step)},
        ),
        Mode.PEAK_SHAVING: ModeCapabilities(
            power=True,
            power_meaning=PowerMeaning.LIMIT,
            required=("power",),
            ranges={"power": peak},
        ),
    }
    return ScheduleCapabilities(
        modes={word: modes[word] for word in commands_of(unit)},
        max_periods=_MANY,
        days=True,
        day_groups=(_WEEK_DAYS, _WEEKENDS),
        minute_step=_MINUTE_STEP,
        min_minutes=_LEAST_MINUTES,
        power=Range(shares.minimum * step, rating, step),
        target_soc=ranges_of(unit)[SOC],
        master_switch=False,
    )


def decode(events: Iterable[ScheduleEvent], unit: Unit) -> Schedule:
    """Return the unit's events in common words, without those that none says."""
    return normalize(
        Schedule(
            enabled=True,
            periods=tuple(
                _period(event, mode, _rating(unit))
                for event in events
                if (mode := understood(event)) is not None
            ),
        )
    )


def encode(schedule: Schedule, unit: Unit) -> list[ScheduleEvent]:
    """Return the events that make the unit follow a schedule.

    Raises:
        ScheduleError: The unit has no event that is so short, or for such days.
    """
    events: list[ScheduleEvent] = []
    for meaning, spans in spans_by_day(schedule.periods).items():
        week, weekend = set(spans[0]), set(spans[5])
        if any(set(spans[day]) != week for day in _WEEK_DAYS) or any(
            set(spans[day]) != weekend for day in _WEEKENDS
        ):
            raise ScheduleError(Problem.SCHEDULE_DAY_GROUPS, 0)
        mode = MODES[meaning.mode]
        parameters = mode.sent(_numbers(meaning, mode, _rating(unit)))
        for recurrence, times in (
            ("EVERYDAY", week & weekend),
            ("WEEK_DAYS", week - weekend),
            ("WEEKENDS", weekend - week),
        ):
            for start, end in times:
                last = min(end, _LAST_MINUTE)
                if last - start < _LEAST_MINUTES:
                    raise ScheduleError(
                        Problem.SCHEDULE_SHORT, 0, _LEAST_MINUTES + (end - last)
                    )
                events.append(
                    ScheduleEvent(
                        command=mode.command,
                        start=start,
                        end=last,
                        recurrence=recurrence,
                        parameters=parameters,
                    )
                )
    return sorted(events, key=lambda event: (event.start, event.recurrence))


def understood(event: ScheduleEvent) -> UnitMode | None:
    """Return an event's mode, `None` if common words cannot say the event."""
    if event.recurrence not in DAYS or event.end <= event.start:
        return None
    return mode_of(event.mode)


def meaning_of(event: ScheduleEvent) -> tuple[object, ...]:
    """Return what an event says, the same for all that say the same."""
    mode = understood(event)
    said = () if mode is None else sorted(mode.numbers(event.mode).items())
    word = event.command if mode is None else mode.word
    return (word, event.start, event.end, event.recurrence, *said)


def _period(event: ScheduleEvent, mode: UnitMode, rating: float) -> Period:
    """Return an event as a period."""
    fields = {
        _FIELDS[name]: value * rating / 100 if name in _SHARES else value
        for name, value in mode.numbers(event.mode).items()
    }
    return Period(
        start=time_of_day(event.start),
        end=time_of_day(MINUTES_OF_DAY if event.end == _LAST_MINUTE else event.end),
        mode=mode.word,
        days=DAYS[event.recurrence],
        power=fields.get("power"),
        target_soc=fields.get("target_soc"),
    )


def _numbers(meaning: Period, mode: UnitMode, rating: float) -> dict[str, float]:
    """Return the parameters that a period says.

    Raises:
        ScheduleError: It leaves one open.
    """
    numbers: dict[str, float] = {}
    for name in mode.parameters:
        value: float | None = getattr(meaning, _FIELDS[name])
        if value is None:
            raise ScheduleError(Problem.SCHEDULE_REQUIRED, 0, field=_FIELDS[name])
        numbers[name] = value * 100 / rating if name in _SHARES else value
    return numbers


def _rating(unit: Unit) -> float:
    """Return the power in W that shares are of; without a rating a share is a W each."""
    return unit.rating or 100.0
