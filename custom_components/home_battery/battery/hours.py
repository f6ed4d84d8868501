"""The past by full hours, as Home Assistant keeps it: energies and means, counted back from the present."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from itertools import chain, pairwise
from typing import Final, NamedTuple

from .integral import positive_mean

HOUR: Final = timedelta(hours=1)
_DAY: Final = timedelta(days=1)
# Fractions of a Wh or a W are no part of any answer, only of how they are added up.
_PLACES: Final = 6


class Reading(NamedTuple):
    """What was measured at one moment."""

    at: datetime
    value: float


class Piece(NamedTuple):
    """What happened in a stretch of time: an energy in kWh, or a value that stood."""

    start: datetime
    end: datetime
    value: float


class Sum(NamedTuple):
    """An hour, and what a counter's sum was at its end."""

    start: datetime
    sum: float


class Mean(NamedTuple):
    """An hour, and what a reading was in it."""

    start: datetime
    mean: float
    low: float
    high: float


class Window(NamedTuple):
    """A stretch of the past that is asked for at once."""

    start: datetime
    end: datetime


def hour_of(moment: datetime) -> datetime:
    """Return the full hour that a moment is in, in UTC."""
    return moment.astimezone(UTC).replace(minute=0, second=0, microsecond=0)


def hour_after(moment: datetime) -> datetime:
    """Return the first full hour that does not begin before a moment, in UTC."""
    hour = hour_of(moment)
    return hour if hour == moment else hour + HOUR


def windows(
    start: datetime, end: datetime, days: int, zone: tzinfo
) -> Iterator[Window]:
    """Yield some of the past, the newest first, in stretches of whole days.

    Args:
        start: The first moment that is wanted.
        end: The moment after the last.
        days: So many days on the wall clock may be asked for at once.
        zone: The zone of that clock.
    """
    after = end
    while after > start:
        last = (after - timedelta(microseconds=1)).astimezone(zone).date()
        first = _midnight(last - (days - 1) * _DAY, zone)
        before = max(first, start)
        yield Window(before, after)
        after = before


def midnight(moment: datetime, zone: tzinfo) -> datetime:
    """Return when the day began that a moment is in, on the wall clock."""
    return _midnight(moment.astimezone(zone).date(), zone)


def midnight_after(moment: datetime, zone: tzinfo) -> datetime:
    """Return the first midnight on the wall clock that is not before a moment."""
    day = (moment - timedelta(microseconds=1)).astimezone(zone).date()
    return _midnight(day + _DAY, zone)


def grown(readings: Sequence[Reading]) -> Iterator[Piece]:
    """Yield what a counter has gained from each reading to the next.

    One that is above what follows and what was before is a glitch.
    """
    sound = [
        here
        for before, here, after in zip(
            (None, *readings), readings, (*readings[1:], None), strict=False
        )
        if after is None
        or here.value <= after.value
        or (before is not None and after.value < before.value)
    ]
    for before, after in pairwise(sound):
        yield Piece(before.at, after.at, max(after.value - before.value, 0.0))


def integrated(
    readings: Sequence[Reading], sign: int, window: Window, longest: timedelta
) -> Iterator[Piece]:
    """Yield the energies of a power in W in one direction.

    Between two readings it is taken to change evenly, at the window's ends to
    stand; over longer gaps nothing is made up.

    Args:
        readings: The power in the order of time.
        sign: The direction that counts, 1 or -1.
        window: The time that the readings are of.
        longest: Gap up to which two readings belong together.
    """
    ends: list[Reading] = []
    if readings:
        ends = [
            Reading(max(window.start, readings[0].at - longest), readings[0].value),
            Reading(min(window.end, readings[-1].at + longest), readings[-1].value),
        ]
    for before, after in pairwise((*ends[:1], *readings, *ends[1:])):
        if not timedelta(0) < (length := after.at - before.at) <= longest:
            continue
        edges = [
            before.at,
            *_between(before.at, after.at),
            after.at,
        ]
        powers = [
            sign
            * (
                before.value
                + (after.value - before.value) * ((at - before.at) / length)
            )
            for at in edges
        ]
        for (start, end), (one, other) in zip(
            pairwise(edges), pairwise(powers), strict=True
        ):
            yield Piece(start, end, positive_mean(one, other) * ((end - start) / HOUR))


