"""A period that lies over a schedule, and what lies below it: pure functions."""

from collections.abc import Iterable
from dataclasses import replace
from itertools import pairwise

from .capabilities import ScheduleCapabilities
from .errors import ScheduleError
from .schedule import (
    ALL_DAYS,
    MINUTES_OF_DAY,
    Period,
    Piece,
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
    together with it: first what is in force, and what comes soonest after it.
    """
    mode = capabilities.modes[period.mode]
    shared = {name: getattr(period, name) for name in mode.shared}
    below = base.periods if base.enabled else ()
    beside = Schedule(enabled=True, periods=_clipped(below, period, inside=False))
    # In as few pieces as can be: one that fits must not be left out for another.
    others = _clipped(normalize(beside).periods, period, inside=False)
    after = minute_of_day(period.end)
    chosen = [period]
    for other in sorted(
        others,
        key=lambda other: (
            not other.enabled,
            (minute_of_day(other.start) - after) % MINUTES_OF_DAY,
        ),
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


def base_below(
    schedule: Schedule, period: Period, base: Schedule, told: Schedule | None
) -> Schedule | None:
    """Return the base that a schedule means which somebody else has changed.

    Only what is otherwise than the device was told is somebody else's. Elsewhere
    the base counts, whatever of it the device could not hold beside the period.

    Args:
        schedule: What the device holds.
        period: What lies over the base.
        base: The base until now.
        told: What the device was told to hold; without it, the base counts only
            where the period covers it.

    Returns:
        The new base, `None` if the period is not in the schedule any more.
    """
    if not schedule.enabled or not _has(schedule.periods, period):
        return None
    below = split_at_midnight(base.periods if base.enabled else ())
    held = split_at_midnight(schedule.periods)
    before = None if told is None else split_at_midnight(told.periods)
    window = split_at_midnight([period])
    edges = {
        edge
        for pieces in (below, held, before or [], window)
        for piece in pieces
        for edge in (piece.start, piece.end)
    }
    found = [
        replace(
            one, start=time_of_day(start), end=time_of_day(end), days=frozenset({day})
        )
        for start, end in pairwise(sorted(edges | {0, MINUTES_OF_DAY}))
        for day in ALL_DAYS
        for one in _at(
            below
            if _at(window, day, start) or _agree(held, before, day, start)
            else held,
            day,
            start,
        )
    ]
    if not found and not base.enabled:
        return base
    return normalize(Schedule(enabled=True, periods=tuple(found)))


def _agree(
    pieces: list[Piece], others: list[Piece] | None, day: int, minute: int
) -> bool:
    """Tell whether the same is said at a minute of a day of the week."""
    return others is not None and _meanings(_at(pieces, day, minute)) == _meanings(
        _at(others, day, minute)
    )


def _at(pieces: list[Piece], day: int, minute: int) -> list[Period]:
    """Return the periods that say something at a minute of a day of the week."""
    return [
        piece.period
        for piece in pieces
        if piece.start <= minute < piece.end and day in piece.days
    ]


def _meanings(periods: Iterable[Period]) -> set[Period]:
    """Return what periods say, whenever they say it."""
    return {
        replace(one, start=time_of_day(0), end=time_of_day(0), days=ALL_DAYS)
        for one in periods
    }


def _has(periods: Iterable[Period], period: Period) -> bool:
    """Tell whether a period is among others, whatever its SOC limits are by now."""
    inside = _clipped((one for one in periods if one.enabled), period, inside=True)
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
