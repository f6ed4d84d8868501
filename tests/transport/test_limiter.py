"""Turns: spacing, windows, order, and the day's calls."""

import asyncio
from collections.abc import Sequence
import json

import pytest

from custom_components.home_battery.transport.clock import Clock, SystemClock
from custom_components.home_battery.transport.errors import LimitError, QuotaError
from custom_components.home_battery.transport.limiter import Limit, Limiter, Turn

from .conftest import FakeClock

A = Limit("a", 1, 1.0)
B = Limit("b", 1, 2.0)
THREE = Limit("three", 3, 10.0)
HOUR = 3600


def turn(*limits: Limit, urgent: bool = False) -> Turn:
    """Return a turn against some limits."""
    return Turn(limits=limits, urgent=urgent)


async def pass_through(limiter: Limiter, one: Turn) -> None:
    """Take a turn for a call that takes no time."""
    async with limiter.turn(one):
        pass


async def take(
    limiter: Limiter, clock: FakeClock, turns: Sequence[Turn]
) -> list[float]:
    """Take turns one after another, and return when each came."""
    times = []
    for one in turns:
        await pass_through(limiter, one)
        times.append(clock.passed)
    return times


@pytest.mark.parametrize(
    ("turns", "expected"),
    [
        pytest.param([turn(A)] * 3, [0, 1, 2], id="spacing"),
        pytest.param([turn(A), turn(B), turn(A)], [0, 0, 1], id="keys apart"),
        pytest.param([turn(A, B), turn(A), turn(B)], [0, 1, 2], id="several limits"),
        pytest.param([turn(A, B), turn(A, B)], [0, 2], id="the longest counts"),
        pytest.param([turn(THREE)] * 7, [0, 0, 0, 10, 10, 10, 20], id="a window"),
        pytest.param([turn()] * 3, [0, 0, 0], id="no limit"),
    ],
)
async def test_windows(
    clock: FakeClock, turns: list[Turn], expected: list[float]
) -> None:
    """At most so many calls fall into any window of one key."""
    assert await take(Limiter(clock), clock, turns) == expected


async def test_windows_slide(clock: FakeClock) -> None:
    """A window is counted back from each call, not from the first."""
    limiter = Limiter(clock)
    await pass_through(limiter, turn(THREE))
    clock.move(9)
    assert await take(limiter, clock, [turn(THREE)] * 4) == [9, 9, 10, 19]


async def test_windows_survive_a_restart(clock: FakeClock) -> None:
    """What is stored as JSON holds the next one back."""
    first = Limiter(clock)
    await take(first, clock, [turn(THREE)] * 3)
    clock.move(4)
    second = Limiter(clock, json.loads(json.dumps(first.as_dict())))
    assert await take(second, clock, [turn(THREE)]) == [10]
    assert second.calls_today == 4


async def test_storage_is_not_shared(clock: FakeClock) -> None:
    """A limiter does not change what it was made from."""
    stored = {"windows": {"a": [clock.time.timestamp()]}, "hours": {}}
    before = json.dumps(stored)
    await pass_through(Limiter(clock, stored), turn(A))
    assert json.dumps(stored) == before


@pytest.mark.parametrize("back", [1, 30, HOUR, 30 * 24 * HOUR])
async def test_clock_set_back(clock: FakeClock, back: float) -> None:
    """A clock that was set back costs one window, and not as long as it was wrong."""
    limiter = Limiter(clock)
    await pass_through(limiter, turn(A))
    clock.move(-back)
    await pass_through(limiter, turn(A))
    assert clock.passed == 1 - back


async def test_clock_set_back_frees_the_day_in_a_day(clock: FakeClock) -> None:
    """Calls counted in a future that never was are forgotten a day later."""
    limiter = Limiter(clock)
    limiter.budget(10, None, reserved=0)
    clock.move(365 * 24 * HOUR)
    await take(limiter, clock, [turn()] * 10)
    limiter.quota_gone(HOUR)
    clock.move(-365 * 24 * HOUR)
    with pytest.raises(QuotaError):
        await pass_through(limiter, turn())
    clock.move(25 * HOUR)
    await pass_through(limiter, turn())


async def test_patience(clock: FakeClock) -> None:
    """A turn more than a minute away is refused at once, with how long it is."""
    limiter = Limiter(clock)
    slow = Limit("slow", 1, 300.0)
    await pass_through(limiter, turn(slow))
    clock.move(100)
    with pytest.raises(LimitError) as caught:
        await pass_through(limiter, turn(slow))
    assert not isinstance(caught.value, QuotaError)
    assert caught.value.retry_after == 200
    assert clock.slept == []
    clock.move(140)
    assert await take(limiter, clock, [turn(slow)]) == [300]


