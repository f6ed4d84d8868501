"""The schedule: periods of the day, each with an operating mode.

Times are the wall clock of the system's own zone. `end` is exclusive, 00:00 as
an end is midnight, and equal start and end mean the whole day from that time.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, time

from .capabilities import Range, ScheduleCapabilities
from .errors import Problem, ScheduleError

MINUTES_OF_DAY = 1440
ALL_DAYS = frozenset(range(7))

_FIELDS = ("power", "target_soc", "min_soc", "max_soc")


@dataclass(frozen=True, kw_only=True)
class Period:
    """A part of the day in which one mode runs.

    Attributes:
        start: First minute in force.
        end: First minute no longer in force.
        mode: A common mode word, or `<vendor>_<mode>`.
        days: Days on which it starts, Monday being 0.
        power: W.
        target_soc: SOC in % at which a forced charge or discharge stops.
        min_soc: SOC in % under which the battery is not discharged on grid.
        max_soc: SOC in % over which the battery is not charged.
        enabled: False keeps the period without putting it in force.
    """

    start: time
    end: time
    mode: str
    days: frozenset[int] = ALL_DAYS
    power: float | None = None
    target_soc: float | None = None
    min_soc: float | None = None
    max_soc: float | None = None
    enabled: bool = True

    @property
    def minutes(self) -> int:
        """Return how many minutes the period lasts."""
        return (
            minute_of_day(self.end) - minute_of_day(self.start) - 1
        ) % MINUTES_OF_DAY + 1


@dataclass(frozen=True, kw_only=True)
class Schedule:
    """All periods, and whether the device follows them at all."""

    enabled: bool
    periods: tuple[Period, ...] = ()


@dataclass(frozen=True, kw_only=True)
class ScheduleState:
    """A device's schedule, normalised, and what the device can hold."""

    schedule: Schedule
    capabilities: ScheduleCapabilities


@dataclass(frozen=True, kw_only=True)
class Piece:
    """The part of a period that lies within one day, in minutes of that day."""

    start: int
    end: int
    days: frozenset[int]
    period: Period


def minute_of_day(moment: time) -> int:
    """Return the minutes since midnight."""
    return moment.hour * 60 + moment.minute


