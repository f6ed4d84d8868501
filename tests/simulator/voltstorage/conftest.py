"""Fixtures: a simulation on a summer's day, and a client that has logged in."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from typing import Any

import pytest

from simulator import Simulation

from ..conftest import START
from .client import Client

type Connect = Callable[..., Awaitable[Client]]


@pytest.fixture
async def connect(socket_enabled: None) -> AsyncIterator[Connect]:
    """Start products that have a yesterday, and return a client of each simulation."""
    async with AsyncExitStack() as stack:

        async def start(*models: str, **options: Any) -> Client:
            options = {
                "start": START,
                "voltstorage": models or ("SMART",),
                "history_days": 1,
                **options,
            }
            sim = await stack.enter_async_context(Simulation(**options))
            return await stack.enter_async_context(Client(sim))

        yield start


@pytest.fixture
async def client(connect: Connect) -> Client:
    """Return a client of one product."""
    return await connect()
