"""What has to be remembered of a schedule that was set here."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Self

from .running import moment_of, schedule_as_dict, schedule_of
from .schedule import Schedule


@dataclass(kw_only=True)
class Tenure:
    """A schedule that was set here.

    Attributes:
        whole: All of it.
        chosen: What of it the device was told.
        told: The same as the device holds it.
        former: What is put back when it is over, if it ever is.
        until: When it is over.
        rolls: There was no room for all of it, so that the rest follows.
        retry_at: When to try again what has failed.
    """

    whole: Schedule
    chosen: Schedule
    told: Schedule
    former: Schedule | None = None
    until: datetime | None = None
    rolls: bool = False
    retry_at: datetime | None = None

    def is_due(self, now: datetime) -> bool:
        """Tell whether something is to be done about it."""
        if self.retry_at is not None and now < self.retry_at:
            return False
        return self.rolls or (self.until is not None and now >= self.until)

    def as_dict(self) -> dict[str, Any]:
        """Return everything as JSON; a failure is tried again after a restart."""
        return {
            "whole": schedule_as_dict(self.whole),
            "chosen": schedule_as_dict(self.chosen),
            "told": schedule_as_dict(self.told),
            "former": self.former and schedule_as_dict(self.former),
            "until": self.until and self.until.isoformat(),
            "rolls": self.rolls,
        }

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Self:
        """Read it back."""
        return cls(
            whole=schedule_of(data["whole"]),
            chosen=schedule_of(data["chosen"]),
            told=schedule_of(data["told"]),
            former=data["former"] and schedule_of(data["former"]),
            until=moment_of(data["until"]),
            rolls=data["rolls"],
        )
