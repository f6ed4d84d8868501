"""A product behind the VoltStorage cloud: what it measures, and what it is."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from math import floor, log10
from typing import Final

from ..jsontypes import Json
from ..orders import Mode, Orders
from ..steered import Steered
from ..unit import Unit
from .catalogue import Profile

VENDOR = "voltstorage"

GRID: Final = "Power_Grid"
HOUSEHOLD: Final = "Power_Household"
INVERTER: Final = "inverterPower"
PV: Final = "Power_PV"
ELECTRONICS: Final = "Power_Power Electronics"
SOC: Final = "SOC_State of Charge"
STATUS: Final = "Status"
DC_VOLTAGE: Final = "dcVoltage"
# A reading is sent when it has changed by more than this; the meter's is never still.
_DEAD_BANDS: Final = {
    GRID: -1.0,
    HOUSEHOLD: 1.0,
    INVERTER: 1.0,
    PV: 1.0,
    ELECTRONICS: 1.0,
    SOC: 1e-4,
    STATUS: 0.0,
    DC_VOLTAGE: 0.01,
}
_PERIOD: Final = timedelta(minutes=1)
_FLOOR: Final = 3.0
_DIGITS: Final = 6
_PLACES: Final = 6
_RESTS_BELOW_W: Final = 5.0
_ABOVE_CELLAR: Final = 12.0
_PUMP_WARMER: Final = 4.5


@dataclass(frozen=True, kw_only=True, slots=True)
class Totals:
    """Energies since the product was installed, in kWh, all of them at AC."""

    pv: float = 0.0
    consumption: float = 0.0
    imported: float = 0.0
    exported: float = 0.0
    released: float = 0.0
    stored: float = 0.0

    def since(self, earlier: Totals) -> Totals:
        """Return what was added after an earlier moment."""
        return Totals(
            pv=self.pv - earlier.pv,
            consumption=self.consumption - earlier.consumption,
            imported=self.imported - earlier.imported,
            exported=self.exported - earlier.exported,
            released=self.released - earlier.released,
            stored=self.stored - earlier.stored,
        )


@dataclass(frozen=True, kw_only=True, slots=True)
class Record:
    """What was sent at a moment: only what had changed. Power in W, SOC as a fraction, °C."""

    at: datetime
    changed: dict[str, float]
    totals: Totals
    electrolyte: float
    pump: float


@dataclass(kw_only=True, eq=False)
class Product(Steered):
    """One battery. Nothing can be commanded; it follows what the house needs.

    `changes` are fields of the list that differ from what they should be, and
    `extra_data` is added to what stream and latest data tell.
    """

    vendor = VENDOR
    unhurried = True

    id: int
    profile: Profile
    panels: Unit
    changes: dict[str, Json] = field(default_factory=dict)
    extra_data: dict[str, Json] = field(default_factory=dict)
    values: dict[str, float] = field(init=False, default_factory=dict)
    records: list[Record] = field(init=False, default_factory=list)

    def __post_init__(self) -> None:
        """Begin to send about once a minute."""
        self.upload_period = _PERIOD
        if self.profile.lab:
            self.fault_codes = ("nonDefaultStrategy",)
        super().__post_init__()

    @property
    def installed(self) -> datetime:
        """Return when the records begin, in UTC."""
        return self.house.begun

    @property
    def totals(self) -> Totals:
        """Return the energies now."""
        meter, own = self.house.ledger, self.unit.ledger
        return Totals(
            pv=self.panels.ledger.generation,
            consumption=meter.load,
            imported=meter.imported,
            exported=meter.exported,
            released=own.generation,
            stored=own.absorbed,
        )

    def set_pv(self, watts: float | None) -> None:
        """Let the house's panels give so many W: a battery has none of its own."""
        self.panels.pv_override_w = watts

    def plan(self, moment: datetime) -> Orders:
        """Return what it always does, unless it is broken."""
        idle = self.switchboard.affects(VENDOR, "idle", self.serial)
        return Orders(
            until=moment + timedelta(hours=1),
            mode=Mode.OFF if idle else Mode.SELF_CONSUMPTION,
            floor=_FLOOR,
        )

    def measure(self) -> None:
        """Keep what has changed."""
        now = self._readings()
        changed = {
            name: value
            for name, value in now.items()
            if name not in self.values
            or abs(value - self.values[name]) > _DEAD_BANDS[name]
        }
        self.values |= changed
        electrolyte = self.battery_temperature
        if self.cell_temperature is None:
            electrolyte += _ABOVE_CELLAR
        at = self.house.at
        self.records.append(
            Record(
                at=at.replace(microsecond=at.microsecond // 1000 * 1000),
                changed=changed,
                totals=self.totals,
                electrolyte=electrolyte,
                pump=electrolyte + _PUMP_WARMER,
            )
        )

    def _readings(self) -> dict[str, float]:
        """Return all readings of this moment; only the house's balance is exact."""
        house = self.house
        inverter = self.unit.flow.generation
        readings = {
            GRID: house.grid_w,
            HOUSEHOLD: house.load_w,
            INVERTER: inverter,
            PV: self.panels.flow.generation,
            ELECTRONICS: inverter,
            SOC: (self.soc or 0.0) / 100,
            STATUS: _status(inverter),
        }
        if self.unit.battery is not None:
            readings[DC_VOLTAGE] = self.unit.battery.volts
        return {
            name: significant(round(value, _PLACES), _DIGITS)
            for name, value in readings.items()
        }


def _status(inverter: float) -> float:
    """Return what no document explains: 0 at rest, 1 charging, 2 discharging."""
    if abs(inverter) < _RESTS_BELOW_W:
        return 0.0
    return 2.0 if inverter > 0 else 1.0


def significant(value: float, digits: int) -> float:
    """Return a number with so many significant digits."""
    if not value:
        return 0.0
    return round(value, digits - 1 - floor(log10(abs(value))))
