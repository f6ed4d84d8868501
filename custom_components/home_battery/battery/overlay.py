"""A period that lies over a schedule, and what lies below it: pure functions."""

from collections.abc import Iterable
from dataclasses import replace

from .capabilities import ScheduleCapabilities
from .errors import ScheduleError
from .schedule import (
    ALL_DAYS,
    MINUTES_OF_DAY,
    Period,
    Schedule,
    minute_of_day,
    normalize,
    split_at_midnight,
    time_of_day,
    validate,
    with_defaults,
)


def overlay(
    base: Schedule, period: Period, capabilities: ScheduleCapabilities
) -> Schedule:
    """Return a schedule in which a period comes before all others.

    Of the others all is left that lies beside it and that the device can hold
    together with it, what comes soonest after it first.
    """
    mode = capabilities.modes[period.mode]
    shared = {name: getattr(period, name) for name in mode.shared}
    others = _clipped(base.periods, period, inside=False) if base.enabled else ()
    after = minute_of_day(period.end)
    chosen = [period]
    for other in sorted(
        others, key=lambda other: (minute_of_day(other.start) - after) % MINUTES_OF_DAY
    ):
        added = replace(other, **shared) if other.mode == period.mode else other
        schedule = with_defaults(
            Schedule(enabled=True, periods=(*chosen, added)), capabilities
        )
        try:
            validate(schedule, capabilities)
        except ScheduleError:
            continue
        chosen.append(added)
    return normalize(Schedule(enabled=True, periods=tuple(chosen)))


def base_below(schedule: Schedule, period: Period, base: Schedule) -> Schedule | None:
    """Return the base that a schedule means which somebody else has changed.

    Args:
        schedule: What the device holds.
        period: What lies over the base.
        base: The base until now, which still counts where the period covers it.

    Returns:
        The new base, `None` if the period is not in the schedule any more.
    """
    if not schedule.enabled or not _has(schedule.periods, period):
        return None
    beside = _clipped(schedule.periods, period, inside=False)
    covered = _clipped(base.periods, period, inside=True) if base.enabled else ()
    return normalize(Schedule(enabled=True, periods=(*beside, *covered)))


def _has(periods: Iterable[Period], period: Period) -> bool:
    """Tell whether a period is among others, whatever its SOC limits are by now."""
    inside = _clipped(periods, period, inside=True)
    whole = sum(piece.end - piece.start for piece in split_at_midnight([period]))
    return whole * len(ALL_DAYS) == sum(
        (piece.end - piece.start) * len(piece.days)
        for piece in split_at_midnight(inside)
    ) and {_meaning(found) for found in inside} == {_meaning(period)}


def _meaning(period: Period) -> tuple[object, ...]:
    """Return what a period does."""
    return period.mode, period.power, period.target_soc, period.enabled


def _clipped(
    periods: Iterable[Period], window: Period, *, inside: bool
) -> tuple[Period, ...]:
    """Return what of periods lies inside a window of every day, or beside it."""
    covered = [(piece.start, piece.end) for piece in split_at_midnight([window])]
    spans = covered if inside else _gaps(covered)
    return tuple(
        replace(
            piece.period,
            start=time_of_day(max(piece.start, start)),
            end=time_of_day(min(piece.end, end)),
            days=piece.days,
        )
        for piece in split_at_midnight(periods)
        for start, end in spans
        if max(piece.start, start) < min(piece.end, end)
    )


def _gaps(spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return what of a day lies between spans of it, in minutes."""
    edges = [0, *(edge for span in sorted(spans) for edge in span), MINUTES_OF_DAY]
    return [
        (start, end)
        for start, end in zip(edges[::2], edges[1::2], strict=True)
        if start < end
    ]
