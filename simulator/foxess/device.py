"""An inverter: what it holds, and when it sends records to the cloud."""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from ..chance import fraction
from ..clock import Clock
from ..faults import Switchboard
from ..house import House
from ..ledger import Energies
from ..orders import Orders
from ..unit import Unit
from .catalogue import Profile
from .charging import ChargeTimes
from .firmware import Installed, orders
from .heating import first_heating
from .records import Record, take_record
from .registers import registers_of
from .schedule import Scheduler

VENDOR = "foxess"

_UPLOAD_PERIOD = timedelta(minutes=5)
_JITTER_S = 12.0
_KEEP_RECORDS = 8 * 288
_SLEEPS_BELOW_W = 15.0


@dataclass(frozen=True, kw_only=True)
class FaultEvent:
    """A fault code that the inverter raised at a moment."""

    at: datetime
    code: str


@dataclass(kw_only=True, eq=False)
class Inverter:
    """One inverter behind the cloud.

    Settings are held under their vendor keys as the strings that travel. The
    device uploads a record every five minutes of house time, at a phase of its
    own and with some seconds of jitter; the cloud knows nothing newer.
    """

    serial: str
    module_serial: str
    profile: Profile
    house: House
    unit: Unit
    clock: Clock
    switchboard: Switchboard
    station_id: str = ""
    settings: dict[str, str] = field(init=False)
    scheduler: Scheduler = field(default_factory=Scheduler)
    charge_times: ChargeTimes = field(default_factory=ChargeTimes)
    peak_import_kw: float = 5.0
    peak_soc: int = 30
    heating: dict[str, str] = field(default_factory=first_heating)
    clock_offset: timedelta = timedelta()
    fault_codes: tuple[str, ...] = ()
    fault_events: list[FaultEvent] = field(default_factory=list)
    records: deque[Record] = field(default_factory=lambda: deque(maxlen=_KEEP_RECORDS))
    neighbours: tuple[Inverter, ...] = ()
    _uploads: int = 0
    _pending: list[tuple[datetime, Callable[[], None]]] = field(default_factory=list)
    _plan: tuple[datetime, Orders] | None = None

    def __post_init__(self) -> None:
        """Take the factory settings and control the unit."""
        self.settings = {
            key: register.default
            for key, register in registers_of(self.profile).items()
        }
        self._first_upload = self.house.at + _UPLOAD_PERIOD * fraction(
            self.serial, "phase"
        )
        self.neighbours = self.neighbours or (self,)
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
    def status(self) -> int:
        """Return the cloud's view: 1 online, 2 fault, 3 offline."""
        if not self.reachable:
            return 3
        return 2 if self.fault_codes else 1

    @property
    def reachable(self) -> bool:
        """Return whether the device answers the cloud."""
        return (
            not self.switchboard.affects(VENDOR, "offline", self.serial)
            and not self.sleeping
        )

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

    def change(
        self, apply: Callable[[], None], *, delay: timedelta | None = None
    ) -> None:
        """Apply a command at once, or after a delay in house time."""
        self.settle()
        if delay is None:
            apply()
        else:
            self._pending.append((self.clock.house_now() + delay, apply))

    def settle(self) -> None:
        """Let the house, and all inverters in it, catch up with house time."""
        target = self.clock.house_now()
        span = target - self.house.at
        for inverter in self.neighbours:
            inverter._plan = None  # noqa: SLF001
        while (
            first := min(self.neighbours, key=Inverter.next_event)
        ).next_event() <= target:
            self.house.advance_to(first.next_event(), span=span)
            first.fire()
        self.house.advance_to(target, span=span)

    def next_event(self) -> datetime:
        """Return when the device next uploads or carries out a delayed command."""
        return min([self._next_upload(), *(due for due, _ in self._pending)])

    def fire(self) -> None:
        """Do what the next event asks for."""
        moment = self.next_event()
        for due, apply in [entry for entry in self._pending if entry[0] == moment]:
            apply()
            self._pending.remove((due, apply))
            self._plan = None
        if moment == self._next_upload():
            self._upload()

    def _upload(self) -> None:
        """Send a record, unless the device is out of touch."""
        self._uploads += 1
        stale = self.switchboard.affects(VENDOR, "stale", self.serial)
        if self.reachable and not stale:
            self.records.append(take_record(self))

    def _next_upload(self) -> datetime:
        """Return when the next upload is due."""
        jitter = (fraction(self.serial, self._uploads) * 2 - 1) * _JITTER_S
        regular = self._first_upload + _UPLOAD_PERIOD * self._uploads
        return regular + timedelta(seconds=round(_JITTER_S + jitter))

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
        )


def midnight_before(moment: datetime, inverter: Inverter, days: int = 0) -> datetime:
    """Return the start of the local day, or of one some days earlier, in UTC."""
    local = moment.astimezone(inverter.house.time_zone) - timedelta(days=days)
    return local.replace(hour=0, minute=0, second=0, microsecond=0, fold=0).astimezone(
        UTC
    )
