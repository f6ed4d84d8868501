"""A simulated house whose battery is forced once a day, at full power or just in time."""

from copy import deepcopy
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
# Long steps of 5 minutes are enough for what a device reports every 5 minutes.
_COARSE = timedelta(days=1)
_PAST = datetime(2000, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, kw_only=True)
class Daily:
    """What is asked for every day: a target in % from one local hour to another."""

    charging: bool
    start: time
    end: time
    target: float


@dataclass(kw_only=True)
class Day:
    """How one day's override went.

    Attributes:
        soc: SOC in % at its end.
        full_soc: SOC in % at its end, had it run at full power from its begin.
        left_soc: The SOC in % at its end, had nobody adjusted it after some look.
        writes: How often the device was written to.
        short: The looks after which a discharge gave less than the house needed.
    """

    soc: float = 0.0
    full_soc: float = 0.0
    left_soc: list[float] = field(default_factory=list)
    writes: int = 0
    short: int = 0


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
        self.held = Step(_PAST, _PAST, None, Reason.FULL)
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

    @property
    def bought(self) -> float:
        """Return the kWh that the house has imported."""
        return self.house.ledger.imported

    def run(self, days: int, *, just_in_time: bool, abandon: int = 0) -> list[Day]:
        """Let so many days pass with an override on each.

        Args:
            days: How many.
            just_in_time: Pace it, instead of full power.
            abandon: Try after every so many looks what comes of it if nobody
                ever adjusts it again.
        """
        return [
            self._override(self.first + timedelta(days=day), just_in_time, abandon)
            for day in range(days)
        ]

    def _override(self, day: date, just_in_time: bool, abandon: int) -> Day:
        """Let one override pass."""
        begin = datetime.combine(day, self.daily.start, BERLIN).astimezone(UTC)
        end = datetime.combine(day, self.daily.end, BERLIN).astimezone(UTC)
        if end < begin:
            end += timedelta(days=1)
        self.house.advance_to(begin, span=_COARSE)
        full = Step(begin, end, None, Reason.FULL)
        past = Day(full_soc=self._soc_if_left(full))
        if not just_in_time:
            self.held = full
            self.house.advance_to(end, span=_COARSE)
            past.soc, past.writes = self.battery.soc, 1
            return past
        self._pace(end, past, abandon)
        past.soc = self.battery.soc
        return past

    def _pace(self, end: datetime, past: Day, abandon: int) -> None:
        """Adjust the window every few minutes until the end."""
        last = held = None
        looks = 0
        while (now := self.house.at) < end:
            known = self.situation(end)
            planned = plan(known)
            worth = weigh(held, planned, known, writes=past.writes, last_write=last)
            if worth is not Worth.KEEP:
                self.held = held = planned
                past.writes, last = past.writes + 1, now
            past.short += self._falls_short(known)
            if abandon and looks % abandon == 0:
                past.left_soc.append(self._soc_if_left(self.held))
            looks += 1
            self.house.advance_to(min(now + LOOK, end), span=_COARSE)
            self._learn()

    def _soc_if_left(self, step: Step) -> float:
        """Return the SOC in % at the end if the device held a window and nobody adjusted it."""
        other = deepcopy(self)
        other.held = step
        other.house.advance_to(step.end, span=_COARSE)
        return other.battery.soc

    def _falls_short(self, known: Situation) -> bool:
        """Tell whether a forced discharge gives less than the house was seen to need."""
        if self.daily.charging or not self.held.runs(known.now):
            return False
        power = LIMIT if self.held.power is None else self.held.power
        return power < min(LIMIT, known.net or 0.0)

    def _learn(self) -> None:
        """Learn from the record that the device has just sent."""
        soc, power = round(self.battery.soc), -self.unit.flow.battery
        ahead = self.daily.target - soc
        if not self.daily.charging:
            power, ahead = -power, -ahead
        if self.held.runs(self.house.at) and ahead > 1:
            asked = LIMIT if self.held.power is None else self.held.power
            self.taper.learn(soc, power, asked, LIMIT, charging=self.daily.charging)
