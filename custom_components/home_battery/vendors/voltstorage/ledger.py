"""What a device has come to: the newest of each reading, and energies counted once."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any, Final

from ...battery.integral import POWERS, EnergyIntegrator
from ...battery.model import Record, Value

# Between two moments further apart nobody knows what was, and what is older than
# this beside the newest is not shown any more.
LONGEST_GAP: Final = timedelta(minutes=15)

PRODUCT_ENERGIES: Final = ("battery_energy_charged", "battery_energy_discharged")
HOUSE_ENERGIES: Final = (
    "pv_energy",
    "grid_energy_imported",
    "grid_energy_exported",
    "load_energy",
)


class Ledger:
    """The readings of one device, whichever way they come.

    A moment that is shown need not count yet: what counts is told in the order
    of time, so that what was missed can still be filled in.
    """

    def __init__(self, memory: dict[str, Any], energies: Iterable[str]) -> None:
        """Go on where it was left.

        Args:
            memory: What is stored of the device; it is changed in place.
            energies: The energies to count.
        """
        self._memory = memory
        self._energies = tuple(energies)
        self._integrals = {
            key: EnergyIntegrator.from_dict(item)
            for key, item in memory.get("energies", {}).items()
        }
        until = memory.get("until")
        self._until = until and datetime.fromisoformat(until)
        self._newest: dict[str, tuple[datetime, Value]] = {}

    @property
    def until(self) -> datetime | None:
        """Return the last moment that was counted."""
        return self._until

    @property
    def time(self) -> datetime | None:
        """Return the time of the newest that is shown."""
        return max((time for time, _ in self._newest.values()), default=None)

    def show(self, time: datetime, values: Mapping[str, Value]) -> None:
        """Show readings, unless newer ones are known."""
        for key, value in values.items():
            known = self._newest.get(key)
            if known is None or known[0] <= time:
                self._newest[key] = (time, value)

    def count(self, time: datetime, values: Mapping[str, Value]) -> bool:
        """Count a moment, and show it; return whether it had not been counted."""
        self.show(time, values)
        if self._until is not None and time <= self._until:
            return False
        for key in self._energies:
            source, sign = POWERS[key]
            power = values.get(source)
            if isinstance(power, int | float):
                integral = self._integrals.setdefault(key, EnergyIntegrator())
                integral.update(sign * power, time, LONGEST_GAP)
        self._until = time
        return True

    def store(self) -> None:
        """Put into the memory what must outlive a restart."""
        if self._until is None:
            return
        self._memory["until"] = self._until.isoformat()
        self._memory["energies"] = {
            key: integral.as_dict() for key, integral in self._integrals.items()
        }

    def record(self) -> Record | None:
        """Return what is known, `None` if that is nothing."""
        if (time := self.time) is None:
            return None
        values: dict[str, Value] = {
            key: value
            for key, (at, value) in self._newest.items()
            if time - at <= LONGEST_GAP
        }
        energies = {key: round(item.total, 3) for key, item in self._integrals.items()}
        return Record(time=time, values={**values, **energies})
