"""Just in time keeps its promise, whatever sun and house do, and whoever looks."""

from datetime import UTC, datetime, timedelta

from hypothesis import given, settings, strategies as st

from custom_components.home_battery.battery.pace import (
    MOST_WRITES_FOR_HOUSE,
    Step,
    Worth,
    plan,
    weigh,
)
from custom_components.home_battery.battery.taper import Taper
from custom_components.home_battery.battery.way import CHARGE_EFFICIENCY, Situation

NOW = datetime(2026, 6, 15, 8, 0, 30, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
LOOK = 5
FLOOR = 10.0

type Span = tuple[float, float, bool]

# Five minutes: what the house draws and the sun gives in kW, and whether anybody looks.
SPANS = st.builds(
    lambda some, count: [some[at * len(some) // count] for at in range(count)],
    st.lists(
        st.tuples(st.floats(0, 6), st.floats(0, 8), st.booleans()),
        min_size=1,
        max_size=12,
    ),
    st.integers(1, 96),
)
TAPERS = st.builds(
    Taper,
    st.dictionaries(st.integers(0, 99), st.floats(300, 5000), max_size=8),
    st.dictionaries(st.integers(0, 99), st.floats(300, 5000), max_size=8),
)


class Cells:
    """A battery that is as good as it is thought to be, or better."""

    def __init__(
        self,
        soc: float,
        target: float,
        capacity: float,
        taper: Taper,
        efficiency: float,
    ) -> None:
        """Charge to a target that is over the SOC, else discharge to it."""
        self.soc = self.lowest = soc
        self.target, self.capacity = target, capacity
        self.charging = target > soc
        self.taper, self.efficiency, self.writes = taper, efficiency, 0

    @property
    def met(self) -> bool:
        """Tell whether a device that shows whole percents shows the target.

        Into a battery that was discharged as wanted the sun may put some back.
        """
        if self.charging:
            return self.soc > self.target - 0.51
        return self.lowest < self.target + 0.51

    def situation(self, minute: int, spans: list[Span]) -> Situation:
        """Return what is seen of it."""
        load, pv, _ = spans[minute // LOOK]
        return Situation(
            charging=self.charging,
            now=NOW + minute * MINUTE,
            end=NOW + len(spans) * LOOK * MINUTE,
            target_soc=self.target,
            soc=round(self.soc),
            capacity=self.capacity,
            limit=5000,
            back_limit=5000,
            back_soc=FLOOR if self.charging else 100.0,
            load=load * 1000,
            pv=pv * 1000,
            taper=self.taper,
        )

    def run(self, power: float) -> None:
        """Charge (positive W) or discharge (negative W) for a minute."""
        bucket = min(int(self.soc), 99)
        most = self.taper.most(bucket, 5000, charging=power > 0)
        power = max(min(power, most), -most)
        power *= self.efficiency if power > 0 else 1 / self.efficiency
        self.soc += power / 1000 / 60 / self.capacity * 100
        self.soc = min(max(self.soc, FLOOR), 100.0)
        self.lowest = min(self.lowest, self.soc)

    def force(self, power: float) -> None:
        """Go to the target for a minute."""
        if self.charging and self.soc < self.target:
            self.run(power)
            self.soc = min(self.soc, self.target)
        elif not self.charging and self.soc > self.target:
            self.run(-power)
            self.soc = max(self.soc, self.target)

    def pass_time(self, spans: list[Span]) -> None:
        """Let the time until the end pass just in time."""
        held: Step | None = None
        last: datetime | None = None
        for minute in range(len(spans) * LOOK):
            load, pv, looks = spans[minute // LOOK]
            known = self.situation(minute, spans)
            if held is None or (looks and minute % LOOK == 0):
                planned = plan(known)
                worth = weigh(held, planned, known, writes=self.writes, last_write=last)
                if worth is not Worth.KEEP:
                    held, last = planned, known.now
                    self.writes += 1
            if held is not None and held.runs(known.now):
                self.force(held.power or 0)
            else:
                self.run((pv - load) * 1000)


@settings(max_examples=300)
@given(
    st.floats(12, 99),
    st.floats(12, 100),
    st.floats(2, 30),
    TAPERS,
    st.floats(CHARGE_EFFICIENCY, 1),
    SPANS,
)
def test_misses_nothing_that_full_power_meets(
    soc: float,
    target: float,
    capacity: float,
    taper: Taper,
    efficiency: float,
    spans: list[Span],
) -> None:
    """Looked after or left alone, it is at the target if full power would have been."""
    paced = Cells(soc, target, capacity, taper, efficiency)
    full = Cells(soc, target, capacity, taper, efficiency)
    paced.pass_time(spans)
    for _ in range(len(spans) * LOOK):
        full.force(5000)
    assert paced.met or not full.met
    assert paced.writes <= MOST_WRITES_FOR_HOUSE
