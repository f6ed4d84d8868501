"""The mode scheduler as the device holds it, in no version's shape (Fox ESS notes 1.10)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from ..wall_clock import minute_of_day, next_edge


@dataclass(frozen=True, kw_only=True)
class Group:
    """A period of the day. Minutes since midnight, the end minute belongs to the period."""

    start: int
    end: int
    work_mode: str
    enabled: bool = True
    params: Mapping[str, float] = field(default_factory=dict)

    def covers(self, minute: int) -> bool:
        """Return whether the device acts by this group in a minute of the day."""
        return self.enabled and self.start <= minute <= self.end


@dataclass(kw_only=True)
class Scheduler:
    """The master switch and the groups.

    `memory` holds each slot's parameters beyond a rewrite, from which fields
    that a v2 or v3 write leaves out take their value.
    """

    enabled: bool = False
    groups: list[Group] = field(default_factory=list)
    memory: dict[int, Mapping[str, float]] = field(default_factory=dict)

    def replace(self, groups: list[Group]) -> None:
        """Replace all groups, as every write does."""
        self.groups = groups
        self.memory.update((slot, group.params) for slot, group in enumerate(groups))

    def active(self, local: datetime) -> Group | None:
        """Return the group that the device acts by at its local time."""
        if not self.enabled:
            return None
        minute = minute_of_day(local)
        return next((group for group in self.groups if group.covers(minute)), None)

    def next_change(self, local: datetime) -> int:
        """Return the next minute of the day at which a group begins or has ended."""
        minute = minute_of_day(local)
        return next_edge(
            minute,
            (edge for group in self.groups for edge in (group.start, group.end + 1)),
        )
