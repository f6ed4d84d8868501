"""What the unit believes to flow. The inverter overstates what it measures itself; meters are exact."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from ..ledger import Energies
from ..unit import Unit

if TYPE_CHECKING:
    from .device import XStorage


@dataclass(frozen=True, kw_only=True)
class Readings:
    """Powers in W: battery + discharge, grid + import, a negative load is a plant that pushes back."""

    battery: float
    inverter: float
    dc_pv: float
    ac_pv: float
    grid: float
    critical: float
    non_critical: float

    @property
    def pv(self) -> float:
        """Return all that is known of the sun."""
        return self.dc_pv + self.ac_pv

    @property
    def load(self) -> float:
        """Return what the house seems to draw."""
        return max(0.0, self.critical + self.non_critical)


def read_meters(unit: XStorage) -> Readings:
    """Return what inverter and meters show now; without a meter it is 0."""
    profile, house, flow = unit.profile, unit.house, unit.unit.flow
    foreign = 0.0 if unit.foreign is None else unit.foreign.flow.generation
    critical = unit.critical_w
    sees_grid = profile.sees_house and not unit.outage
    others = house.load_w - critical
    if not profile.sees_foreign_pv:
        others -= foreign
    return Readings(
        battery=flow.battery * profile.reads_high,
        inverter=flow.generation * profile.reads_high,
        dc_pv=flow.pv * profile.reads_high,
        ac_pv=foreign if profile.sees_foreign_pv else 0.0,
        grid=house.grid_w if sees_grid else 0.0,
        critical=critical * profile.reads_high,
        non_critical=others if sees_grid else 0.0,
    )


@dataclass(frozen=True, kw_only=True)
class Totals:
    """Energies of some time in Wh."""

    grid: float
    injection: float
    pv: float
    load: float

    @property
    def self_consumption(self) -> float:
        """Return the share of the sun's energy that was not exported, in percent."""
        return _percent(self.pv - self.injection, self.pv)

    @property
    def self_sufficiency(self) -> float:
        """Return the share of the load that was not imported, in percent."""
        return _percent(self.load - self.grid, self.load)


def totals_since(unit: XStorage, begin: datetime) -> Totals:
    """Return what was counted since a moment, or since the record begins."""
    return _between(unit, _energies(unit, begin), _energies(unit, None))


def totals_today(unit: XStorage) -> Totals:
    """Return what was counted since midnight in the time zone that the unit is set to."""
    local = unit.house.at.astimezone(ZoneInfo(unit.settings.time_zone))
    midnight = local.replace(hour=0, minute=0, second=0, microsecond=0, fold=0)
    return totals_since(unit, midnight.astimezone(UTC))


type _Both = tuple[Energies, Energies]


def _energies(unit: XStorage, moment: datetime | None) -> _Both:
    """Return the counters of the unit and of the plant beside it, now or at a mark."""
    house = unit.house

    def of(part: Unit | None) -> Energies:
        if part is None:
            return Energies()
        return (
            house.energies(part) if moment is None else house.energies_at(part, moment)
        )

    return of(unit.unit), of(unit.foreign)


def _between(unit: XStorage, before: _Both, after: _Both) -> Totals:
    """Return the energies between two readings."""
    profile = unit.profile
    own, foreign = (
        later.since(earlier) for earlier, later in zip(before, after, strict=True)
    )
    pv = own.pv * profile.reads_high
    if profile.sees_foreign_pv:
        pv += foreign.pv
    if not profile.sees_house:
        return Totals(grid=0.0, injection=0.0, pv=pv * 1000, load=0.0)
    load = (
        own.generation - own.absorbed + foreign.generation + own.imported - own.exported
    )
    return Totals(
        grid=own.imported * 1000,
        injection=own.exported * 1000,
        pv=pv * 1000,
        load=max(0.0, load) * 1000,
    )


def _percent(part: float, whole: float) -> float:
    """Return a share in percent, 0 of nothing."""
    return round(100 * min(1.0, max(0.0, part / whole)), 2) if whole > 0 else 0.0
