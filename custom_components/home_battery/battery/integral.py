"""Energies of devices that count none, out of their powers."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final, Self

_HOUR: Final = timedelta(hours=1)
_KILO: Final = 1000.0

# The power that each energy is the integral of, and its sign in that direction.
POWERS: Final[Mapping[str, tuple[str, int]]] = {
    "battery_energy_charged": ("battery_power", -1),
    "battery_energy_discharged": ("battery_power", 1),
    "pv_energy": ("pv_power", 1),
    "grid_energy_imported": ("grid_power", 1),
    "grid_energy_exported": ("grid_power", -1),
    "load_energy": ("load_power", 1),
}


@dataclass(slots=True)
class EnergyIntegrator:
    """An energy in kWh, integrated from a power in one direction.

    Between two records the power is taken to change evenly. What happened in a
    longer gap is not known, and nothing is made up for it.

    Attributes:
        total: kWh so far.
        at: Device time of the last record.
        power: W at that time, negative in the other direction.
    """

    total: float = 0.0
    at: datetime | None = None
    power: float = 0.0

    def update(self, power: float, at: datetime, longest: timedelta) -> None:
        """Take the power of a new record.

        Args:
            power: W; what is negative belongs to the other direction.
            at: Device time of the record.
            longest: Gap up to which two records belong together.
        """
        at = at.astimezone(UTC)
        if self.at is not None and timedelta(0) < at - self.at <= longest:
            self.total += positive_mean(self.power, power) * (at - self.at) / _HOUR
        self.at, self.power = at, power

    def as_dict(self) -> dict[str, Any]:
        """Return everything as JSON."""
        return {
            "total": self.total,
            "at": self.at and self.at.isoformat(),
            "power": self.power,
        }

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Self:
        """Read an integral back, which goes on where it was left."""
        at = data["at"]
        return cls(data["total"], at and datetime.fromisoformat(at), data["power"])


def positive_mean(start: float, end: float) -> float:
    """Return the mean in kW of what is positive on the line between two powers."""
    low, high = sorted((start, end))
    if low >= 0:
        return (low + high) / 2 / _KILO
    if high <= 0:
        return 0.0
    return high * high / (high - low) / 2 / _KILO
