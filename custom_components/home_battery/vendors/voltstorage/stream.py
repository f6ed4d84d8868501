"""The stream of one product (VoltStorage notes, 1.4)."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
import random
from typing import Final

from aiohttp import ClientWebSocketResponse, WSMsgType
import orjson

from ...transport.clock import Clock
from ...transport.errors import ApiError
from .models import Sample, streamed_sample

# So long it is taken to tell all there is, and after so long it is opened anew.
_QUIET: Final = timedelta(minutes=2)
_SILENCE: Final = timedelta(minutes=5)
_FIRST_WAIT: Final = timedelta(seconds=5)
_LONGEST_WAIT: Final = timedelta(minutes=10)
_MOST_DOUBLINGS: Final = 8


class Stream:
    """Listens while it can; whoever tends it now and then is its clock."""

    def __init__(
        self,
        connect: Callable[[], Awaitable[ClientWebSocketResponse | None]],
        hear: Callable[[Sample], None],
        clock: Clock,
    ) -> None:
        """Prepare to listen.

        Args:
            connect: Opens the stream, or returns `None` where there is none.
            hear: Takes what is told.
            clock: The time.
        """
        self._connect = connect
        self._hear = hear
        self._clock = clock
        self._task: asyncio.Task[None] | None = None
        self._failures = 0
        self._next_try: datetime | None = None
        self._alive_at: datetime | None = None

    @property
    def lively(self) -> bool:
        """Return whether it is open and has told something not long ago."""
        return (
            self._task is not None
            and self._alive_at is not None
            and self._failures == 0
            and self._clock.now() - self._alive_at <= _QUIET
        )

    def tend(self) -> None:
        """Open it when it is time to, and close it when it has fallen silent."""
        now = self._clock.now()
        if self._task is None:
            if self._next_try is None or now >= self._next_try:
                self._alive_at = now
                # Until it has told something, it counts as one that failed.
                self._failures += 1
                self._task = asyncio.create_task(self._listen())
        elif self._alive_at is not None and now - self._alive_at > _SILENCE:
            self._task.cancel()

    async def close(self) -> None:
        """Listen no more."""
        if (task := self._task) is not None:
            task.cancel()
            await asyncio.wait([task])

    async def _listen(self) -> None:
        """Hear all that is told until it ends, whatever ends it."""
        try:
            socket = await self._connect()
            if socket is None:
                return
            async with socket:
                async for message in socket:
                    if message.type is WSMsgType.TEXT:
                        self._take(message.data)
        except ApiError:
            # The calls beside it tell what is wrong.
            pass
        finally:
            self._task = None
            self._next_try = self._clock.now() + self._wait()

    def _take(self, text: str) -> None:
        """Hear one message; what is no news of the product is passed over."""
        try:
            message = orjson.loads(text)
        except orjson.JSONDecodeError:
            return
        if (sample := streamed_sample(message)) is None:
            return
        self._alive_at = self._clock.now()
        self._failures = 0
        self._hear(sample)

    def _wait(self) -> timedelta:
        """Return how long to wait before the next try; not all wait as long."""
        doubled = _FIRST_WAIT * (1 << min(self._failures, _MOST_DOUBLINGS))
        return min(doubled, _LONGEST_WAIT) * random.uniform(0.5, 1.0)
