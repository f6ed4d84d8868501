"""The day's calls: ours, others', and those that are kept for writes."""

import json

import pytest

from custom_components.home_battery.transport.errors import QuotaError
from custom_components.home_battery.transport.limiter import Limiter

from .conftest import FakeClock
from .turns import HOUR, A, pass_through, take, turn


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
    """Everything that must be stored is said: a call at its start and its end."""
    limiter = Limiter(clock)
    changes: list[int] = []
    limiter.on_change = lambda: changes.append(limiter.calls_today)
    await pass_through(limiter, turn(A))
    limiter.budget(10, 5, reserved=0)
    limiter.quota_gone(1)
    assert changes == [1, 1, 1, 1]


async def test_seconds_per_read(clock: FakeClock) -> None:
    """What is left for reads is spread over the rest of the vendor's day."""
    limiter = Limiter(clock)
    assert limiter.seconds_per_read is None
    limiter.budget(1440, 740, reserved=0.25)
    assert limiter.seconds_per_read == pytest.approx(24 * HOUR / 380)
    clock.move(HOUR)
    assert limiter.seconds_per_read == pytest.approx(23 * HOUR / 380)
    # Nobody has told for so long that only our own count is there.
    clock.move(HOUR)
    assert limiter.seconds_per_read == pytest.approx(24 * HOUR / 1080)
    # The count has risen: a new day has begun.
    limiter.budget(1440, 1440, reserved=0.25)
    assert limiter.seconds_per_read == pytest.approx(24 * HOUR / 1080)
    again = Limiter(clock, limiter.as_dict())
    clock.move(HOUR)
    assert again.seconds_per_read == pytest.approx(23 * HOUR / 1080)