async def test_patience_counts_from_the_asking(clock: FakeClock) -> None:
    """In a queue only those wait whose turn comes within a minute."""
    limiter = Limiter(clock)
    every_20_seconds = Limit("a", 1, 20.0)
    results = await asyncio.gather(
        *(pass_through(limiter, turn(every_20_seconds)) for _ in range(6)),
        return_exceptions=True,
    )
    assert [isinstance(result, LimitError) for result in results] == [
        *[False] * 4,
        *[True] * 2,
    ]


async def test_writes_overtake_reads(clock: FakeClock) -> None:
    """At a shared limit the write that came last goes first, and reads keep their order."""
    limiter = Limiter(clock)
    order: list[tuple[str, float]] = []

    async def call(name: str, one: Turn) -> None:
        await pass_through(limiter, one)
        order.append((name, clock.passed))

    await call("first", turn(A))
    await asyncio.gather(
        call("read 1", turn(A)),
        call("read 2", turn(A)),
        call("write 1", turn(A, urgent=True)),
        call("write 2", turn(A, urgent=True)),
    )
    assert [name for name, _ in order] == [
        "first",
        "write 1",
        "write 2",
        "read 1",
        "read 2",
    ]
    assert [at for _, at in order] == [0, 1, 2, 3, 4]


async def test_calls_at_other_limits_are_not_held_up(clock: FakeClock) -> None:
    """Who shares no limit waits for nobody."""
    limiter = Limiter(clock)
    await pass_through(limiter, turn(B))
    order: list[str] = []

    async def call(name: str, one: Turn) -> None:
        await pass_through(limiter, one)
        order.append(name)

    await asyncio.gather(call("write", turn(B, urgent=True)), call("read", turn(A)))
    assert order == ["read", "write"]


async def test_cancelled_call_lets_others_pass(clock: FakeClock) -> None:
    """A call that gives up does not block the queue, and is not counted."""
    limiter = Limiter(clock)
    await pass_through(limiter, turn(A))
    writer = asyncio.create_task(pass_through(limiter, turn(A, urgent=True)))
    reader = asyncio.create_task(pass_through(limiter, turn(A)))
    await asyncio.sleep(0)
    writer.cancel()
    await reader
    assert clock.passed == 1
    assert limiter.calls_today == 2


async def test_day_of_unknown_length(clock: FakeClock) -> None:
    """Without a budget calls are counted, and none is refused."""
    limiter = Limiter(clock)
    await take(limiter, clock, [turn()] * 5)
    assert (limiter.calls_today, limiter.calls_left) == (5, None)


async def test_reserve_is_for_writes(clock: FakeClock) -> None:
    """Reads stop at the reserve, writes at the end; both are told as used up."""
    limiter = Limiter(clock)
    limiter.budget(10, 10, reserved=0.2)
    await take(limiter, clock, [turn()] * 8)
    assert limiter.calls_left == 2
    with pytest.raises(QuotaError):
        await pass_through(limiter, turn())
    await take(limiter, clock, [turn(urgent=True)] * 2)
    with pytest.raises(QuotaError):
        await pass_through(limiter, turn(urgent=True))
    assert limiter.calls_left == 0


async def test_day_slides_by_the_hour(clock: FakeClock) -> None:
    """What was called a day ago counts no more."""
    limiter = Limiter(clock)
    limiter.budget(4, None, reserved=0)
    await take(limiter, clock, [turn()] * 3)
    clock.move(12 * HOUR)
    await pass_through(limiter, turn())
    clock.move(12 * HOUR - 1)
    with pytest.raises(QuotaError):
        await pass_through(limiter, turn())
    clock.move(1)
    await take(limiter, clock, [turn()] * 3)
    assert limiter.calls_left == 0


async def test_counts_survive_a_restart(clock: FakeClock) -> None:
    """Budget, reserve and counts outlive a restart, over JSON."""
    first = Limiter(clock)
    first.budget(10, 7, reserved=0.2)
    await take(first, clock, [turn()] * 4)
    second = Limiter(clock, json.loads(json.dumps(first.as_dict())))
    assert (second.calls_today, second.calls_left) == (4, 3)
    assert (second.daily_calls, second.reserved_calls) == (10, 2)
    assert second.as_dict() == first.as_dict()


