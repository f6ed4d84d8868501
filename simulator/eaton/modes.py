"""What the unit is doing, and why: a command, an event of the schedule, or the default."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from ..jsontypes import JsonObject
from .operations import Operation
from .times import millis

_USER: Final = {
    "id": "00000000-0000-0000-0000-000000000000",
    "firstName": "Local",
    "lastName": "User",
}


@dataclass(frozen=True, kw_only=True)
class Mode:
    """A stored mode. Times of day are HHMM on the unit's clock; `until` is when a command has run out."""

    id: str
    operation: Operation
    created: datetime
    recurrence: str
    type: str
    duration: int | None = None
    start_time: int | None = None
    end_time: int | None = None
    until: datetime | None = None

    def as_json(self) -> JsonObject:
        """Return the mode as status and commands show it."""
        return {
            "id": self.id,
            "command": self.operation.command,
            "createdAt": millis(self.created),
            "updatedAt": millis(self.created),
            "duration": self.duration,
            "startTime": self.start_time,
            "endTime": self.end_time,
            "recurrence": self.recurrence,
            "type": self.type,
            "parameters": self.operation.parameters,
            "user": _USER,
        }