def time_of_day(minute: int) -> time:
    """Return the time at a minute of the day, 1440 being midnight."""
    return time(minute // 60 % 24, minute % 60)


def split_at_midnight(periods: Iterable[Period]) -> list[Piece]:
    """Return the pieces of all periods, none of which crosses midnight."""
    pieces = [piece for period in periods for piece in _pieces(period)]
    return sorted(
        pieces, key=lambda piece: (piece.start, piece.end, sorted(piece.days))
    )


def _pieces(period: Period) -> Iterator[Piece]:
    """Yield a period's one or two pieces."""
    start, end = minute_of_day(period.start), minute_of_day(period.end)
    if end == 0 or start < end:
        yield Piece(
            start=start, end=end or MINUTES_OF_DAY, days=period.days, period=period
        )
        return
    yield Piece(start=start, end=MINUTES_OF_DAY, days=period.days, period=period)
    next_days = frozenset((day + 1) % 7 for day in period.days)
    yield Piece(start=0, end=end, days=next_days, period=period)


def normalize(schedule: Schedule) -> Schedule:
    """Return the one form that all schedules of the same meaning share.

    Periods that touch and say the same are one, also over midnight, and all
    are in the order of their start.
    """
    periods = [
        replace(meaning, start=time_of_day(start), end=time_of_day(end), days=days)
        for meaning, pieces in _meanings(schedule.periods).items()
        for (start, end), days in _joined(pieces).items()
    ]
    return replace(schedule, periods=tuple(sorted(periods, key=_place)))


def spans_by_day(
    periods: Iterable[Period],
) -> dict[Period, dict[int, list[tuple[int, int]]]]:
    """Return when each meaning is said on each day, in minutes, touching times joined.

    A meaning is a period whose times and days say nothing.
    """
    return {
        meaning: {
            day: [(start, end) for start, end in spans]
            for day, spans in _spans(pieces).items()
        }
        for meaning, pieces in _meanings(periods).items()
    }


def _meanings(periods: Iterable[Period]) -> dict[Period, list[Piece]]:
    """Return the pieces of all periods by what they say beside times and days."""
    meanings: dict[Period, list[Piece]] = defaultdict(list)
    for piece in split_at_midnight(periods):
        meaning = replace(piece.period, start=time(), end=time(), days=ALL_DAYS)
        meanings[meaning].append(piece)
    return meanings


def _spans(pieces: list[Piece]) -> dict[int, list[list[int]]]:
    """Return start and end of what pieces of one meaning come to, by day."""
    spans: dict[int, list[list[int]]] = {day: [] for day in ALL_DAYS}
    for piece in pieces:
        for day in piece.days:
            of_day = spans[day]
            if of_day and piece.start <= of_day[-1][1]:
                of_day[-1][1] = max(of_day[-1][1], piece.end)
            else:
                of_day.append([piece.start, piece.end])
    return spans


def _place(period: Period) -> tuple[object, ...]:
    """Return by what periods are sorted: when they run, then all that they say."""
    numbers = (getattr(period, name) for name in _FIELDS)
    return (
        period.start,
        period.end,
        sorted(period.days),
        period.mode,
        not period.enabled,
        *(-1.0 if value is None else value for value in numbers),
    )


def _joined(pieces: list[Piece]) -> dict[tuple[int, int], frozenset[int]]:
    """Join touching pieces of one meaning; return days by start and end.

    An end of 1440 or less than the start lies at or beyond midnight.
    """
    spans = _spans(pieces)
    into_next = {
        day
        for day in ALL_DAYS
        if spans[day]
        and spans[(day + 1) % 7]
        and spans[day][-1][1] == MINUTES_OF_DAY
        and spans[(day + 1) % 7][0][0] == 0
        and spans[(day + 1) % 7][0][1] <= spans[day][-1][0]
    }
    result: dict[tuple[int, int], set[int]] = defaultdict(set)
    for day in ALL_DAYS:
        for index, (start, end) in enumerate(spans[day]):
            if index == 0 and start == 0 and (day - 1) % 7 in into_next:
                continue
            if day in into_next and index == len(spans[day]) - 1:
                end = spans[(day + 1) % 7][0][1]
            result[start, end].add(day)
    return {span: frozenset(days) for span, days in result.items()}


def period_at(schedule: Schedule, moment: datetime) -> Period | None:
    """Return the period in force at a local time of the system, if any."""
    if not schedule.enabled:
        return None
    pieces = split_at_midnight(schedule.periods)
    return first_at((piece for piece in pieces if piece.period.enabled), moment)


def first_at(pieces: Iterable[Piece], moment: datetime) -> Period | None:
    """Return the period of the first piece that lies at a local time, if any does."""
    minute = minute_of_day(moment.time())
    for piece in pieces:
        if moment.weekday() in piece.days and piece.start <= minute < piece.end:
            return piece.period
    return None


def with_defaults(schedule: Schedule, capabilities: ScheduleCapabilities) -> Schedule:
    """Return the schedule with the device's defaults where a period says nothing.

    Numbers between two of the device's steps, as templates work them out, are
    put on the nearest. Where only periods can be off, they are so in a schedule
    that is off.
    """
    if not schedule.enabled and not capabilities.master_switch:
        schedule = Schedule(
            enabled=True,
            periods=tuple(
                replace(period, enabled=False) for period in schedule.periods
            ),
        )
    return replace(
        schedule,
        periods=tuple(
            _on_steps(
                _filled(period, capabilities.modes[period.mode].defaults), capabilities
            )
            if period.mode in capabilities.modes
            else period
            for period in schedule.periods
        ),
    )


def _filled(period: Period, defaults: Mapping[str, float]) -> Period:
    """Return the period with defaults for the numbers that it leaves open."""

    def number(name: str, value: float | None) -> float | None:
        return defaults.get(name) if value is None else value

    floor = number("min_soc", period.min_soc)
    target = number("target_soc", period.target_soc)
    if period.target_soc is None and target is not None and floor is not None:
        # A target that nobody named does not contradict a floor that somebody did.
        target = max(target, floor)
    return replace(
        period,
        power=number("power", period.power),
        target_soc=target,
        min_soc=floor,
        max_soc=number("max_soc", period.max_soc),
    )


def _on_steps(period: Period, capabilities: ScheduleCapabilities) -> Period:
    """Return the period with its numbers on the device's steps."""

    def number(value: float | None, limits: Range | None) -> float | None:
        return value if value is None or limits is None else limits.nearest(value)

    limits = {name: capabilities.range_of(period.mode, name) for name in _FIELDS}
    return replace(
        period,
        power=number(period.power, limits["power"]),
        target_soc=number(period.target_soc, limits["target_soc"]),
        min_soc=number(period.min_soc, limits["min_soc"]),
        max_soc=number(period.max_soc, limits["max_soc"]),
    )


def validate(schedule: Schedule, capabilities: ScheduleCapabilities) -> None:
    """Check a schedule against what the device can hold.

    Raises:
        ScheduleError: The first thing that the device would refuse.
    """
    for index, period in enumerate(schedule.periods):
        _validate_period(index, period, capabilities)
    _validate_overlap(schedule.periods)
    _validate_day_groups(schedule.periods, capabilities)
    _validate_shared(schedule.periods, capabilities)
    normal = normalize(schedule).periods
    modes = [
        period.mode
        for period in normal
        for _ in ([0] if capabilities.crosses_midnight else _pieces(period))
    ]
    if len(modes) > capabilities.max_periods:
        raise ScheduleError(
            Problem.SCHEDULE_TOO_MANY, limit=capabilities.max_periods, value=len(modes)
        )
    for mode, limit in capabilities.periods_of_mode.items():
        if modes.count(mode) > limit:
            raise ScheduleError(
                Problem.SCHEDULE_TOO_MANY_OF_MODE,
                limit=limit,
                mode=mode,
                value=modes.count(mode),
            )


def _validate_period(
    index: int, period: Period, capabilities: ScheduleCapabilities
) -> None:
    """Check one period for itself."""
    if (mode := capabilities.modes.get(period.mode)) is None:
        raise ScheduleError(
            Problem.SCHEDULE_MODE,
            index,
            ", ".join(capabilities.modes),
            value=period.mode,
        )
    if not period.days:
        raise ScheduleError(Problem.SCHEDULE_EMPTY, index)
    if period.days != ALL_DAYS and not capabilities.days:
        raise ScheduleError(Problem.SCHEDULE_DAYS, index)
    if not period.enabled and not capabilities.disabled_periods:
        raise ScheduleError(Problem.SCHEDULE_DISABLED, index)
    for moment in (period.start, period.end):
        if (
            moment.second
            or moment.microsecond
            or (moment.minute % capabilities.minute_step)
        ):
            raise ScheduleError(
                Problem.SCHEDULE_MINUTES, index, capabilities.minute_step, value=moment
            )
    if any(
        piece.end - piece.start < capabilities.min_minutes for piece in _pieces(period)
    ):
        raise ScheduleError(Problem.SCHEDULE_SHORT, index, capabilities.min_minutes)
    for name in _FIELDS:
        _validate_field(
            index,
            name,
            getattr(period, name),
            allowed=getattr(mode, name),
            limits=capabilities.range_of(period.mode, name),
        )
        if name in mode.required and getattr(period, name) is None:
            raise ScheduleError(Problem.SCHEDULE_REQUIRED, index, field=name)
    floor = period.min_soc
    for ceiling in (
        period.max_soc,
        period.target_soc if capabilities.target_not_below_min else None,
    ):
        if floor is not None and ceiling is not None and ceiling < floor:
            raise ScheduleError(
                Problem.SCHEDULE_TARGET_BELOW_MIN, index, f"{floor:g}", value=ceiling
            )


def _validate_field(
    index: int,
    name: str,
    value: float | None,
    *,
    allowed: bool,
    limits: Range | None,
) -> None:
    """Check one number of a period."""
    if value is None:
        return
    if not allowed or limits is None:
        raise ScheduleError(Problem.SCHEDULE_FIELD, index, field=name)
    if value not in limits:
        raise ScheduleError(
            Problem.SCHEDULE_RANGE,
            index,
            f"{limits.minimum:g}–{limits.maximum:g}",
            field=name,
            value=f"{value:g}",
        )


def _validate_day_groups(
    periods: tuple[Period, ...], capabilities: ScheduleCapabilities
) -> None:
    """Check that the same is said on days that the device does not tell apart."""
    groups = capabilities.day_groups
    if not _tells_apart(periods, groups):
        return
    for index, period in enumerate(periods):
        if _tells_apart([period], groups):
            raise ScheduleError(Problem.SCHEDULE_DAY_GROUPS, index)


def _tells_apart(
    periods: Iterable[Period], groups: tuple[tuple[int, ...], ...]
) -> bool:
    """Tell whether periods say different things on days of one group."""
    return any(
        spans[day] != spans[group[0]]
        for spans in spans_by_day(periods).values()
        for group in groups
        for day in group
    )


def _validate_shared(
    periods: tuple[Period, ...], capabilities: ScheduleCapabilities
) -> None:
    """Check that periods agree in what the device holds only once."""
    first: dict[tuple[str, str], tuple[int, float | None]] = {}
    for index, period in enumerate(periods):
        for name in capabilities.modes[period.mode].shared:
            value = getattr(period, name)
            other, held = first.setdefault((period.mode, name), (index, value))
            if value != held:
                raise ScheduleError(
                    Problem.SCHEDULE_SHARED, index, other + 1, field=name
                )
    modes = [period.mode for period in periods]
    for exclusive in capabilities.exclusive:
        present = [mode for mode in exclusive if mode in modes]
        if len(present) > 1:
            raise ScheduleError(
                Problem.SCHEDULE_EXCLUSIVE,
                modes.index(present[1]),
                value=", ".join(present),
            )


def _validate_overlap(periods: tuple[Period, ...]) -> None:
    """Check that no two periods in force share a minute."""
    pieces = sorted(
        (piece.start, piece.end, index, piece)
        for index, period in enumerate(periods)
        if period.enabled
        for piece in _pieces(period)
    )
    for day in ALL_DAYS:
        last_end = last_index = 0
        for start, end, index, piece in pieces:
            if day not in piece.days:
                continue
            if start < last_end:
                raise ScheduleError(Problem.SCHEDULE_OVERLAP, index, last_index + 1)
            last_end, last_index = end, index
