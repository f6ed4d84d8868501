"""A clock that only waiting moves, and servers on this machine."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from datetime import UTC, datetime, timedelta

from aiohttp import ClientSession, web
from aiohttp.test_utils import TestServer
from aiohttp.typedefs import Handler
import pytest

from custom_components.home_battery.transport.http import Http

START = datetime(2026, 6, 15, 10, 0, tzinfo=UTC)

type Serve = Callable[[Handler], Awaitable[Http]]


class FakeClock:
    """Time that passes only while somebody waits; who waits together waits once."""

    def __init__(self) -> None:
        """Begin at noon."""
        self.time = START
        self.slept: list[float] = []

    @property
    def passed(self) -> float:
        """Return the seconds since the beginning."""
        return (self.time - START).total_seconds()

    def now(self) -> datetime:
        """Return the present time."""
        return self.time

    def move(self, seconds: float) -> None:
        """Move time, back too."""
        self.time += timedelta(seconds=seconds)

    async def sleep(self, seconds: float) -> None:
        """Let time pass."""
        self.slept.append(seconds)
        until = self.time + timedelta(seconds=seconds)
        await asyncio.sleep(0)
        self.time = max(self.time, until)


@pytest.fixture
def clock() -> FakeClock:
    """Return a clock."""
    return FakeClock()


@pytest.fixture
async def session(socket_enabled: None) -> AsyncIterator[ClientSession]:
    """Return a session that may open sockets."""
    async with ClientSession() as session:
        yield session


@pytest.fixture
async def serve(session: ClientSession) -> AsyncIterator[Serve]:
    """Serve every path with one handler, and return how to reach it."""
    async with AsyncExitStack() as stack:

        async def start(handler: Handler) -> Http:
            app = web.Application()
            app.router.add_route("*", "/{path:.*}", handler)
            server = await stack.enter_async_context(TestServer(app, host="127.0.0.1"))
            return Http(session, f"{server.make_url('/')}", "tests/1.0")

        yield start
