"""Energy counters that never fall, whatever the device or cloud sends."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, tzinfo
from functools import lru_cache
from typing import Any, Self

# Rounding and a late sample can add this much on top of what the power allows.
_SLACK_KWH = 0.5
_HEADROOM = 1.5
_RESET_AFTER = timedelta(hours=24)
# A counter in steps of 0.1 kWh, summed or sent as binary, may waver by one.
_NOISE_KWH = 0.1
_HOUR = timedelta(hours=1)


@dataclass(slots=True)
class _Sample:
    """A counter's value in kWh and the device's time of it."""

    value: float
    at: datetime


@dataclass(slots=True)
class EnergyCounter:
    """A lifetime counter in kWh with what of it fell into the present day.

    A value that falls, or rises faster than `max_power` allows, is dropped. If
    what follows it is consistent for a day, the device really starts anew. A 0
    proves nothing: some clouds tell it all night. A device that starts anew will
    soon have counted something.

    Attributes:
        max_power: W that cannot be exceeded for long.
        total: The guarded lifetime value in kWh, `None` before the first.
        at: Device time of the last accepted value.
        day_start: What the counter held at the last midnight of the system.
    """

    max_power: float
    total: float | None = None
    at: datetime | None = None
    day_start: float = 0.0
    _candidate: _Sample | None = None
    _candidate_since: datetime | None = None

    def update(self, value: float, at: datetime, zone: tzinfo) -> None:
        """Take a new value of the device's counter.

        Args:
            value: kWh, as the device sent it.
            at: Device time of the record.
            zone: The system's zone, for its midnight.
        """
        # Two times of one zone are told apart by the clock on the wall, which
        # repeats an hour in autumn.
        at = at.astimezone(UTC)
        if self.total is None or self.at is None:
            self.total, self.at, self.day_start = value, at, value
            return
        if (at <= self.at and value <= self.total) or (not value and self.total):
            return
        if 0 < round(self.total - value, 6) <= _NOISE_KWH:
            value = self.total
        if self._is_plausible(self.total, self.at, value, at):
            self._roll(value, at, zone)
            self.total, self.at = max(value, self.total), at
            self._candidate = self._candidate_since = None
            return
        if (
            self._candidate is None
            or self._candidate_since is None
            or not self._is_plausible(
                self._candidate.value, self._candidate.at, value, at
            )
        ):
            self._candidate_since = at
        self._candidate = _Sample(value, at)
        if at - self._candidate_since >= _RESET_AFTER:
            self.total, self.at, self.day_start = value, at, value
            self._candidate = self._candidate_since = None

    def today(self, now: datetime, zone: tzinfo) -> float | None:
        """Return the kWh since the system's last midnight."""
        if self.total is None or self.at is None:
            return None
        if _day(self.at, zone) < _day(now, zone):
            return 0.0
        return max(self.total - self.day_start, 0.0)

    def as_dict(self) -> dict[str, Any]:
        """Return everything as JSON."""
        return {
            "max_power": self.max_power,
            "total": self.total,
            "at": self.at and self.at.isoformat(),
            "day_start": self.day_start,
        }

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Self:
        """Read a counter back; a doubtful value must prove itself anew."""
        at = data["at"]
        return cls(
            max_power=data["max_power"],
            total=data["total"],
            at=at and datetime.fromisoformat(at),
            day_start=data["day_start"],
        )

    def _is_plausible(
        self, last: float, last_at: datetime, value: float, at: datetime
    ) -> bool:
        """Tell whether a counter can have come from one value to the next.

        A device whose clock was set back tells nothing of how long it took.
        """
        hours = (at - last_at) / _HOUR if at > last_at else 1
        gain = self.max_power / 1000 * hours * _HEADROOM + _SLACK_KWH
        return 0 <= round(value - last, 6) <= gain

    def _roll(self, value: float, at: datetime, zone: tzinfo) -> None:
        """Split what was gained over midnight by the time on either side."""
        if self.total is None or self.at is None:
            return
        if _day(self.at, zone) == _day(at, zone):
            return
        if at <= self.at:
            self.day_start = self.total
            return
        midnight = datetime.combine(_day(at, zone), datetime.min.time(), zone)
        before = (midnight - self.at) / (at - self.at)
        self.day_start = self.total + (value - self.total) * before


@lru_cache(maxsize=64)
def _day(moment: datetime, zone: tzinfo) -> date:
    """Return the system's calendar day; all counters of a record ask for the same."""
    return moment.astimezone(zone).date()
