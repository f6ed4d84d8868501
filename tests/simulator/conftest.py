"""Fixtures: a simulation on a summer's day, and a client that calls it."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from datetime import UTC, datetime
from typing import Any

import pytest

from simulator import Simulation

from .client import Client

# A Monday, 12:00 in the houses' time zone.
START = datetime(2026, 6, 15, 10, tzinfo=UTC)

type Connect = Callable[..., Awaitable[Client]]


@pytest.fixture
async def connect(socket_enabled: None) -> AsyncIterator[Connect]:
    """Start simulations, and return a client of each."""
    async with AsyncExitStack() as stack:

        async def start(*models: str, **options: Any) -> Client:
            options = {"start": START, **options}
            sim = await stack.enter_async_context(
                Simulation(models or ("KH8",), **options)
            )
            return await stack.enter_async_context(Client(sim))

        yield start


@pytest.fixture
async def client(connect: Connect) -> Client:
    """Return a client of one KH8."""
    return await connect()
