"""Servers on this machine that mean no good."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any, Final

from aiohttp import web
from aiohttp.test_utils import TestServer
from aiohttp.typedefs import Handler

HOST: Final = "127.0.0.1"
_FIRST_BYTES: Final = 65536

type Reply = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


@dataclass
class Trap:
    """A server to which nobody shall come, and what came all the same.

    Attributes:
        port: Where it listens.
        came: The first bytes of each connection, a TLS hello too.
    """

    port: int
    came: list[bytes] = field(default_factory=list)

    @property
    def url(self) -> str:
        """Return its address."""
        return f"http://{HOST}:{self.port}"


@asynccontextmanager
async def listening() -> AsyncIterator[Trap]:
    """Take down whoever connects, and yield what was taken down."""

    async def note(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        trap.came.append(b"")
        trap.came[-1] = await reader.read(_FIRST_BYTES)
        writer.close()

    server = await asyncio.start_server(note, HOST, 0)
    trap = Trap(server.sockets[0].getsockname()[1])
    yield trap
    server.close()


@asynccontextmanager
async def serving(handler: Handler) -> AsyncIterator[str]:
    """Answer every request with one handler, and yield the address."""
    app = web.Application()
    app.router.add_route("*", "/{path:.*}", handler)
    server = TestServer(app, host=HOST)
    # The log of each access does not understand a frozen time.
    await server.start_server(access_log=None)
    yield str(server.make_url("/")).rstrip("/")
    await server.close()


@asynccontextmanager
async def replying(reply: Reply) -> AsyncIterator[str]:
    """Answer every connection with bytes, and yield the address."""

    tasks: list[asyncio.Task[Any]] = []

    async def answer(
        reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        if (task := asyncio.current_task()) is not None:
            tasks.append(task)
        try:
            await reader.readuntil(b"\r\n\r\n")
            await reply(reader, writer)
        except ConnectionError:
            pass
        finally:
            writer.close()

    server = await asyncio.start_server(answer, HOST, 0)
    yield f"http://{HOST}:{server.sockets[0].getsockname()[1]}"
    server.close()
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
