"""A device behind the Growatt cloud: what it holds, and when it sends records."""

from collections import deque
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from ..orders import Mode, Orders
from ..steered import Steered
from ..unit import Unit
from ..uplink import Uplink
from . import firmware
from .catalogue import Profile
from .defaults import first_settings
from .families import Family
from .records import Record, spoiled, take_record
from .settings import Setting
from .vpp import Vpp

VENDOR = "growatt"

_KEEP = timedelta(days=95)


@dataclass(kw_only=True, eq=False)
class Logger(Uplink):
    """A data logger, through which everything in a house reports."""

    vendor = VENDOR


@dataclass(kw_only=True, eq=False)
class Device(Steered):
    """One device. Settings are held under the names by which the cloud reads them."""

    vendor = VENDOR

    number: int
    profile: Profile
    logger_serial: str
    foreign: Unit | None = None
    settings: dict[str, Setting] = field(init=False)
    vpp: Vpp = field(default_factory=Vpp)
    records: deque[Record] = field(init=False)

    def __post_init__(self) -> None:
        """Take the factory settings and begin to upload."""
        self.settings = first_settings(self.profile)
        self.upload_period = timedelta(minutes=self.profile.upload_minutes)
        self.records = deque(maxlen=_KEEP // self.upload_period)
        super().__post_init__()

    @property
    def family(self) -> Family:
        """Return the device's family."""
        return self.profile.family

    @property
    def model(self) -> str:
        """Return the name of the device's profile."""
        return self.profile.key

    @property
    def answers(self) -> bool:
        """Return whether the device itself is there, whatever its data logger does."""
        return super().reachable

    @property
    def reachable(self) -> bool:
        """Return whether the cloud hears of the device."""
        return self.answers and not self.switchboard.affects(
            VENDOR, "offline", self.logger_serial
        )

    @property
    def sleeping(self) -> bool:
        """Return whether the device is off for want of light; what has no panels needs none."""
        return bool(self.profile.pv_peak_w) and super().sleeping

    @property
    def orders(self) -> Orders:
        """Return what the firmware wants now."""
        return self.orders_at(self.house.at)

    @property
    def on(self) -> bool:
        """Return whether the device is switched on."""
        return self.orders.mode is not Mode.OFF

    @property
    def priority(self) -> int:
        """Return what goes first: 0 load, 1 battery, 2 grid."""
        return firmware.PRIORITIES.get(self.orders.mode, 0)

    @property
    def noah_mode(self) -> int:
        """Return the mode of a NOAH: 0 load first, 1 battery first, 2 smart."""
        return firmware.NOAH_MODES.get(self.orders.mode, 0)

    @property
    def latest(self) -> Record | None:
        """Return the last record that the cloud has, as it shows it, or None before the first."""
        return self.shown(self.records[-1]) if self.records else None

    def shown(self, record: Record) -> Record:
        """Return a record with what the cloud gets wrong while a fault says so."""
        bounce, no_totals, no_soc = (
            self.switchboard.affects(VENDOR, kind, self.serial)
            for kind in ("midnight_bounce", "zero_totals", "zero_soc")
        )
        return spoiled(record, bounce=bounce, no_totals=no_totals, no_soc=no_soc)

    def measure(self) -> None:
        """Keep a record of this moment."""
        self.records.append(take_record(self))

    def plan(self, moment: datetime) -> Orders:
        """Return the orders that settings and remote control make."""
        return firmware.orders(
            self.profile, self.settings, self.vpp, self.local, moment
        )
