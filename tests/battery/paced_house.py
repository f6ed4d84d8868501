"""A simulated house whose battery is forced once a day, at full power or just in time."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from math import inf
from zoneinfo import ZoneInfo

from custom_components.home_battery.battery.pace import Reason, Step, Worth, plan, weigh
from custom_components.home_battery.battery.taper import Taper
from custom_components.home_battery.battery.way import Situation
from simulator.battery import Battery
from simulator.house import House
from simulator.load import Household
from simulator.orders import Mode, Orders
from simulator.sun import Sun
from simulator.unit import Unit

BERLIN = ZoneInfo("Europe/Berlin")
LOOK = timedelta(minutes=5)
FLOOR = 10.0
LIMIT = 5000.0
CAPACITY = 10.0
PAST = datetime(2000, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, kw_only=True)
class Daily:
    """What is asked for every day: a target in % from one local hour to another."""

    charging: bool
    start: time
    end: time
    target: float


@dataclass(kw_only=True)
class Day:
    """How one day's override went: the SOC in % at its end, and the writes."""

    soc: float
    writes: int
    reasons: set[Reason]


@dataclass
class PacedHouse:
    """A house under the simulator's sun, seen as a device shows it: SOC in whole percent."""

    daily: Daily
    first: date
    house: House = field(init=False)
    battery: Battery = field(init=False)
    unit: Unit = field(init=False)
    sun: Sun = field(default_factory=Sun)
    held: Step = field(init=False)
    taper: Taper = field(default_factory=Taper)

    def __post_init__(self) -> None:
        """Build the house on the morning of its first day."""
        self.battery = Battery(
            capacity_wh=CAPACITY * 1000, max_charge_w=LIMIT, max_discharge_w=LIMIT
        )
        self.unit = Unit(rated_w=8000, pv_peak_w=7000, battery=self.battery)
        self.house = House(
            sun=self.sun,
            time_zone=BERLIN,
            household=Household(),
            units=[self.unit],
            begin=datetime.combine(self.first, time(), BERLIN),
        )
        self.held = Step(PAST, PAST, None, Reason.FULL)
        self.house.connect(self.unit, self.orders)

    def orders(self, at: datetime) -> Orders:
        """Return what the device makes of the window that it holds."""
        edges = [edge for edge in (self.held.start, self.held.end) if edge > at]
        until = min([*edges, at + timedelta(days=1)])
        if not self.held.runs(at):
            return Orders(until=until, floor=FLOOR)
        return Orders(
            until=until,
            mode=Mode.FORCE_CHARGE if self.daily.charging else Mode.FORCE_DISCHARGE,
            floor=FLOOR,
            target=self.daily.target,
            power=inf if self.held.power is None else self.held.power,
        )

    def situation(self, end: datetime) -> Situation:
        """Return what is known from the readings."""
        flow = self.unit.flow
        return Situation(
            charging=self.daily.charging,
            now=self.house.at,
            end=end,
            target_soc=self.daily.target,
            soc=round(self.battery.soc),
            capacity=CAPACITY,
            limit=LIMIT,
            back_limit=LIMIT,
            back_soc=FLOOR if self.daily.charging else 100.0,
            load=self.house.load_w,
            pv=flow.pv,
            dark=max(self.sun.clear_sky(at) for at in (self.house.at, end)) < 0.2,
            taper=self.taper,
        )

    def run(self, days: int, *, just_in_time: bool) -> list[Day]:
        """Let so many days pass with an override on each."""
        return [
            self._override(self.first + timedelta(days=day), just_in_time=just_in_time)
            for day in range(days)
        ]

    def _override(self, day: date, *, just_in_time: bool) -> Day:
        """Let one override pass."""
        begin = datetime.combine(day, self.daily.start, BERLIN).astimezone(UTC)
        end = datetime.combine(day, self.daily.end, BERLIN)
        end = (
            end if end.astimezone(UTC) > begin else end + timedelta(days=1)
        ).astimezone(UTC)
        self.house.advance_to(begin)
        writes, reasons, last, held = 0, set[Reason](), None, None
        while self.house.at < end:
            now, situation = self.house.at, self.situation(end)
            planned = (
                plan(situation) if just_in_time else Step(now, end, None, Reason.FULL)
            )
            if just_in_time or held is None:
                reasons.add(planned.reason)
                if (
                    weigh(held, planned, situation, writes=writes, last_write=last)
                    is not Worth.KEEP
                ):
                    self.held = held = planned
                    writes, last = writes + 1, now
            self.house.advance_to(min(now + LOOK, end))
            self._learn()
        return Day(soc=self.battery.soc, writes=writes, reasons=reasons)

    def _learn(self) -> None:
        """Learn from the record that the device has just sent."""
        soc, power = round(self.battery.soc), -self.unit.flow.battery
        ahead = self.daily.target - soc
        if not self.daily.charging:
            power, ahead = -power, -ahead
        if self.held.runs(self.house.at) and ahead > 1:
            asked = LIMIT if self.held.power is None else self.held.power
            self.taper.learn(soc, power, asked, LIMIT, charging=self.daily.charging)
