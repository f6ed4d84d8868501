"""Turns for tests, and how to take them."""

from collections.abc import Sequence

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
