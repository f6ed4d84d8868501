"""GMAX: a large battery that only follows its own plan (Fox ESS notes 1.12)."""

from collections import deque
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from typing import Final

from ..jsontypes import JsonObject
from ..orders import Mode, Orders
from ..unit import Unit
from .uplink import Uplink

_KEEP_RECORDS: Final = 4 * 288
_CHECK: Final = timedelta(minutes=30)
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
BY_TIME, BY_MONTH, BY_YEAR, INVALID = 0, 1, 2, -1
CAPACITY_WH: Final = 215_000
POWER_W: Final = 100_000
_SHUTDOWN, _CHARGING, _DISCHARGING, _STANDBY = range(4)


@dataclass(frozen=True, kw_only=True)
class PeakPeriod:
    """A period of the plan. Times are Unix seconds, power is in kW: charging is negative."""

    enable: bool
    work_mode: int
    week_day: int
    stop_soc: float
    power: float
    start: int
    end: int

    def as_json(self) -> JsonObject:
        """Return the period as the server sends it."""
        return {
            "enable": self.enable,
            "peakWorkMode": self.work_mode,
            "peakWeek": self.week_day,
            "peakStopSoc": self.stop_soc,
            "peakPower": self.power,
            "peakStartTime": self.start,
            "peakEndTime": self.end,
        }


@dataclass(frozen=True, kw_only=True)
class PeakPlan:
    """When the battery charges and discharges, and when that was set."""

    enabled: bool = False
    periods: tuple[PeakPeriod, ...] = ()
    set_at: int = 0


@dataclass(frozen=True, kw_only=True)
class GmaxRecord:
    """One upload. Power in kW, + discharge."""

    at: datetime
    time: str
    power: float
    soc: float
    status: int


@dataclass(kw_only=True, eq=False)
class Gmax(Uplink):
    """A battery with its converter. Outside its periods it stands by."""

    gmax_id: str
    unit: Unit
    plan: PeakPlan = field(default_factory=PeakPlan)
    records: deque[GmaxRecord] = field(
        default_factory=lambda: deque(maxlen=_KEEP_RECORDS)
    )

    def __post_init__(self) -> None:
        """Control the unit."""
        super().__post_init__()
        self.house.connect(self.unit, self._orders)

    @property
    def soc(self) -> float:
        """Return the SOC in percent."""
        return 0.0 if self.unit.battery is None else self.unit.battery.soc

    @property
    def status(self) -> int:
        """Return what the battery does."""
        power = self.unit.flow.battery
        if power:
            return _DISCHARGING if power > 0 else _CHARGING
        return _STANDBY

    def local(self, moment: datetime) -> datetime:
        """Return the wall-clock time of the house."""
        return moment.astimezone(self.house.time_zone)

    def measure(self) -> None:
        """Keep a record of this moment."""
        self.records.append(
            GmaxRecord(
                at=self.house.at,
                time=self.local(self.house.at).strftime("%Y-%m-%d %H:%M:%S %Z%z"),
                power=round(self.unit.flow.battery / 1000, 2),
                soc=round(self.soc, 1),
                status=self.status,
            )
        )

    def _orders(self, moment: datetime) -> Orders:
        """Return what the plan says from a moment on."""
        period = self._active(moment)
        until = self._until(moment)
        if period is None or not period.power:
            return Orders(until=until, mode=Mode.BACKUP)
        return Orders(
            until=until,
            mode=Mode.FORCE_CHARGE if period.power < 0 else Mode.FORCE_DISCHARGE,
            floor=0.0,
            target=period.stop_soc,
            power=abs(period.power) * 1000,
        )

    def _active(self, moment: datetime) -> PeakPeriod | None:
        """Return the first period that covers a moment."""
        if not self.plan.enabled:
            return None
        return next(
            (period for period in self.plan.periods if self._covers(period, moment)),
            None,
        )

    def _covers(self, period: PeakPeriod, moment: datetime) -> bool:
        """Return whether a period covers a moment.

        The wall clocks of its two times say when on a day; their dates say on
        which days of all, of each month, or of each year, if the week day fits.
        """
        now, start, end = (
            self.local(moment),
            self.local(datetime.fromtimestamp(period.start, UTC)),
            self.local(datetime.fromtimestamp(period.end, UTC)),
        )
        if not period.enable or now.isoweekday() != period.week_day:
            return False
        if not _clock(start) <= _clock(now) < _clock(end):
            return False
        match period.work_mode:
            case 0:
                return start.date() <= now.date() <= end.date()
            case 1:
                return start.day <= now.day <= end.day
            case 2:
                days = [(at.month, at.day) for at in (start, now, end)]
                return days[0] <= days[1] <= days[2]
        return False

    def _until(self, moment: datetime) -> datetime:
        """Return when the plan has to be looked at again."""
        mark = _EPOCH + ((moment - _EPOCH) // _CHECK + 1) * _CHECK
        now = self.local(moment)
        edges = [
            now.replace(
                hour=clock.hour, minute=clock.minute, second=clock.second, microsecond=0
            ).astimezone(UTC)
            for period in self.plan.periods
            for clock in (
                _clock(self.local(datetime.fromtimestamp(edge, UTC)))
                for edge in (period.start, period.end)
            )
        ]
        return min([mark, *(edge for edge in edges if edge > moment)])


def _clock(local: datetime) -> time:
    """Return the wall clock of a moment, to the second."""
    return local.time().replace(microsecond=0)
