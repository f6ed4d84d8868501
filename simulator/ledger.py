"""Exact energy counters, in kWh."""

from dataclasses import asdict, dataclass, fields
from datetime import datetime
from typing import Self

_WS_PER_KWH = 3_600_000


@dataclass(kw_only=True, slots=True)
class UnitLedger:
    """Lifetime energies of one inverter, in kWh."""

    pv: float = 0.0
    charge: float = 0.0
    discharge: float = 0.0
    generation: float = 0.0
    absorbed: float = 0.0
    load: float = 0.0

    def add(self, pv: float, battery: float, generation: float, seconds: float) -> None:
        """Count powers in W over so many seconds."""
        scale = seconds / _WS_PER_KWH
        self.pv += pv * scale
        if battery > 0:
            self.discharge += battery * scale
        else:
            self.charge -= battery * scale
        if generation > 0:
            self.generation += generation * scale
        else:
            self.absorbed -= generation * scale

    def add_load(self, watts: float, seconds: float) -> None:
        """Count the load that this inverter believes in: its output plus what the meter shows."""
        self.load += max(0.0, watts) * seconds / _WS_PER_KWH

    def as_dict(self) -> dict[str, float]:
        """Return the counters by name."""
        return asdict(self)


@dataclass(kw_only=True, slots=True)
class HouseLedger:
    """Lifetime energies at the meter and of the household, in kWh."""

    load: float = 0.0
    imported: float = 0.0
    exported: float = 0.0

    def add(self, load: float, grid: float, seconds: float) -> None:
        """Count powers in W (grid: + import) over so many seconds."""
        scale = seconds / _WS_PER_KWH
        self.load += load * scale
        if grid > 0:
            self.imported += grid * scale
        else:
            self.exported -= grid * scale

    def as_dict(self) -> dict[str, float]:
        """Return the counters by name."""
        return asdict(self)


@dataclass(frozen=True, kw_only=True, slots=True)
class Energies:
    """One moment's reading of all lifetime counters that an inverter knows, in kWh."""

    pv: float = 0.0
    load: float = 0.0
    imported: float = 0.0
    exported: float = 0.0
    charge: float = 0.0
    discharge: float = 0.0
    generation: float = 0.0
    absorbed: float = 0.0

    @classmethod
    def of(cls, own: UnitLedger, meter: HouseLedger) -> Self:
        """Read the counters of an inverter and of the meter of its house.

        An inverter derives the load that it counts from its own output and the
        meter, so that in a house with several inverters each has its own view.
        """
        return cls(
            pv=own.pv,
            load=own.load,
            imported=meter.imported,
            exported=meter.exported,
            charge=own.charge,
            discharge=own.discharge,
            generation=own.generation,
            absorbed=own.absorbed,
        )

    def since(self, earlier: Energies) -> Energies:
        """Return what was counted after an earlier reading."""
        return Energies(
            **{
                field.name: max(
                    0.0, getattr(self, field.name) - getattr(earlier, field.name)
                )
                for field in fields(self)
            }
        )


@dataclass(frozen=True, kw_only=True, slots=True)
class Stand:
    """All counters of a house at one moment (UTC), as each inverter knows them too, and the SOC of its batteries in percent."""

    at: datetime
    meter: HouseLedger
    units: tuple[Energies, ...]
    socs: tuple[float | None, ...]
