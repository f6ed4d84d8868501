"""Tests that the times that are found are really the cheapest, or the dearest."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

from freezegun.api import FrozenDateTimeFactory
from hypothesis import HealthCheck, assume, given, settings, strategies as st
import pytest

from homeassistant.core import HomeAssistant

from .conftest import AddBlueprint
from .sources import Slot, own, slots_of
from .test_prices import ask

BERLIN = ZoneInfo("Europe/Berlin")
NOON = datetime(2026, 6, 15, 12, tzinfo=BERLIN)
HOUR = timedelta(hours=1)

type Run = tuple[datetime, datetime]


@pytest.fixture
async def noon(freezer: FrozenDateTimeFactory, add_script: AddBlueprint) -> None:
    """Make the script, at noon."""
    freezer.move_to(NOON)
    await add_script("prices", entities=["sensor.my_prices"])


def hourly(*prices: float) -> list[Slot]:
    """Return slots of an hour from noon on."""
    return [
        Slot(NOON + number * HOUR, NOON + (number + 1) * HOUR, price)
        for number, price in enumerate(prices)
    ]


async def plan(hass: HomeAssistant, slots: list[Slot], **data: Any) -> list[Run]:
    """Return the times that the script finds."""
    own(hass, slots, [])
    return [
        (datetime.fromisoformat(run["start"]), datetime.fromisoformat(run["end"]))
        for run in (await ask(hass, **data))["plan"]
    ]


def length(runs: list[Run]) -> timedelta:
    """Return how long some times are together."""
    return sum((end - start for start, end in runs), timedelta())


@pytest.mark.usefixtures("noon")
@pytest.mark.parametrize(
    ("data", "expected"),
    [
        ({}, []),
        ({"minutes": 60}, [(4, 5)]),
        ({"minutes": "120"}, [(1, 2), (4, 5)]),
        ({"minutes": 90}, [(1, 2), (4, 5)]),
        ({"minutes": 120, "one_piece": True}, [(4, 6)]),
        ({"minutes": 120, "dearest": True}, [(2, 4)]),
        ({"minutes": 60, "dearest": True}, [(2, 3)]),
        ({"minutes": 60, "before": (NOON + 4 * HOUR).isoformat()}, [(1, 2)]),
        ({"minutes": 60, "after": (NOON + 5 * HOUR).isoformat()}, [(5, 6)]),
        ({"minutes": 60, "after": (NOON + 4.5 * HOUR).isoformat()}, [(4.5, 6)]),
        ({"minutes": 900, "one_piece": True}, [(0, 6)]),
        ({"minutes": 900, "limit": 2}, [(1, 2), (4, 6)]),
        ({"minutes": 900, "limit": 9, "dearest": True}, [(2, 3)]),
        ({"minutes": 60, "limit": 0}, []),
    ],
)
async def test_times_that_are_found(
    hass: HomeAssistant, data: dict[str, Any], expected: list[tuple[float, float]]
) -> None:
    """Whole slots are taken, the best first, within the times that are given."""
    assert await plan(hass, hourly(5, 2, 9, 8, 1, 2), **data) == [
        (NOON + start * HOUR, NOON + end * HOUR) for start, end in expected
    ]


@pytest.mark.usefixtures("noon")
async def test_average_price_of_a_time(hass: HomeAssistant) -> None:
    """A time of several slots tells what it costs on the whole."""
    own(hass, hourly(1, 2), [])
    (run,) = (await ask(hass, minutes=120))["plan"]
    assert run["price"] == 1.5


@pytest.mark.parametrize(("day", "hours"), [("2026-03-28", 23), ("2026-10-24", 25)])
@pytest.mark.usefixtures("noon")
async def test_night_in_which_the_clocks_change(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory, day: str, hours: int
) -> None:
    """Of the longest and of the shortest day every hour is found, once."""
    evening = datetime.fromisoformat(f"{day}T20:00").replace(tzinfo=BERLIN)
    freezer.move_to(evening)
    tomorrow = slots_of(evening.date() + timedelta(days=1), 60, BERLIN)
    (run,) = await plan(
        hass,
        slots_of(evening.date(), 60, BERLIN) + tomorrow,
        minutes=2000,
        after=tomorrow[0].start.isoformat(),
        before=tomorrow[-1].end.isoformat(),
    )
    assert length([run]) == timedelta(hours=hours)


@pytest.mark.usefixtures("noon")
async def test_two_days_of_five_minutes(hass: HomeAssistant) -> None:
    """The longest list that any market has is no trouble."""
    slots = [
        slot for day in (15, 16) for slot in slots_of(date(2026, 6, day), 5, BERLIN)
    ]
    assert length(await plan(hass, slots, minutes=240, one_piece=True)) == 4 * HOUR


@st.composite
def markets(draw: st.DrawFn) -> list[Slot]:
    """Return slots of any of the lengths that markets have, maybe with gaps."""
    step = timedelta(minutes=draw(st.sampled_from([5, 15, 30, 60])))
    prices = draw(st.lists(st.integers(-7, 20), min_size=1, max_size=30))
    return [
        Slot(NOON + number * step, NOON + (number + 1) * step, float(price))
        for number, price in enumerate(prices)
        if price >= -5
    ]


ANY_TIME = st.integers(-60, 300).map(lambda minutes: NOON + timedelta(minutes=minutes))
BUDGET = settings(
    max_examples=60,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)


@pytest.mark.usefixtures("noon")
@BUDGET
@given(
    slots=markets(),
    minutes=st.integers(1, 400),
    times=st.tuples(ANY_TIME, ANY_TIME).map(sorted),
    dearest=st.booleans(),
)
async def test_no_better_slot_is_left_out(
    hass: HomeAssistant,
    slots: list[Slot],
    minutes: int,
    times: list[datetime],
    dearest: bool,
) -> None:
    """What is taken is as long as needed, and nothing better within the times is left."""
    after, before = times
    runs = await plan(
        hass,
        slots,
        minutes=minutes,
        after=after.isoformat(),
        before=before.isoformat(),
        dearest=dearest,
    )
    assert all(after <= start < end <= before for start, end in runs)
    assert all(first[1] < second[0] for first, second in pairwise(runs))
    sign = -1 if dearest else 1
    within = [
        (sign * slot.price, max(slot.start, after), min(slot.end, before))
        for slot in slots
        if slot.start < before and slot.end > after
    ]
    taken, left = (
        [
            (price, end - start)
            for price, start, end in within
            if any(first <= start < last for first, last in runs) is chosen
        ]
        for chosen in (True, False)
    )
    need = timedelta(minutes=minutes)
    available = length([(start, end) for _, start, end in within])
    assert length(runs) == sum((part for _, part in taken), timedelta())
    assert length(runs) >= min(need, available)
    # Without its worst slot it would not be enough.
    worst = max((price for price, _ in taken), default=0.0)
    last = max((part for price, part in taken if price == worst), default=need)
    assert length(runs) - last < need
    assert max((price for price, _ in taken), default=-99) <= min(
        (price for price, _ in left), default=99
    )


def pieces(slots: list[Slot], need: timedelta) -> Iterator[tuple[float, list[Slot]]]:
    """Yield what pieces of slots without a gap cost that are just long enough."""
    for first in range(len(slots)):
        for last in range(first + 1, len(slots) + 1):
            piece = slots[first:last]
            before = piece[-1].start - piece[0].start
            whole = all(one.end == two.start for one, two in pairwise(piece))
            # All but the last slot are too short, and with it they are long enough.
            fits = before < need <= piece[-1].end - piece[0].start
            cost = sum(slot.price * (slot.end - slot.start) / HOUR for slot in piece)
            more = piece[-1].end - piece[0].start - need
            yield from [(cost - piece[-1].price * more / HOUR, piece)] * (
                whole and fits
            )


@pytest.mark.usefixtures("noon")
@BUDGET
@given(slots=markets(), minutes=st.integers(1, 150), dearest=st.booleans())
async def test_no_better_piece_is_left_out(
    hass: HomeAssistant, slots: list[Slot], minutes: int, dearest: bool
) -> None:
    """Of all pieces that are long enough none is better than the one that is taken."""
    need = timedelta(minutes=minutes)
    sign = -1 if dearest else 1
    costs = {
        (piece[0].start, piece[-1].end): sign * cost
        for cost, piece in pieces(slots, need)
    }
    assume(costs)
    (run,) = await plan(hass, slots, minutes=minutes, one_piece=True, dearest=dearest)
    assert costs[run] == pytest.approx(min(costs.values()))


@pytest.mark.usefixtures("noon")
async def test_pieces_that_cost_the_same(hass: HomeAssistant) -> None:
    """The first of them is taken."""
    runs = await plan(hass, hourly(2, 1, 2, 1), minutes=120, one_piece=True)
    assert runs == [(NOON, NOON + 2 * HOUR)]


@pytest.mark.usefixtures("noon")
async def test_no_piece_is_long_enough(hass: HomeAssistant) -> None:
    """Where gaps leave no piece, the best slots are taken."""
    first, _, third = hourly(3, 2, 1)
    assert await plan(hass, [first, third], minutes=120, one_piece=True) == [
        (first.start, first.end),
        (third.start, third.end),
    ]
