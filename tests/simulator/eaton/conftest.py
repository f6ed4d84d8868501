"""Fixtures: a simulation on a summer's day, and a client that has signed in."""

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
    """Start simulations of units, and return a client of each simulation's first, signed in as customer."""
    async with AsyncExitStack() as stack:

        async def start(*models: str, **options: Any) -> Client:
            options = {"start": START, "eaton": models or ("AC",), **options}
            sim = await stack.enter_async_context(Simulation(**options))
            client = Client(sim, sim.eaton.first)
            await stack.enter_async_context(client)
            client.token = (await client.sign_in()).result["token"]
            return client

        yield start


@pytest.fixture
async def client(connect: Connect) -> Client:
    """Return a client of an AC-coupled unit with both meters."""
    return await connect()


@pytest.fixture
async def technician(client: Client) -> Client:
    """Return a technician's client of the same unit."""
    client.token = (await client.sign_in_technician()).result["token"]
    return client
