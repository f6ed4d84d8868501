"""Turns: spacing, windows, order, and the day's calls."""

import asyncio
import json

import pytest

from custom_components.home_battery.transport.clock import Clock, SystemClock
from custom_components.home_battery.transport.errors import LimitError, QuotaError
from custom_components.home_battery.transport.limiter import Limit, Limiter, Turn

from .conftest import FakeClock
from .turns import HOUR, THREE, A, B, pass_through, take, turn


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


async def test_call_that_must_wait_holds_up_nobody(clock: FakeClock) -> None:
    """At a shared limit, who could not go yet lets others go first."""
    limiter = Limiter(clock)
    slow = Limit("slow", 1, 30.0)
    await pass_through(limiter, turn(A, slow))
    order: list[tuple[str, float]] = []

    async def call(name: str, *limits: Limit) -> None:
        await pass_through(limiter, turn(*limits))
        order.append((name, clock.passed))

    again = asyncio.create_task(call("again", A, slow))
    while not clock.slept:
        await asyncio.sleep(0)
    clock.move(1)
    await call("other", A)
    await again
    assert [name for name, _ in order] == ["other", "again"]


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
