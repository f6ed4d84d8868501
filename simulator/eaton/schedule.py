"""The unit's own schedule (xStorage notes 1.8)."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from ..jsontypes import JsonObject
from .body import Struct
from .operations import Operation, read_operation
from .times import hhmm, millis, minutes

_DAYS: Final[Mapping[str, frozenset[int]]] = {
    "EVERYDAY": frozenset(range(7)),
    "WEEK_DAYS": frozenset(range(5)),
    "WEEKENDS": frozenset({5, 6}),
}
_LAST_MINUTE: Final = 2359
_SHORTEST_MINUTES: Final = 30


@dataclass(frozen=True, kw_only=True)
class Event:
    """What happens at some time of some days; the end is exclusive."""

    operation: Operation
    start_time: int
    end_time: int
    recurrence: str

    @property
    def days(self) -> frozenset[int]:
        """Return the weekdays, Monday is 0."""
        return _DAYS[self.recurrence]

    def overlaps(self, other: Event) -> bool:
        """Return whether both happen at any one time."""
        return (
            bool(self.days & other.days)
            and self.start_time < other.end_time
            and other.start_time < self.end_time
        )

    def runs(self, local: datetime) -> bool:
        """Return whether it happens at a time on the unit's clock."""
        return (
            local.weekday() in self.days
            and self.start_time <= hhmm(local) < self.end_time
        )


@dataclass(frozen=True, kw_only=True)
class StoredEvent:
    """An event with its id."""

    id: str
    event: Event
    created: datetime
    updated: datetime

    def as_json(self) -> JsonObject:
        """Return the event as the unit lists it."""
        return {
            "id": self.id,
            "createdAt": millis(self.created),
            "updatedAt": millis(self.updated),
            "command": self.event.operation.command,
            "startTime": self.event.start_time,
            "endTime": self.event.end_time,
            "recurrence": self.event.recurrence,
            "parameters": self.event.operation.parameters,
        }


@dataclass(kw_only=True)
class Schedule:
    """All events, and when they last changed."""

    changed: datetime
    events: dict[str, StoredEvent] = field(default_factory=dict)

    def clashes(self, event: Event, *, beside: str = "") -> bool:
        """Return whether an event overlaps any other than one that it replaces."""
        return any(
            stored.event.overlaps(event)
            for key, stored in self.events.items()
            if key != beside
        )

    def running(self, local: datetime) -> StoredEvent | None:
        """Return the event of now."""
        for stored in self.events.values():
            if stored.event.runs(local):
                return stored
        return None

    def edges(self) -> Iterator[int]:
        """Iterate over the minutes of the day at which something begins or ends."""
        for stored in self.events.values():
            yield minutes(stored.event.start_time)
            yield minutes(stored.event.end_time)


def read_event(body: Struct, rated_w: float) -> Event:
    """Return the event that a body asks for, or complain; it ends on the day it begins."""
    start, end = (_time(body, key) for key in ("startTime", "endTime"))
    if minutes(end) - minutes(start) < _SHORTEST_MINUTES:
        raise body.complain("endTime", "gtfield")
    return Event(
        operation=read_operation(body, rated_w),
        start_time=start,
        end_time=end,
        recurrence=body.text("recurrence", required=True, one_of=_DAYS),
    )


def _time(body: Struct, key: str) -> int:
    """Return a time of day."""
    time = body.whole(key, 0, _LAST_MINUTE)
    if time % 100 > 59:
        raise body.complain(key, "max")
    return time
