"""What is to be brought in of a device's past, and how far that has come."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Final, Self

IMPORT_PROGRESS: Final = "import_progress"

_WHOLE: Final = 100


class End(StrEnum):
    """How it came to an end."""

    DONE = "done"
    CANCELLED = "cancelled"


@dataclass(kw_only=True)
class Bringing:
    """The past of one device on its way into the statistics.

    Attributes:
        keys: The readings.
        start: The first moment that is wanted.
        since: When it was asked for, from where it goes back.
        reached: So far back it has come.
        ended: How it ended, `None` while it has not.
        left_out: The readings that have no statistics to be put in front of.
    """

    keys: tuple[str, ...]
    start: datetime
    since: datetime
    reached: datetime
    ended: End | None = None
    left_out: tuple[str, ...] = ()

    @property
    def progress(self) -> int:
        """Return how much of the time is brought in, in percent."""
        if self.ended is End.DONE or self.since <= self.start:
            return _WHOLE
        share = (self.since - self.reached) / (self.since - self.start)
        return min(int(_WHOLE * share), _WHOLE - 1)

    def as_dict(self) -> dict[str, Any]:
        """Return everything as JSON."""
        return {
            "keys": list(self.keys),
            "start": self.start.isoformat(),
            "since": self.since.isoformat(),
            "reached": self.reached.isoformat(),
            "ended": self.ended,
            "left_out": list(self.left_out),
        }

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> Self:
        """Read it back, to go on where it was left."""
        return cls(
            keys=tuple(data["keys"]),
            start=datetime.fromisoformat(data["start"]),
            since=datetime.fromisoformat(data["since"]),
            reached=datetime.fromisoformat(data["reached"]),
            ended=data["ended"] and End(data["ended"]),
            left_out=tuple(data["left_out"]),
        )