@pytest.mark.parametrize(
    ("remaining", "left"),
    [
        pytest.param(100, 100, id="its day has begun anew"),
        pytest.param(95, 95, id="only ours were made"),
        pytest.param(60, 60, id="others made some"),
        pytest.param(0, 0, id="others made all"),
        pytest.param(None, 95, id="it does not tell"),
    ],
)
async def test_vendors_own_count(
    clock: FakeClock, remaining: int | None, left: int
) -> None:
    """What the vendor says is left is believed, over a restart too."""
    limiter = Limiter(clock)
    await take(limiter, clock, [turn()] * 5)
    limiter.budget(100, remaining, reserved=0.1)
    again = Limiter(clock, json.loads(json.dumps(limiter.as_dict())))
    assert (again.calls_today, again.calls_left) == (5, left)


async def test_vendors_count_grows_old(clock: FakeClock) -> None:
    """Our calls go off the vendor's count; after two hours only our own count is left."""
    limiter = Limiter(clock)
    limiter.budget(100, 2, reserved=0)
    await take(limiter, clock, [turn()] * 2)
    assert limiter.calls_left == 0
    with pytest.raises(QuotaError):
        await pass_through(limiter, turn(urgent=True))
    clock.move(2 * HOUR)
    assert limiter.calls_left == 98
    await pass_through(limiter, turn())


async def test_vendors_count_from_the_future(clock: FakeClock) -> None:
    """A count taken with a wrong clock grows old like any other."""
    limiter = Limiter(clock)
    clock.move(30 * 24 * HOUR)
    limiter.budget(100, 0, reserved=0)
    clock.move(-30 * 24 * HOUR)
    with pytest.raises(QuotaError):
        await pass_through(limiter, turn())
    clock.move(2 * HOUR)
    await pass_through(limiter, turn())


async def test_vendor_says_the_day_is_spent(clock: FakeClock) -> None:
    """After the vendor's word nobody calls for a while, writers neither, restart or not."""
    limiter = Limiter(clock)
    limiter.quota_gone(HOUR)
    clock.move(600)
    again = Limiter(clock, json.loads(json.dumps(limiter.as_dict())))
    for urgent in (False, True):
        with pytest.raises(QuotaError) as caught:
            await pass_through(again, turn(urgent=urgent))
        assert caught.value.retry_after == pytest.approx(3000)
    clock.move(3000)
    await pass_through(again, turn())


async def test_changes_are_reported(clock: FakeClock) -> None:
    """Everything that must be stored is said."""
    limiter = Limiter(clock)
    changes: list[int] = []
    limiter.on_change = lambda: changes.append(limiter.calls_today)
    await pass_through(limiter, turn(A))
    limiter.budget(10, 5, reserved=0)
    limiter.quota_gone(1)
    assert changes == [1, 1, 1]


async def test_windows_of_long_ago_are_forgotten(clock: FakeClock) -> None:
    """What can hold nobody back is not stored for ever."""
    limiter = Limiter(clock)
    await pass_through(limiter, turn(A))
    clock.move(25 * HOUR)
    await pass_through(limiter, turn(B))
    assert set(limiter.as_dict()["windows"]) == {"b"}
    assert list(limiter.as_dict()["hours"].values()) == [1]


async def test_system_clock() -> None:
    """The machine's clock knows its zone and waits."""
    clock: Clock = SystemClock()
    before = clock.now()
    await clock.sleep(0)
    assert clock.now() >= before
    assert before.utcoffset() is not None


async def test_spacing_runs_from_the_end_of_a_call(clock: FakeClock) -> None:
    """However long a call takes, the vendor sees the next one a window later."""
    limiter = Limiter(clock)
    async with limiter.turn(turn(A)):
        clock.move(30)
    assert await take(limiter, clock, [turn(A)]) == [31]


async def test_calls_under_way_take_up_the_window(clock: FakeClock) -> None:
    """While a call is not answered, no other takes its place."""
    limiter = Limiter(clock)
    async with limiter.turn(turn(A)):
        clock.move(5)
        other = asyncio.create_task(pass_through(limiter, turn(A)))
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        assert not other.done()
    await other
    assert clock.passed == 6


async def test_call_that_fails_gives_its_place_back(clock: FakeClock) -> None:
    """A failed call counts like any other, and blocks nobody."""
    limiter = Limiter(clock)
    with pytest.raises(LimitError):
        async with limiter.turn(turn(A)):
            raise LimitError("too soon", retry_after=5)
    assert await take(limiter, clock, [turn(A)]) == [1]
    assert limiter.calls_today == 2
