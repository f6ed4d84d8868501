"""Whatever is called, in whatever order and after whatever restarts, no limit is broken."""

import asyncio
from collections import defaultdict
from collections.abc import Mapping, Sequence
from contextlib import suppress
import json
from typing import Any

from hypothesis import given, settings, strategies as st

from custom_components.home_battery.transport.errors import LimitError
from custom_components.home_battery.transport.limiter import Limit, Limiter, Turn

from .conftest import FakeClock

SPACING = Limit("every call", 1, 3.0)
LIMITS: Mapping[str, tuple[Limit, ...]] = {
    "free": (SPACING,),
    "five seconds": (SPACING, Limit("five seconds", 1, 5.0)),
    "minute": (SPACING, Limit("minute", 1, 60.0)),
    "five minutes": (SPACING, Limit("five minutes", 1, 300.0)),
    "rare": (SPACING, Limit("rare", 1, 300.0), Limit("rare, a day", 10, 86400.0)),
}
CALL = st.tuples(
    st.sampled_from(sorted(LIMITS)),
    st.booleans(),
    st.sampled_from([0.0, 0.5, 4.0, 31.0]),
    st.sampled_from([0.0, 4.0]),
)
STEP = st.one_of(
    st.tuples(st.just("restart")),
    st.tuples(
        st.just("pause"), st.sampled_from([0.1, 2.9, 57.0, 299.0, 4000.0, 40000.0])
    ),
    st.tuples(st.just("together"), st.lists(CALL, min_size=1, max_size=4)),
)

type Step = tuple[Any, ...]


class Life:
    """A limiter that is called and restarted, and what the vendor sees of it."""

    def __init__(self) -> None:
        """Begin without a call."""
        self.clock = FakeClock()
        self.limiter = Limiter(self.clock)
        self.arrived: dict[Limit, list[float]] = defaultdict(list)
        self.made = 0

    async def live(self, steps: Sequence[Step]) -> None:
        """Go through some steps."""
        for name, *arguments in steps:
            await getattr(self, name)(*arguments)

    async def restart(self) -> None:
        """Begin anew from what was stored."""
        stored = json.loads(json.dumps(self.limiter.as_dict()))
        self.limiter = Limiter(self.clock, stored)

    async def pause(self, seconds: float) -> None:
        """Let time pass."""
        self.clock.move(seconds)

    async def together(self, calls: Sequence[tuple[Any, ...]]) -> None:
        """Make calls at the same time."""
        await asyncio.gather(*(self.call(*call) for call in calls))

    async def call(self, name: str, urgent: bool, out: float, back: float) -> None:
        """Make a call that is on its way for some time, if the limiter lets it."""
        with suppress(LimitError):
            async with self.limiter.turn(Turn(limits=LIMITS[name], urgent=urgent)):
                self.made += 1
                await self.clock.sleep(out)
                for limit in LIMITS[name]:
                    self.arrived[limit].append(self.clock.passed)
                await self.clock.sleep(back)

    def worst(self, limit: Limit) -> float:
        """Return the least time in which one call too many arrived."""
        times = self.arrived[limit]
        return min(
            (
                late - early
                for early, late in zip(times, times[limit.calls :], strict=False)
            ),
            default=limit.seconds,
        )


@settings(max_examples=150)
@given(st.lists(STEP, max_size=25))
def test_no_sequence_breaks_a_limit(steps: list[Step]) -> None:
    """Among the calls that arrive, no window of any limit holds too many."""
    life = Life()
    asyncio.run(life.live(steps))
    assert life.made == len(life.arrived[SPACING])
    assert [
        limit.key for limit in life.arrived if life.worst(limit) < limit.seconds - 1e-6
    ] == []


def test_what_is_allowed_arrives() -> None:
    """Calls that keep every limit by themselves are all made."""
    life = Life()
    calls = [
        ("together", [("rare", False, 0.0, 0.0)]),
        ("together", [("free", True, 0.0, 0.0)]),
    ]
    asyncio.run(life.live([*calls, ("pause", 8640.0)] * 12))
    assert life.made == 24
