"""What a battery will do and when: a schedule on the calendar, and an override over it."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from itertools import pairwise
from typing import Final

from .override import OPEN, Override, Pace
from .running import Running
from .schedule import (
    MINUTES_OF_DAY,
    Period,
    Schedule,
    first_at,
    minute_of_day,
    split_at_midnight,
)

_MINUTE: Final = timedelta(minutes=1)
_DAY: Final = timedelta(days=1)
# No period is longer, also not on the day that has 25 hours.
_LONGEST: Final = timedelta(hours=25)


@dataclass(frozen=True, kw_only=True)
class Event:
    """A time in which one thing is done.

    Attributes:
        start: When it begins, in UTC.
        end: When it is over, in UTC.
        what: The period or the override that says it.
    """

    start: datetime
    end: datetime
    what: Period | Override


def agenda(
    schedule: Schedule,
    running: Running | None,
    zone: tzinfo,
    start: datetime,
    end: datetime,
) -> list[Event]:
    """Return all that is done within a range; what is cut by its edges is whole.

    Args:
        schedule: What is done without an override.
        running: The override, if one runs or is planned.
        zone: The zone of the schedule's wall clock.
        start: Where the range begins.
        end: Where it is over.
    """
    events = expanded(schedule, zone, start - _LONGEST, end + _LONGEST)
    if running is not None and (over := event_of(running)) is not None:
        beside = [part for event in events for part in _beside(event, over)]
        events = sorted([*beside, over], key=lambda event: event.start)
    return [event for event in events if event.start < end and event.end > start]


def event_of(running: Running) -> Event | None:
    """Return when an override does something, `None` if it does nothing any more.

    Without an end it does so as far as the device goes on by itself. One that is
    paced does so when the device was told to.
    """
    if running.over is not None:
        return None
    wanted = running.wanted
    start, end = wanted.start, wanted.end or running.until or wanted.start + OPEN
    if wanted.pace is Pace.JUST_IN_TIME:
        start, end = running.begins or start, running.ends or end
    if start >= end:
        return None
    return Event(start=start, end=end, what=wanted)


def _beside(event: Event, over: Event) -> Iterator[Event]:
    """Yield what is left of an event beside one that lies over it."""
    if event.start < over.start:
        yield replace(event, end=min(event.end, over.start))
    if event.end > over.end:
        yield replace(event, start=max(event.start, over.end))


def expanded(
    schedule: Schedule, zone: tzinfo, start: datetime, end: datetime
) -> list[Event]:
    """Return the periods in force as they come, by the wall clock, within a range.

    A time that the clock leaves out has no event. One that it shows twice has the
    period both times, in one event if nothing lies in between.
    """
    if not schedule.enabled:
        return []
    pieces = [
        piece
        for piece in split_at_midnight(schedule.periods)
        if piece.period.enabled and piece.days
    ]
    edges = {0, MINUTES_OF_DAY}.union(*((one.start, one.end) for one in pieces))
    events: list[Event] = []
    begun = date.min
    for first, last, offset in _stretches(zone, start, end):
        for local, until in pairwise(_moments(first, last, sorted(edges))):
            period = first_at(pieces, local)
            if period is None:
                continue
            event = Event(
                start=_utc(local, offset), end=_utc(until, offset), what=period
            )
            day = _day(period, local)
            goes_on = (
                bool(events)
                and events[-1].end == event.start
                and events[-1].what == period
                # Where the clock is put back, what goes on was begun later.
                and day <= begun
            )
            if goes_on:
                events[-1] = replace(events[-1], end=event.end)
            else:
                events.append(event)
                begun = day
    return events


def _day(period: Period, local: datetime) -> date:
    """Return the day on which a period began that is in force."""
    return (local - minute_of_day(period.start) * _MINUTE).date()


def _moments(first: datetime, last: datetime, edges: list[int]) -> list[datetime]:
    """Return the ends of a stretch of the wall clock, and between them the edges of its days."""
    midnight = datetime.combine(first, time())
    inside = []
    while midnight < last:
        inside += [
            moment
            for edge in edges
            if first < (moment := midnight + edge * _MINUTE) < last
        ]
        midnight += _DAY
    return sorted({first, *inside, last})


def _stretches(
    zone: tzinfo, start: datetime, end: datetime
) -> Iterator[tuple[datetime, datetime, timedelta]]:
    """Yield the stretches of a range without a clock change: local ends, and the offset."""
    start, end = start.astimezone(UTC), end.astimezone(UTC)
    while start < end:
        offset = _offset(zone, start)
        until = min(start + _DAY, end)
        while until < end and _offset(zone, until) == offset:
            until = min(until + _DAY, end)
        if _offset(zone, until) != offset:
            until = _change(zone, max(until - _DAY, start), until)
        yield (
            (start + offset).replace(tzinfo=None),
            (until + offset).replace(tzinfo=None),
            offset,
        )
        start = until


def _change(zone: tzinfo, before: datetime, after: datetime) -> datetime:
    """Return the minute between two moments from which on the later one's offset holds."""
    offset = _offset(zone, before)
    before = before.replace(second=0, microsecond=0)
    low, high = 0, -(-(after - before) // _MINUTE)
    while high - low > 1:
        middle = (low + high) // 2
        if _offset(zone, before + middle * _MINUTE) == offset:
            low = middle
        else:
            high = middle
    return before + high * _MINUTE


def _offset(zone: tzinfo, moment: datetime) -> timedelta:
    """Return how far a zone's clock is ahead of UTC at a moment."""
    return moment.astimezone(zone).utcoffset() or timedelta()


def _utc(local: datetime, offset: timedelta) -> datetime:
    """Return the moment at which a clock of an offset shows a time."""
    return (local - offset).replace(tzinfo=UTC)
