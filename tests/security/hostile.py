"""Servers on this machine that mean no good."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any, Final

from aiohttp import web
from aiohttp.test_utils import TestServer
from aiohttp.typedefs import Handler

HOST: Final = "127.0.0.1"

type Reply = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


class Trap:
    """A server to which nobody shall come, and what came all the same."""

    def __init__(self) -> None:
        """Nobody has come."""
        self.came: list[str] = []
        self.url = ""

    async def handle(self, request: web.Request) -> web.Response:
        """Note who comes."""
        self.came.append(f"{request.method} {request.path_qs} {request.headers}")
        return web.json_response({})


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
