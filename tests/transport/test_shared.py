"""One fetch for all who ask for the same thing at the same time."""

import asyncio

import pytest

from custom_components.home_battery.transport.errors import TransientError
from custom_components.home_battery.transport.limiter import Limiter

from .conftest import FakeClock


class Source:
    """Something to fetch, which takes until it is told to be done."""

    def __init__(self) -> None:
        """Begin without an answer."""
        self.fetched = 0
        self.gate = asyncio.Event()
        self.error: Exception | None = None

    async def fetch(self) -> int:
        """Fetch, and return how often it was."""
        self.fetched += 1
        number = self.fetched
        await self.gate.wait()
        if self.error is not None:
            raise self.error
        return number


@pytest.fixture
def limiter(clock: FakeClock) -> Limiter:
    """Return a limiter."""
    return Limiter(clock)


@pytest.fixture
def source() -> Source:
    """Return a source."""
    return Source()


async def begin(
    limiter: Limiter, source: Source, count: int
) -> list[asyncio.Task[int]]:
    """Return askers, each of which has already asked."""
    tasks = [
        asyncio.create_task(limiter.shared("key", source.fetch)) for _ in range(count)
    ]
    for _ in range(3):
        await asyncio.sleep(0)
    return tasks


async def test_one_fetch_for_all(limiter: Limiter, source: Source) -> None:
    """All who ask meanwhile get the one answer; who asks later gets a new one."""
    tasks = await begin(limiter, source, 3)
    source.gate.set()
    assert await asyncio.gather(*tasks) == [1, 1, 1]
    assert await limiter.shared("key", source.fetch) == 2


async def test_other_keys_are_fetched_apart(limiter: Limiter, source: Source) -> None:
    """Who asks for something else does not wait."""
    source.gate.set()
    both = await asyncio.gather(
        limiter.shared("one", source.fetch), limiter.shared("two", source.fetch)
    )
    assert list(both) == [1, 2]


async def test_failure_is_shared(limiter: Limiter, source: Source) -> None:
    """All who waited learn of the failure, and the next asker tries again."""
    tasks = await begin(limiter, source, 3)
    source.error = TransientError("broken")
    source.gate.set()
    results = await asyncio.gather(*tasks, return_exceptions=True)
    assert results == [source.error] * 3
    source.error = None
    assert await limiter.shared("key", source.fetch) == 2


async def test_lonely_failure_is_no_lost_error(
    limiter: Limiter, source: Source, caplog: pytest.LogCaptureFixture
) -> None:
    """Without anybody waiting, the loop does not complain of an error nobody saw."""
    source.error = TransientError("broken")
    source.gate.set()
    with pytest.raises(TransientError):
        await limiter.shared("key", source.fetch)
    assert "never retrieved" not in caplog.text


async def test_first_asker_gives_up(limiter: Limiter, source: Source) -> None:
    """When the one who fetches is cancelled, one of the others fetches anew."""
    first, *others = await begin(limiter, source, 3)
    first.cancel()
    await asyncio.wait([first])
    await asyncio.sleep(0)
    source.gate.set()
    assert first.cancelled()
    assert list(await asyncio.gather(*others)) == [2, 2]


async def test_waiting_asker_gives_up(limiter: Limiter, source: Source) -> None:
    """Who only waits can leave without disturbing the others."""
    first, second, third = await begin(limiter, source, 3)
    second.cancel()
    await asyncio.wait([second])
    source.gate.set()
    assert second.cancelled()
    assert list(await asyncio.gather(first, third)) == [1, 1]


async def test_all_give_up_together(limiter: Limiter, source: Source) -> None:
    """At shutdown everybody is cancelled at once, and nobody begins anew."""
    tasks = await begin(limiter, source, 3)
    for task in tasks:
        task.cancel()
    await asyncio.wait(tasks, timeout=1)
    assert [task.cancelled() for task in tasks] == [True] * 3
    assert source.fetched == 1
