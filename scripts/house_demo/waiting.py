"""Waiting for another process, by asking it again and again, and never for ever."""

import asyncio
from collections.abc import Awaitable, Callable

_POLL_SECONDS = 0.5


async def wait(condition: Callable[[], Awaitable[bool]], seconds: float) -> bool:
    """Wait until a condition holds; return whether it did in time."""
    try:
        async with asyncio.timeout(seconds):
            while not await condition():
                await asyncio.sleep(_POLL_SECONDS)
    except TimeoutError:
        return False
    return True