def held(
    readings: Sequence[Reading], window: Window, longest: timedelta
) -> Iterator[Piece]:
    """Yield how long each value stood: until the next, but not for longer than is believed.

    The first also stands for the little time of the window before it.
    """
    ends = chain((reading.at for reading in readings[1:]), (window.end,))
    start = None if not readings else max(window.start, readings[0].at - longest)
    for reading, end in zip(readings, ends, strict=False):
        until = min(end, reading.at + longest)
        begin = reading.at if start is None else start
        start = None
        if until > begin:
            yield Piece(begin, until, reading.value)


class CountedBack:
    """An energy as sums by the hour, counted back from the first that is there.

    Parts come from the newest to the oldest. An hour is settled as soon as all
    of it is known; what is there already is not told again.
    """

    def __init__(self, first: datetime, total: float, own: float = 0.0) -> None:
        """Begin at what is there.

        Args:
            first: The first hour that is there.
            total: The sum at its end, or now if it is not over.
            own: What it has added, as far as is known without being told.
        """
        self._first = first
        self._own: float | None = own
        self._settled = first + HOUR
        self._total = total
        self._hours: dict[datetime, float] = {}

    @property
    def before(self) -> float:
        """Return the sum at the beginning of all that is settled."""
        return round(self._total, _PLACES) + 0.0

    def add(self, pieces: Iterable[Piece]) -> None:
        """Take energies, in any order; those of an hour share its length evenly."""
        for piece in pieces:
            length = piece.end - piece.start
            for start, end in _parts(piece):
                if (hour := hour_of(start)) < self._settled:
                    energy = piece.value * ((end - start) / length)
                    self._hours[hour] = self._hours.get(hour, 0.0) + energy

    def settle(self, since: datetime) -> list[Sum]:
        """Return the sums of the hours from a moment on, from which all is known."""
        settled: list[Sum] = []
        if since <= self._first and self._own is not None:
            if self._first not in self._hours:
                self._hours[self._first] = self._own
            self._own = None
        for hour in sorted((one for one in self._hours if one >= since), reverse=True):
            if hour < self._first:
                settled.append(Sum(hour, self.before))
            self._total -= self._hours.pop(hour)
        self._settled = min(self._settled, hour_after(since))
        return settled[::-1]


@dataclass(slots=True)
class _Stood:
    """What is known of a reading in an hour."""

    weighted: float
    seconds: float
    low: float
    high: float


class MeansBack:
    """A reading as means by the hour, in front of the first that is there."""

    def __init__(self, first: datetime) -> None:
        """Begin in front of the first hour that is there."""
        self._settled = first
        self._hours: dict[datetime, _Stood] = {}

    def add(self, pieces: Iterable[Piece]) -> None:
        """Take values that stood for a while, in any order."""
        for piece in pieces:
            for start, end in _parts(piece):
                if (hour := hour_of(start)) >= self._settled:
                    continue
                seconds = (end - start).total_seconds()
                stood = self._hours.setdefault(
                    hour, _Stood(0.0, 0.0, piece.value, piece.value)
                )
                stood.weighted += piece.value * seconds
                stood.seconds += seconds
                stood.low = min(stood.low, piece.value)
                stood.high = max(stood.high, piece.value)

    def settle(self, since: datetime) -> list[Mean]:
        """Return the means of the hours from a moment on, from which all is known."""
        hours = sorted(hour for hour in self._hours if hour >= since)
        self._settled = min(self._settled, hour_after(since))
        return [_mean(hour, self._hours.pop(hour)) for hour in hours]


def _mean(hour: datetime, stood: _Stood) -> Mean:
    """Return an hour's mean, which rounding leaves between what it is of."""
    mean = round(stood.weighted / stood.seconds, _PLACES) + 0.0
    return Mean(hour, min(max(mean, stood.low), stood.high), stood.low, stood.high)


def _parts(piece: Piece) -> Iterator[tuple[datetime, datetime]]:
    """Yield a stretch of time hour by hour, in UTC."""
    start, end = piece.start.astimezone(UTC), piece.end.astimezone(UTC)
    if end > start:
        yield from pairwise((start, *_between(start, end), end))


def _between(start: datetime, end: datetime) -> Iterator[datetime]:
    """Yield the full hours that lie between two moments."""
    hour = hour_of(start) + HOUR
    while hour < end:
        yield hour
        hour += HOUR


def _midnight(day: date, zone: tzinfo) -> datetime:
    """Return when a day begins, in UTC."""
    return datetime.combine(day, time(), zone).astimezone(UTC)
