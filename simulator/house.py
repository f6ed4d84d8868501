"""A house: a household, a grid meter, and inverters that share both."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from .ledger import Energies, HouseLedger, Stand
from .load import Household
from .orders import Mode, Orders
from .sun import Sun
from .unit import Unit

type OrdersFn = Callable[[datetime], Orders]

_FINE = timedelta(seconds=60)
_COARSE = timedelta(seconds=300)
_COARSE_FROM = timedelta(hours=6)
_MARK = timedelta(minutes=30)
_SHORTEST = timedelta(milliseconds=1)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class House:
    """A house whose energies always balance: load = generation + import - export.

    Nothing runs in the background. Whoever looks advances the house first; long
    spans are integrated in steps of 300 s, short ones in steps of 60 s. Every
    step ends at the latest where an inverter's orders change.
    """

    def __init__(
        self,
        *,
        sun: Sun,
        time_zone: ZoneInfo,
        household: Household,
        units: Sequence[Unit],
        begin: datetime,
        ledger: HouseLedger | None = None,
    ) -> None:
        """Build a house whose time begins at `begin`."""
        self.time_zone = time_zone
        self.units = tuple(units)
        self.ledger = ledger or HouseLedger()
        self.load_w = 0.0
        self.grid_w = 0.0
        self.load_override_w: float | None = None
        self._sun = sun
        self._household = household
        self.begun = begin.astimezone(UTC)
        self._at = self.begun
        self._orders: dict[int, OrdersFn] = {}
        self._marks: dict[datetime, Stand] = {}
        self._mark()

    @property
    def at(self) -> datetime:
        """Return the moment that the house has reached, in UTC."""
        return self._at

    def connect(self, unit: Unit, orders: OrdersFn) -> None:
        """Let firmware decide what a unit does; without any it only follows its own needs."""
        self._orders[self.units.index(unit)] = orders

    def light(self) -> float:
        """Return the light over the house now, 0 to 1."""
        return self._sun.light(self._at)

    def advance_to(self, moment: datetime, *, span: timedelta | None = None) -> None:
        """Integrate up to a moment; `span` is the whole stretch when this is one piece of it."""
        whole = span if span is not None else moment - self._at
        longest = _COARSE if whole >= _COARSE_FROM else _FINE
        while moment - self._at >= _SHORTEST:
            self._step(moment, longest)

    @property
    def marks(self) -> Iterable[Stand]:
        """Return how everything stood at each half hour, the oldest first."""
        return self._marks.values()

    def stand(self) -> Stand:
        """Return how everything stands now."""
        return Stand(
            at=self._at,
            meter=replace(self.ledger),
            units=tuple(self.energies(unit) for unit in self.units),
            socs=tuple(
                None if unit.battery is None else unit.battery.soc
                for unit in self.units
            ),
        )

    def energies(self, unit: Unit) -> Energies:
        """Return all counters as one inverter knows them, in kWh."""
        return Energies.of(unit.ledger, self.ledger)

    def energies_at(self, unit: Unit, moment: datetime) -> Energies:
        """Return the counters as they stood at a half-hour mark, or at the nearest end of the record."""
        first = next(iter(self._marks))
        if moment not in self._marks and moment > first:
            return self.energies(unit)
        return self._marks[max(moment, first)].units[self.units.index(unit)]

    def _step(self, moment: datetime, longest: timedelta) -> None:
        """Integrate one step towards a moment."""
        orders = [self._current_orders(index) for index in range(len(self.units))]
        end = min(
            moment,
            _floor(self._at, longest) + longest,
            self._next_mark,
            *(order.until for order in orders),
        )
        length = end - self._at
        seconds = length.total_seconds()
        middle = self._at + length / 2
        light = self._sun.light(middle)
        load = self._load(middle)
        rest = load
        for unit, order in zip(self.units, orders, strict=True):
            unit.run(
                unit.solve(order, light=light, load=rest, seconds=seconds), seconds
            )
            rest -= unit.flow.generation
        for unit in self.units:
            unit.ledger.add_load(unit.flow.generation + rest, seconds)
        self.load_w, self.grid_w = load, rest
        self.ledger.add(load, rest, seconds)
        self._at = end
        if end == self._next_mark:
            self._mark()

    def _current_orders(self, index: int) -> Orders:
        """Return what a unit is to do from now on."""
        if (firmware := self._orders.get(index)) is not None:
            return firmware(self._at)
        return Orders(until=self._at + _COARSE, mode=Mode.SELF_CONSUMPTION)

    def _load(self, moment: datetime) -> float:
        """Return the household's draw in W."""
        if self.load_override_w is not None:
            return self.load_override_w
        return self._household.watts(moment.astimezone(self.time_zone))

    def _mark(self) -> None:
        """Remember the counters at a half-hour mark, from which hourly reports are made."""
        self._marks[self._at] = self.stand()
        self._next_mark = _floor(self._at, _MARK) + _MARK


def _floor(moment: datetime, step: timedelta) -> datetime:
    """Return the last whole multiple of a step at or before a moment."""
    return _EPOCH + (moment - _EPOCH) // step * step
