"""An inverter of any vendor: hardware in a house, and firmware that gives it orders."""

from abc import ABC, abstractmethod
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from .house import House
from .orders import Orders
from .unit import Unit
from .uplink import Uplink

_SLEEPS_BELOW_W = 15.0


@dataclass(frozen=True, kw_only=True)
class FaultEvent:
    """A fault code that a device raised at a moment."""

    at: datetime
    code: str


@dataclass(kw_only=True, eq=False)
class Steered(Uplink, ABC):
    """A device with a unit of the house in its hands."""

    unit: Unit
    cell_temperature: float | None = None
    clock_offset: timedelta = timedelta()
    fault_codes: tuple[str, ...] = ()
    fault_events: list[FaultEvent] = field(default_factory=list)
    _plan: tuple[datetime, Orders] | None = None

    def __post_init__(self) -> None:
        """Control the unit."""
        super().__post_init__()
        self.house.connect(self.unit, self.orders_at)

    @property
    def soc(self) -> float | None:
        """Return the battery's SOC in percent, or None without a battery."""
        return None if self.unit.battery is None else self.unit.battery.soc

    @property
    def battery_temperature(self) -> float:
        """Return the cells' temperature in °C: what was set, or what the load makes of a cellar."""
        if self.cell_temperature is not None:
            return self.cell_temperature
        return round(19.5 + abs(round(self.unit.flow.battery)) / 900, 1)

    @property
    def reachable(self) -> bool:
        """Return whether the device answers the cloud."""
        return super().reachable and not self.sleeping

    @property
    def sleeping(self) -> bool:
        """Return whether the device is off for want of light, as those without a battery are at night."""
        return (
            self.unit.battery is None
            and self.unit.available(self.house.light()) < _SLEEPS_BELOW_W
        )

    def local(self, moment: datetime) -> datetime:
        """Return what the device's own clock shows."""
        return (moment + self.clock_offset).astimezone(self.house.time_zone)

    def set_pv(self, watts: float | None) -> None:
        """Let the panels give so many W, or (None) what the sun gives."""
        self.unit.pv_override_w = watts

    def raise_faults(self, codes: tuple[str, ...]) -> None:
        """Set the fault codes that the device reports from its next record on."""
        new = set(codes) - set(self.fault_codes)
        self.fault_events += [
            FaultEvent(at=self.house.at, code=code) for code in codes if code in new
        ]
        self.fault_codes = codes

    def replan(self) -> None:
        """Work the firmware's orders out anew."""
        self._plan = None

    @abstractmethod
    def plan(self, moment: datetime) -> Orders:
        """Return the orders that the firmware gives from a moment (UTC) on."""

    def orders_at(self, moment: datetime) -> Orders:
        """Return the firmware's orders, worked out anew only when they can have changed."""
        if self._plan is None or not self._plan[0] <= moment < self._plan[1].until:
            self._plan = moment, self.plan(moment)
        return self._plan[1]


def midnight_before(moment: datetime, house: House, days: int = 0) -> datetime:
    """Return the start of the house's day, or of one some days earlier, in UTC."""
    local = moment.astimezone(house.time_zone) - timedelta(days=days)
    return local.replace(hour=0, minute=0, second=0, microsecond=0, fold=0).astimezone(
        UTC
    )
