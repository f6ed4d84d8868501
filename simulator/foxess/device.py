"""An inverter: what it holds, and when it sends records to the cloud."""

from collections import deque
from dataclasses import dataclass, field
from datetime import datetime

from ..ledger import Energies
from ..orders import Orders
from ..steered import Steered
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

__all__ = ["VENDOR", "Inverter"]

_KEEP_RECORDS = 8 * 288


@dataclass(kw_only=True, eq=False)
class Inverter(Steered, Uplink):
    """One inverter behind the cloud.

    Settings are held under their vendor keys as the strings that travel. The
    device uploads a record every five minutes of house time, at a phase of its
    own and with some seconds of jitter; the cloud knows nothing newer.
    """

    module_serial: str
    profile: Profile
    settings: dict[str, str] = field(init=False)
    scheduler: Scheduler = field(default_factory=Scheduler)
    charge_times: ChargeTimes = field(default_factory=ChargeTimes)
    peak_import_kw: float = 5.0
    peak_soc: int = 30
    heating: dict[str, str] = field(default_factory=first_heating)
    display_sleep: dict[str, str] = field(default_factory=first_display_sleep)
    meter_reader: MeterReader = field(default_factory=MeterReader)
    boarding: int = 1
    superiors: tuple[Superior, ...] = ()
    records: deque[Record] = field(default_factory=lambda: deque(maxlen=_KEEP_RECORDS))

    def __post_init__(self) -> None:
        """Take the factory settings and control the unit."""
        self.settings = {
            key: register.default
            for key, register in registers_of(self.profile).items()
        }
        super().__post_init__()

    @property
    def model(self) -> str:
        """Return the name of the device's profile."""
        return self.profile.key

    @property
    def status(self) -> int:
        """Return the cloud's view: 1 online, 2 fault, 3 offline."""
        if not self.reachable:
            return 3
        return 2 if self.fault_codes else 1

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

    def measure(self) -> None:
        """Keep a record of this moment."""
        self.records.append(take_record(self))

    def plan(self, moment: datetime) -> Orders:
        """Return the orders that settings and schedule make."""
        return orders(self._installed(), moment)

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
