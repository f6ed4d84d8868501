"""An inverter: what it holds, and when it sends records to the cloud."""

from collections import deque
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from ..ledger import Energies
from ..orders import Orders
from ..unit import Unit
from .catalogue import Profile
from .charging import ChargeTimes
from .display import first_display_sleep
from .firmware import Installed, orders
from .heating import first_heating
from .meter_reader import MeterReader
from .records import Record, take_record
from .registers import registers_of
from .schedule import Scheduler
from .superior import Superior, strictest
from .uplink import VENDOR, Uplink

__all__ = ["VENDOR", "FaultEvent", "Inverter", "midnight_before"]

_KEEP_RECORDS = 8 * 288
_SLEEPS_BELOW_W = 15.0


@dataclass(frozen=True, kw_only=True)
class FaultEvent:
    """A fault code that the inverter raised at a moment."""

    at: datetime
    code: str


@dataclass(kw_only=True, eq=False)
class Inverter(Uplink):
    """One inverter behind the cloud.

    Settings are held under their vendor keys as the strings that travel. The
    device uploads a record every five minutes of house time, at a phase of its
    own and with some seconds of jitter; the cloud knows nothing newer.
    """

    module_serial: str
    profile: Profile
    unit: Unit
    settings: dict[str, str] = field(init=False)
    scheduler: Scheduler = field(default_factory=Scheduler)
    charge_times: ChargeTimes = field(default_factory=ChargeTimes)
    peak_import_kw: float = 5.0
    peak_soc: int = 30
    heating: dict[str, str] = field(default_factory=first_heating)
    cell_temperature: float | None = None
    display_sleep: dict[str, str] = field(default_factory=first_display_sleep)
    meter_reader: MeterReader = field(default_factory=MeterReader)
    boarding: int = 1
    superiors: tuple[Superior, ...] = ()
    clock_offset: timedelta = timedelta()
    fault_codes: tuple[str, ...] = ()
    fault_events: list[FaultEvent] = field(default_factory=list)
    records: deque[Record] = field(default_factory=lambda: deque(maxlen=_KEEP_RECORDS))
    _plan: tuple[datetime, Orders] | None = None

    def __post_init__(self) -> None:
        """Take the factory settings and control the unit."""
        self.settings = {
            key: register.default
            for key, register in registers_of(self.profile).items()
        }
        super().__post_init__()
        self.house.connect(self.unit, self._orders)

    @property
    def model(self) -> str:
        """Return the name of the device's profile."""
        return self.profile.key

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
    def status(self) -> int:
        """Return the cloud's view: 1 online, 2 fault, 3 offline."""
        if not self.reachable:
            return 3
        return 2 if self.fault_codes else 1

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

    def energies_at(self, moment: datetime) -> Energies:
        """Return the counters as the cloud knows them for a moment, in kWh."""
        if not self.records:
            return self.house.energies_at(self.unit, moment)
        latest = self.records[-1]
        return (
            latest.energies
            if moment >= latest.at
            else self.house.energies_at(self.unit, moment)
        )

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

    def measure(self) -> None:
        """Keep a record of this moment."""
        self.records.append(take_record(self))

    def _orders(self, moment: datetime) -> Orders:
        """Return the firmware's orders, worked out anew only when they can have changed."""
        if self._plan is None or not self._plan[0] <= moment < self._plan[1].until:
            self._plan = moment, orders(self._installed(), moment)
        return self._plan[1]

    def _installed(self) -> Installed:
        """Return what the firmware decides by."""
        return Installed(
            profile=self.profile,
            settings=self.settings,
            scheduler=self.scheduler,
            charge_times=self.charge_times,
            peak_import_w=self.peak_import_kw * 1000,
            peak_soc=self.peak_soc,
            volts=0.0 if self.unit.battery is None else self.unit.battery.volts,
            local=self.local,
            limits=strictest(self.superiors),
        )


def midnight_before(moment: datetime, inverter: Inverter, days: int = 0) -> datetime:
    """Return the start of the local day, or of one some days earlier, in UTC."""
    local = moment.astimezone(inverter.house.time_zone) - timedelta(days=days)
    return local.replace(hour=0, minute=0, second=0, microsecond=0, fold=0).astimezone(
        UTC
    )
