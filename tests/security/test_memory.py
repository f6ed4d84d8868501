"""However much a server sends, and however slowly, little of it is kept."""

import asyncio
from asyncio import StreamReader, StreamWriter
from collections.abc import AsyncIterator, Callable
import tracemalloc
from typing import Any

from aiohttp import ClientSession, WSMsgType, web
from freezegun.api import FrozenDateTimeFactory
import orjson
import pytest

from custom_components.home_battery.transport.errors import ApiError, TransientError
from custom_components.home_battery.transport.http import Http, Request, Response
from custom_components.home_battery.transport.limiter import Limiter
from custom_components.home_battery.vendors.foxess.client import FoxEssClient
from custom_components.home_battery.vendors.foxess.credential import PrivateToken
from custom_components.home_battery.vendors.growatt.client import GrowattClient
from tests.conftest import TickingClock

from .hostile import replying, serving

QUICK = Request(method="GET", path="/", timeout=0.3)
MEGABYTE = 1024 * 1024
HEAD = b"HTTP/1.1 200 OK\r\n"


@pytest.fixture
async def session(socket_enabled: None) -> AsyncIterator[ClientSession]:
    """Return a session that may open sockets."""
    async with ClientSession() as session:
        yield session


async def endless_headers(_: StreamReader, writer: StreamWriter) -> None:
    """Send headers without an end."""
    writer.write(HEAD)
    for number in range(100_000):
        writer.write(b"X-%d: %s\r\n" % (number, b"x" * 1000))
        await writer.drain()


async def one_long_header(_: StreamReader, writer: StreamWriter) -> None:
    """Send one header without an end."""
    writer.write(HEAD + b"X: ")
    for _number in range(100):
        writer.write(b"x" * MEGABYTE)
        await writer.drain()


async def endless_information(_: StreamReader, writer: StreamWriter) -> None:
    """Say for ever that the answer is to come."""
    for _number in range(1000):
        writer.write(b"HTTP/1.1 103 Early Hints\r\n\r\n")
        await writer.drain()
        await asyncio.sleep(0.01)


async def dripping_header(_: StreamReader, writer: StreamWriter) -> None:
    """Send a header byte by byte."""
    for _number in range(1000):
        writer.write(b"H")
        await writer.drain()
        await asyncio.sleep(0.01)


async def dripping_body(_: StreamReader, writer: StreamWriter) -> None:
    """Send a body byte by byte."""
    writer.write(HEAD + b"Content-Length: 1000\r\n\r\n")
    for _number in range(1000):
        writer.write(b" ")
        await writer.drain()
        await asyncio.sleep(0.01)


async def endless_chunks(_: StreamReader, writer: StreamWriter) -> None:
    """Send a body of chunks without an end."""
    writer.write(HEAD + b"Transfer-Encoding: chunked\r\n\r\n")
    for _number in range(100):
        writer.write(b"100000\r\n" + bytes(MEGABYTE) + b"\r\n")
        await writer.drain()


async def endless_extension(_: StreamReader, writer: StreamWriter) -> None:
    """Send the extension of a chunk without an end."""
    writer.write(HEAD + b"Transfer-Encoding: chunked\r\n\r\n1;")
    for _number in range(100):
        writer.write(b"x" * MEGABYTE)
        await writer.drain()


@pytest.mark.parametrize(
    "reply",
    [
        endless_headers,
        one_long_header,
        endless_information,
        dripping_header,
        dripping_body,
        endless_chunks,
        endless_extension,
    ],
)
async def test_without_an_end(session: ClientSession, reply: Any) -> None:
    """What has no end is left, soon and with little of it in memory."""
    async with replying(reply) as url:
        tracemalloc.start()
        try:
            async with asyncio.timeout(20):
                with pytest.raises(TransientError):
                    await Http(session, url, "tests/1.0").send(QUICK)
            _, peak = tracemalloc.get_traced_memory()
        finally:
            tracemalloc.stop()
    assert peak < 40 * MEGABYTE


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(b"[" + b"{}," * 1_100_000 + b"{}]", id="many objects"),
        pytest.param(b"[" + b"0," * 1_100_000 + b"0]", id="many numbers"),
        pytest.param(b"[" * 500 + b"]" * 500, id="deep list"),
        pytest.param(b'{"a":' * 500 + b"1" + b"}" * 500, id="deep object"),
        pytest.param(b"[" * 100_000, id="open list"),
        pytest.param(b'"\\ud800"', id="half a sign"),
    ],
)
def test_json_that_is_too_much(body: bytes) -> None:
    """What would become too large or too deep is no answer, and is not kept."""
    with pytest.raises(TransientError) as caught:
        Response(status=200, body=body).json()
    assert caught.value.__cause__ is None
    assert caught.value.__context__ is None


def test_huge_numbers_are_no_work() -> None:
    """A number of any length is one that can be computed with, or none."""
    (value,) = Response(status=200, body=b"[1" + b"0" * 200 + b"]").json()
    assert value == 1e200
    with pytest.raises(TransientError):
        Response(status=200, body=b"[" + b"9" * 100_000 + b"]").json()


async def test_message_of_a_stream(session: ClientSession) -> None:
    """A message that is too long closes the stream instead of being heard."""

    async def flood(request: web.Request) -> web.WebSocketResponse:
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        await socket.send_bytes(bytes(MEGABYTE))
        await socket.receive()
        return socket

    async with serving(flood) as url:
        http = Http(session, url, "tests/1.0")
        async with await http.socket("/stream", {}) as socket:
            message = await socket.receive()
    assert message.type is WSMsgType.ERROR


def endless(rows: list[Any]) -> dict[str, Any]:
    """Return an answer of both clouds: one more page of a list that never ends."""
    page: dict[str, Any] = {"total": 10**9, "count": 10**9, "pages": 10**9}
    page |= dict.fromkeys(("data", "plants", "devices"), rows)
    return {"errno": 0, "error_code": 0, "code": 0, "result": page, "data": page}


CLIENTS: dict[str, Callable[[Http, Limiter, TickingClock], Any]] = {
    "foxess plants": lambda http, limiter, clock: FoxEssClient(
        http, credential=PrivateToken("token"), limiter=limiter, clock=clock
    ).plants(),
    "growatt plants": lambda http, limiter, clock: GrowattClient(
        http, token="token", limiter=limiter
    ).plants(),
    "growatt devices": lambda http, limiter, clock: GrowattClient(
        http, token="token", limiter=limiter
    ).devices(),
}


@pytest.mark.parametrize("ask", CLIENTS.values(), ids=CLIENTS)
@pytest.mark.parametrize(
    ("rows", "most"), [(1, 50), (5000, 10)], ids=["many pages", "large pages"]
)
async def test_pages_without_an_end(
    session: ClientSession,
    clock: TickingClock,
    freezer: FrozenDateTimeFactory,
    ask: Any,
    rows: int,
    most: int,
) -> None:
    """A list that never ends is given up after so many pages, or so many bytes."""
    row = {"stationID": "1", "plant_id": 1, "deviceSn": "1", "name": "x" * 1000}
    answer = orjson.dumps(endless([row] * rows))
    asked = 0

    async def page(_: web.Request) -> web.Response:
        nonlocal asked
        asked += 1
        return web.Response(body=answer)

    async with serving(page) as url:
        tried = asyncio.ensure_future(
            ask(Http(session, url, "tests/1.0"), Limiter(clock), clock)
        )
        await asyncio.wait([tried])
    assert isinstance(tried.exception(), ApiError | None)
    assert asked <= most
